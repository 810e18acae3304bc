"""The messages on their way and what became of them: the queue and the log of deliveries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo
from common.store.together import Together
from pymongo import IndexModel, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from accounts.notices.domain.delivery import Delivery, DeliveryStatus

_DUPLICATE = 11_000
_NEWEST = Keyset("queued_at", newest_first=True)
_QUEUED: Document = {"status": DeliveryStatus.QUEUED.value}
_INDEXES = (
    IndexModel([("next_at", 1)], name="queue", partialFilterExpression=_QUEUED),
    IndexModel([("notice_id", 1), ("queued_at", -1), ("_id", -1)], name="notice"),
    IndexModel([("status", 1), ("queued_at", -1), ("_id", -1)], name="log"),
)


class Outbox:
    """Deliveries, each taken by one replica at a time."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self.collection = mongo.collection("deliveries")
        self._noted = Together(self._note)

    async def prepare(self) -> None:
        await self.collection.create_indexes(list(_INDEXES))

    async def add(self, deliveries: Iterable[Delivery]) -> None:
        """Those that are not there yet."""
        await insert_new(self._mongo, self.collection, [to_row(delivery.model_dump()) for delivery in deliveries])

    async def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of what is to go out now, the longest due first."""
        async with self._mongo.slot:
            rows = await self.collection.find({**_QUEUED, "next_at": {"$lte": now}}, {"_id": 1}).sort("next_at").limit(limit).to_list()
        return [row["_id"] for row in rows]

    async def take(self, id: str, now: datetime, until: datetime) -> Delivery | None:
        """The delivery, this caller's alone until then; None when another has it, or it is done."""
        async with self._mongo.slot:
            row = await self.collection.find_one_and_update(
                {"_id": id, **_QUEUED, "next_at": {"$lte": now}}, {"$set": {"next_at": until}, "$inc": {"attempts": 1}}
            )
        return Delivery.model_validate(from_row({**row, "next_at": until, "attempts": row["attempts"] + 1})) if row else None

    async def note(self, delivery: Delivery, **changes: Any) -> None:
        """What became of a delivery taken, as long as nobody else has taken it since."""
        taken = {"_id": delivery.id, **_QUEUED, "next_at": delivery.next_at}
        await self._noted(UpdateOne(taken, {"$set": changes}))

    async def _note(self, changes: Sequence[UpdateOne]) -> Sequence[None]:
        async with self._mongo.slot:
            await self.collection.bulk_write(changes, ordered=False)
        return [None] * len(changes)

    async def log(self, query: Document, after: str | None, limit: int) -> tuple[list[Delivery], str | None]:
        """Deliveries by `notice_id` or `status`, newest first, and the cursor of the next page."""
        hint = "notice" if "notice_id" in query else "log"
        rows, following = await _NEWEST.page(self._mongo, self.collection, query, after, limit, hint=hint)
        return [Delivery.model_validate(from_row(row)) for row in rows], following


async def insert_new(mongo: Mongo, collection: AsyncCollection[Document], rows: Sequence[Document]) -> None:
    """Insert what is not there yet; what is there stays as it is."""
    if not rows:
        return
    try:
        async with mongo.slot:
            await collection.insert_many(rows, ordered=False)
    except BulkWriteError as error:
        if any(failed["code"] != _DUPLICATE for failed in error.details["writeErrors"]):
            raise


def to_row(value: Document) -> Document:
    return {"_id": value.pop("id"), **value}


def from_row(row: Document) -> Document:
    return {"id": row["_id"], **{name: value for name, value in row.items() if name != "_id"}}
