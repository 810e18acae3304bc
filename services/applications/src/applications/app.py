"""The applications service: its table of contents."""

from common.clock import Clock
from common.contracts.words import Role
from common.decision import Actor
from common.messaging.consumer import facts
from common.service import Job, Service
from common.settings import Settings, from_environment
from common.store.mongo import Mongo
from common.store.reference import ReferenceData

from applications import checks
from applications.api import files, intern, office, officer, questions, unit
from applications.handlers import attention, closing, deadlines
from applications.repository import Applications
from applications.subscribers import ApplicationSubscriber

_SWEEP_SECONDS = 1.0


def build(settings: Settings | None = None) -> Service:
    settings = settings or from_environment(Settings)
    mongo = Mongo(settings.mongo, settings.database("applications"))
    clock = Clock(settings.clock_file)
    data = ReferenceData(mongo)
    applications = Applications.on(mongo, data, clock, settings.request_seconds)

    async def region_of(actor: Actor) -> str | None:
        if actor.role is Role.INTERN:
            candidacy = await applications.candidacies.get(actor.id)
            return candidacy.intent.form.residence_region if candidacy and candidacy.intent else None
        unit = await applications.units.get(actor.unit_id) if actor.unit_id else None
        return unit.region if unit else None

    return Service(
        name="applications",
        settings=settings,
        mongo=mongo,
        clock=clock,
        deps=applications,
        routers=[files.router, intern.router, questions.router, unit.router, office.router, officer.router],
        stores=[applications.candidacies, applications.seats, applications.notes],
        collections=[applications.people, applications.postings, applications.units, applications.relations, data],
        subscriptions=[facts("applications", ApplicationSubscriber(applications).effects(), data.effects())],
        region_of=region_of,
        checks=checks.of(applications),
        jobs=[
            Job("deadlines", _SWEEP_SECONDS, lambda: deadlines.sweep(applications)),
            Job("attention", _SWEEP_SECONDS, lambda: attention.sweep(applications)),
            Job("closing", _SWEEP_SECONDS, lambda: closing.sweep(applications)),
        ],
    )
