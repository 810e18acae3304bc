"""The checks of this database (R27): candidacies on their own, and candidacies and seats against one another in one snapshot."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from common.checks.find import Check, Rows, readable
from common.contracts.words import Status
from common.invariant import Breach
from common.reference import Reference
from common.store.mongo import Document
from pymongo.asynchronous.client_session import AsyncClientSession

from applications.domain import invariants
from applications.domain.candidacy import Candidacy
from applications.domain.seats import Seats
from applications.repository import Applications

_LIST = "state.applications"


class Beside(NamedTuple):
    """At which posting each application holds a seat; the postings where somebody waits; what postings say of their headcount."""

    holding: dict[str, str]
    waiting: set[str]
    headcounts: dict[str, int]


def of(applications: Applications) -> Sequence[Check]:
    mongo, candidacies, seats = applications.seats.mongo, applications.candidacies.collection, applications.seats.collection

    def of_candidacy(document: Document, reference: Reference) -> Iterable[Breach]:
        return invariants.of_candidacy(Candidacy.model_validate(document["state"]), document["history"], reference)

    async def reference(_: AsyncClientSession, __: list[Document]) -> Reference:
        return await applications.data.current()

    async def holders(session: AsyncClientSession, documents: list[Document]) -> dict[str, set[str]]:
        ids = {one["posting_id"] for document in documents for one in document["state"]["applications"]}
        found = seats.find({"_id": {"$in": sorted(ids)}}, {"state.holders": 1}, session=session)
        return {row["_id"]: set(row["state"]["holders"]) async for row in found}

    async def holding(session: AsyncClientSession, documents: list[Document]) -> Beside:
        held = [holder for document in documents for holder in document["state"]["holders"]]
        found = await candidacies.find({f"{_LIST}.id": {"$in": held}}, {"state": 1}, session=session).hint("application").to_list()
        at = {
            application.id: application.posting_id
            for _, candidacy in readable(Candidacy, found)
            for application in candidacy.applications
            if application.holds_seat
        }
        drained = [document["_id"] for document in documents if document["state"]["drained"]]
        return Beside(at, await waiting(session, drained), await headcounts(session, [document["_id"] for document in documents]))

    async def headcounts(session: AsyncClientSession, ids: list[str]) -> dict[str, int]:
        found = applications.postings.collection.find({"_id": {"$in": ids}}, {"state.headcount": 1}, session=session)
        return {row["_id"]: row["state"]["headcount"] async for row in found}

    async def waiting(session: AsyncClientSession, drained: list[str]) -> set[str]:
        there: Document = {"posting_id": {"$in": drained}, "status": Status.PENDING.value}
        found = candidacies.find({_LIST: {"$elemMatch": there}}, {_LIST: 1}, session=session).hint("posting")
        pending: dict[str, set[str]] = defaultdict(set)
        async for row in found:
            for one in row["state"]["applications"]:
                pending[one["status"]].add(one["posting_id"])
        return pending[Status.PENDING]

    def of_seats(row: Document, beside: Beside) -> Iterable[Breach]:
        seats = Seats.model_validate(row["state"])
        return invariants.of_seats(seats, beside.holding, beside.waiting, beside.headcounts.get(seats.posting_id))

    return (
        Rows(mongo, candidacies.name, of_candidacy, reference),
        Rows(mongo, candidacies.name, lambda row, held: invariants.of_holders(Candidacy.model_validate(row["state"]), held), holders),
        Rows(mongo, seats.name, of_seats, holding),
    )
