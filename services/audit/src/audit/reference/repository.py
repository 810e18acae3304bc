"""The items are kept as aggregates; reading them needs no projection, since this is their owner. So are proposals to change them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from common.clock import Clock
from common.contracts.topics import REFERENCE
from common.reference import ReferenceItem
from common.store.aggregate import Store
from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo
from common.store.reference import ReferenceData
from pymongo import IndexModel

from audit.reference.domain.dry_run import OpenCase
from audit.reference.domain.proposal import Proposal, ProposalStatus

OpenCases = Callable[[tuple[str, ...]], Awaitable[list[OpenCase]]]
"""The undecided cases of any of these regions and what they contain: `audit.cases` answers it."""
_NEWEST = Keyset("state.proposed_at", newest_first=True)
_ORDER = [("state.proposed_at", -1), ("_id", -1)]
_INDEXES = (IndexModel(_ORDER, name="newest"), IndexModel([("state.status", 1), *_ORDER], name="status"))


@dataclass(frozen=True)
class ReferenceItems:
    """The parts of `audit.reference`. `data` reads the very rows that `store` writes (same collection, same `seq` and `state`)."""

    store: Store[ReferenceItem]
    proposals: Store[Proposal]
    data: ReferenceData
    open_cases: OpenCases
    clock: Clock

    @classmethod
    def on(cls, mongo: Mongo, data: ReferenceData, open_cases: OpenCases, clock: Clock, limit_seconds: float) -> "ReferenceItems":
        store = Store(mongo, "reference_items", ReferenceItem, REFERENCE, limit_seconds=limit_seconds)
        proposals = Store(mongo, "proposals", Proposal, REFERENCE, indexes=_INDEXES, limit_seconds=limit_seconds)
        return cls(store, proposals, data, open_cases, clock)

    async def ids(self) -> set[str]:
        async with self.store.mongo.slot:
            return {row["_id"] async for row in self.store.collection.find({}, {"_id": 1})}

    async def proposed(self, status: ProposalStatus | None, after: str | None, limit: int) -> tuple[list[Proposal], str | None]:
        """A page of proposals, the newest first."""
        query: Document = {"state.status": status} if status else {}
        rows, following = await _NEWEST.page(
            self.store.mongo, self.proposals.collection, query, after, limit, projection={"state": 1}
        )  # fmt: skip
        return [Proposal.model_validate(row["state"]) for row in rows], following

    async def history(self, id: str) -> list[Document]:
        """The lines of an item's history, oldest first; none for one that is not there."""
        async with self.store.mongo.slot:
            row = await self.store.collection.find_one({"_id": id}, {"history": 1})
        entries: list[Document] = row["history"] if row else []
        return entries
