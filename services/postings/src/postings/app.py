"""The postings service: its table of contents."""

from common.clock import Clock
from common.decision import Actor
from common.messaging.consumer import facts
from common.service import Job, Service
from common.settings import Settings, from_environment
from common.store.mongo import Mongo
from common.store.reference import ReferenceData

from postings import checks, handlers
from postings.announcements import api as announcements
from postings.api import office, public, unit
from postings.repository import Postings
from postings.subscribers import PostingSubscriber

_SWEEP_SECONDS = 5.0


def build(settings: Settings | None = None) -> Service:
    settings = settings or from_environment(Settings)
    mongo = Mongo(settings.mongo, settings.database("postings"))
    clock = Clock(settings.clock_file)
    reference = ReferenceData(mongo)
    postings = Postings.on(mongo, reference, clock, settings.request_seconds)

    async def region_of(actor: Actor) -> str | None:
        unit = await postings.units.get(actor.unit_id) if actor.unit_id else None
        return unit.region if unit else None

    return Service(
        name="postings",
        settings=settings,
        mongo=mongo,
        clock=clock,
        deps=postings,
        routers=[public.router, unit.router, office.router, announcements.router],
        stores=[postings.store, postings.announcements.store, postings.notes],
        collections=[postings.units, postings.seats, reference],
        subscriptions=[facts("postings", PostingSubscriber(postings).effects(), reference.effects())],
        region_of=region_of,
        checks=checks.of(postings),
        jobs=[Job("follow_units", _SWEEP_SECONDS, lambda: handlers.follow_units(postings))],
    )
