"""Where seats are kept: one document per published posting (R8)."""

from datetime import datetime

from common.contracts.topics import SEATS
from common.store.aggregate import Store
from common.store.mongo import Mongo
from pymongo import IndexModel

from applications.domain.seats import Seats

_CLOSING = "state.closing_at"
_CLOSED = IndexModel([("state.drained", 1), (_CLOSING, 1)], name="closing", partialFilterExpression={_CLOSING: {"$type": "date"}})


class SeatsStore(Store[Seats]):
    """One document per published posting."""

    def __init__(self, mongo: Mongo, limit_seconds: float) -> None:
        super().__init__(mongo, "seats", Seats, SEATS, indexes=[_CLOSED], limit_seconds=limit_seconds)

    async def closing(self, since: datetime) -> dict[str, bool]:
        """Whether it is drained, by id: the postings that still drain, and those that began to close since an instant."""
        began = {"$type": "date"}
        wanted = [{"state.drained": False, _CLOSING: began}, {"state.drained": True, _CLOSING: {**began, "$gte": since}}]
        async with self.mongo.slot:
            found = self.collection.find({"$or": wanted}, {"state.drained": 1})
            return {row["_id"]: row["state"]["drained"] async for row in found}
