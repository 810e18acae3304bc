"""Histories as rows that only grow: a step is set under its own number, so once or often, early or late, is the same row.

They stand in generations: a replay fills a new one while the old one answers, and one small document says which is live.
"""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.clock import Clock
from common.regions import ancestors
from common.store.mongo import Document, Mongo
from common.store.projection import Projection
from common.store.reference import ReferenceData
from common.store.security_notes import SecurityNotes
from pymongo import IndexModel, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection

from analytics.domain.history import ApplicationHistory, CaseHistory, Posting, Seats

_BY_PLACE = IndexModel([("places", 1), ("_id", 1)], name="places")
_POSTINGS_BY_PLACE = IndexModel([("state.places", 1), ("_id", 1)], name="places")
_LIVE = "live"
LOOK_SECONDS = 1.0
"""After a switch every process works on the new generation at the latest so much later."""


class PostingRow(Posting):
    places: tuple[str, ...]


class Histories:
    """One generation. `applications` and `cases` are rows {_id, places, facts, steps, corrections}."""

    def __init__(self, mongo: Mongo, generation: int) -> None:
        self.generation = generation
        self._mongo = mongo
        self.applications = mongo.collection(f"applications.{generation}")
        self.cases = mongo.collection(f"cases.{generation}")
        self.postings = Projection(mongo, f"postings.{generation}", PostingRow, [_POSTINGS_BY_PLACE])
        self.seats = Projection(mongo, f"seats.{generation}", Seats)

    @property
    def collections(self) -> tuple[AsyncCollection[Document], ...]:
        return (self.applications, self.cases, self.postings.collection, self.seats.collection)

    async def prepare(self) -> None:
        for collection in (self.applications, self.cases):
            await collection.create_indexes([_BY_PLACE])
        await self.postings.prepare()

    async def grow(self, collection: AsyncCollection[Document], rows: Sequence[tuple[str, Document]]) -> None:
        """Each row with its update, made where it is missing. The order does not matter."""
        operations = [UpdateOne({"_id": id}, update, upsert=True) for id, update in rows]
        if operations:
            async with self._mongo.slot:
                await collection.bulk_write(operations, ordered=False)

    async def applications_in(self, region: str) -> AsyncIterator[ApplicationHistory]:
        """All of a region and what lies in it, in order of their ids."""
        async for row in self.applications.find({"places": region}).sort("_id"):
            parts = {name: tuple(row.get(name, {}).values()) for name in ("steps", "corrections")}
            yield ApplicationHistory.model_validate({"id": row["_id"], **row["facts"], **parts})

    async def cases_in(self, region: str) -> AsyncIterator[CaseHistory]:
        """Also those that belonged there once."""
        async for row in self.cases.find({"places": region}).sort("_id"):
            yield CaseHistory.model_validate({"id": row["_id"], **row["facts"], "steps": tuple(row["steps"].values())})

    async def published_in(self, region: str) -> AsyncIterator[tuple[Posting, Seats]]:
        """Postings that take applications now, with their seats."""
        async for row in self.postings.collection.find({"state.places": region, "state.published": True}).sort("_id"):
            posting = PostingRow.model_validate(row["state"])
            yield posting, await self.seats.get(row["_id"]) or Seats(headcount=posting.headcount, taken=0)


@dataclass
class Analytics:
    """The parts of analytics."""

    mongo: Mongo
    reference: ReferenceData
    notes: SecurityNotes
    clock: Clock
    _known: Histories | None = field(default=None, init=False)
    _looked: float = field(default=0.0, init=False)

    @classmethod
    def on(cls, mongo: Mongo, clock: Clock, limit_seconds: float) -> "Analytics":
        return cls(mongo, ReferenceData(mongo), SecurityNotes(mongo, clock, limit_seconds=limit_seconds), clock)

    async def prepare(self) -> None:
        await (await self.live()).prepare()

    async def live(self) -> Histories:
        """The generation that answers and takes in events."""
        if self._known is None or time.monotonic() - self._looked > LOOK_SECONDS:
            async with self.mongo.slot:
                row = await self.mongo.collection("generations").find_one({"_id": _LIVE})
            generation = row["generation"] if row else 1
            if self._known is None or self._known.generation != generation:
                self._known = Histories(self.mongo, generation)
            self._looked = time.monotonic()
        return self._known

    async def switch(self, fresh: Histories) -> None:
        """From now on that generation is live."""
        async with self.mongo.slot:
            await self.mongo.collection("generations").update_one({"_id": _LIVE}, {"$set": {"generation": fresh.generation}}, upsert=True)


def setting(**fields: Any) -> Document:
    """Facts never change and a step stands under its own number, so every event may set them again."""
    return {"$set": fields}


def found_in(region: str) -> Document:
    return {"$addToSet": {"places": {"$each": list(ancestors(region))}}}
