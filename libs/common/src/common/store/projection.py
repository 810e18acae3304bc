"""State projections of other services' aggregates: each row carries the source's `seq` and only a newer one replaces it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Generic, TypeVar

from pymongo import IndexModel, ReturnDocument, UpdateOne

from common.contracts.envelope import Event
from common.decision import S
from common.store.mongo import Document, Mongo
from common.store.together import Together

T = TypeVar("T")
Update = tuple[str, int, Document]
"""Id, `seq`, and the fields to be set."""
_POLL_SECONDS = 0.02
_GRANT_SECONDS = 1.0


class Projection(Generic[S]):
    """Rows ``{_id, seq, state}`` of one collection. Repeated and late events change nothing."""

    def __init__(self, mongo: Mongo, collection: str, state: type[S], indexes: Iterable[IndexModel] = ()) -> None:
        self._mongo = mongo
        self.collection = mongo.collection(collection)
        mongo.projections.append(collection)
        self._state = state
        self._indexes = list(indexes)
        self._row = Together(partial(mongo.by_id, self.collection))
        self._written = Together(self._write)

    async def prepare(self) -> None:
        if self._indexes:
            await self.collection.create_indexes(self._indexes)

    async def get(self, id: str) -> S | None:
        row = await self._row(id)
        return None if row is None else self._state.model_validate(row["state"])

    async def states(self, ids: Iterable[str]) -> dict[str, Document]:
        """Of those that are known, as they are stored: one that several message types make up may lack what was not heard yet."""
        wanted = sorted(set(ids))
        rows = await asyncio.gather(*map(self._row, wanted))
        return {row["_id"]: row["state"] for row in rows if row}

    async def put(self, rows: Iterable[tuple[Event, S]]) -> None:
        """Replace each row whose stored `seq` is older. Of several rows of one aggregate the newest stays."""
        await self._update([(event.aggregate, event.seq, {"state": state.model_dump()}) for event, state in rows])

    async def put_one(self, event: Event, state: S) -> S:
        """As `put`; the state that is known now."""
        newer = _if_newer(event.seq, {"state": state.model_dump()})
        async with self._mongo.slot:
            row = await self.collection.find_one_and_update(
                {"_id": event.aggregate}, newer, upsert=True, return_document=ReturnDocument.AFTER
            )
        assert row is not None, "an upsert leaves a row"
        return self._state.model_validate(row["state"])

    async def merge(self, rows: Iterable[tuple[Event, Document]]) -> None:
        """Set only these fields of the state, for a state that several message types make up together."""
        await self._update([(e.aggregate, e.seq, {f"state.{name}": value for name, value in fields.items()}) for e, fields in rows])

    async def _update(self, rows: Sequence[Update]) -> None:
        if rows:
            await self._written(rows)

    async def _write(self, many: Sequence[Sequence[Update]]) -> Sequence[None]:
        operations = [UpdateOne({"_id": id}, _if_newer(seq, fields), upsert=True) for rows in many for id, seq, fields in rows]
        async with self._mongo.slot:
            await self.collection.bulk_write(operations, ordered=True)
        return [None] * len(many)


def _if_newer(seq: int, fields: Document) -> list[Document]:
    newer = {"$gt": [seq, {"$ifNull": ["$seq", 0]}]}
    values = {**{name: {"$literal": value} for name, value in fields.items()}, "seq": seq}
    return [{"$set": {name: {"$cond": [newer, value, f"${name}"]} for name, value in values.items()}}]


async def wait_for(probe: Callable[[], Awaitable[T]]) -> T:
    """What `probe` finds, asked again for up to a second while it finds nothing: a grant may be a moment behind its command."""
    deadline = time.monotonic() + _GRANT_SECONDS
    while True:
        found = await probe()
        if found or time.monotonic() > deadline:
            return found
        await asyncio.sleep(_POLL_SECONDS)
