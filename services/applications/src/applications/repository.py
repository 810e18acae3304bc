"""What handlers take as their first argument: candidacies, seats, files, and the facts that other services own."""

from dataclasses import dataclass
from datetime import timedelta

from common.clock import Clock
from common.reference import Reference
from common.refusals import UNAVAILABLE
from common.store.documents import Documents
from common.store.mongo import Mongo
from common.store.projection import Projection
from common.store.reference import ReferenceData
from common.store.security_notes import SecurityNotes
from common.values import Value

from applications.candidacies import CandidacyStore
from applications.domain.facts import PersonFacts, PostingFacts, UnitFacts
from applications.seat_store import SeatsStore


class PostingState(PostingFacts):
    """A posting as last heard."""

    headcount: int


class OfficerRelations(Value):
    """The units that an officer is related to (R14)."""

    unit_ids: tuple[str, ...]


@dataclass(frozen=True)
class Applications:
    """The parts of the service. `command_limit`: so long after it was built, a command is written or never will be (`Store.execute`)."""

    candidacies: CandidacyStore
    seats: SeatsStore
    people: Projection[PersonFacts]
    postings: Projection[PostingState]
    units: Projection[UnitFacts]
    relations: Projection[OfficerRelations]
    documents: Documents
    notes: SecurityNotes
    data: ReferenceData
    clock: Clock
    command_limit: timedelta

    @classmethod
    def on(cls, mongo: Mongo, data: ReferenceData, clock: Clock, limit_seconds: float) -> "Applications":
        seats = SeatsStore(mongo, limit_seconds)
        return cls(
            candidacies=CandidacyStore(mongo, seats, limit_seconds),
            seats=seats,
            people=Projection(mongo, "people", PersonFacts),
            postings=Projection(mongo, "postings", PostingState),
            units=Projection(mongo, "units", UnitFacts),
            relations=Projection(mongo, "relations", OfficerRelations),
            documents=Documents(mongo),
            notes=SecurityNotes(mongo, clock, limit_seconds=limit_seconds),
            data=data,
            clock=clock,
            command_limit=timedelta(seconds=limit_seconds),
        )

    async def reference(self) -> Reference:
        """The reference data. Refuses with `unavailable` until a new service has heard it: no rule may work without its numbers."""
        reference = await self.data.current()
        if not reference.choices:
            raise UNAVAILABLE()
        return reference
