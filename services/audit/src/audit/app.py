"""The audit service: its table of contents. The packages do not know one another; they meet here."""

from dataclasses import dataclass

from common.clock import Clock
from common.contracts.topics import TOPICS
from common.decision import Actor
from common.messaging.consumer import facts
from common.service import Job, Service
from common.settings import Settings, from_environment
from common.store.mongo import Mongo
from common.store.reference import ReferenceData

from audit import checks
from audit.cases.api import case as case_api
from audit.cases.api import queue as queue_api
from audit.cases.handlers import case as cases_handlers
from audit.cases.repository import Cases
from audit.cases.subscribers import CaseSubscriber
from audit.ledger import api as ledger_api
from audit.ledger.repository import Ledger
from audit.ledger.subscribers import LedgerSubscriber
from audit.reference import handlers as reference_handlers
from audit.reference.api import proposals, public
from audit.reference.domain.dry_run import OpenCase
from audit.reference.repository import ReferenceItems
from audit.reference.subscribers import ReferenceSubscriber

_SEED_SECONDS = 60.0
_SWEEP_SECONDS = 2.0


@dataclass(frozen=True)
class Deps:
    """The parts of each package, found by its routes under its name."""

    cases: Cases
    reference: ReferenceItems
    ledger: Ledger


def build(settings: Settings | None = None) -> Service:
    settings = settings or from_environment(Settings)
    mongo = Mongo(settings.mongo, settings.database("audit"))
    clock = Clock(settings.clock_file)
    data = ReferenceData(mongo)
    cases = Cases.on(mongo, data, clock, settings.request_seconds)

    async def open_cases(places: tuple[str, ...]) -> list[OpenCase]:
        fields = set(OpenCase.model_fields)
        return [OpenCase.model_validate(case.model_dump(include=fields)) for case in await cases.undecided(places)]

    async def region_of(actor: Actor) -> str | None:
        unit = await cases.units.get(actor.unit_id) if actor.unit_id else None
        return unit.region if unit else None

    reference = ReferenceItems.on(mongo, data, open_cases, clock, settings.request_seconds)
    ledger = Ledger(mongo, clock, {settings.topic(name): topic for name, topic in TOPICS.items()})
    return Service(
        name="audit",
        settings=settings,
        mongo=mongo,
        clock=clock,
        deps=Deps(cases, reference, ledger),
        routers=[queue_api.router, case_api.router, proposals.router, public.router, ledger_api.router],
        stores=[cases.store, cases.relations, cases.notes, reference.store, reference.proposals],
        collections=[cases.standings, cases.units, cases.checks, data, ledger],
        subscriptions=[
            facts("audit", CaseSubscriber(cases).effects(), ReferenceSubscriber(reference).effects()),
            LedgerSubscriber(ledger).subscription(),
        ],
        region_of=region_of,
        checks=checks.of(cases, reference, ledger),
        jobs=[
            Job("seed_reference", _SEED_SECONDS, lambda: reference_handlers.seed(reference)),
            Job("follow_regions", _SEED_SECONDS, lambda: cases_handlers.follow_regions(cases)),
            Job("end_supplement_terms", _SWEEP_SECONDS, lambda: cases_handlers.expire_supplements(cases)),
        ],
    )
