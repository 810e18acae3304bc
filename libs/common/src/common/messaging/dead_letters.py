"""Records that cannot be handled: kept whole, with the reason and where they came from, for an operator to judge."""

from collections.abc import Iterator
from datetime import datetime

from aiokafka import ConsumerRecord
from pymongo import IndexModel, UpdateOne

from common.checks.find import Rows, each
from common.invariant import Breach, invariant
from common.store.mongo import Document, Mongo

RECORDS_HANDLED = invariant("records_handled", "没有等待运维人员处理的死信；见 ./jianxi events dead", rule="R20")

COLLECTION = "dead_letters"
LIMIT = 100
_OPEN = {"resolved": None}


class DeadLettersFull(Exception):
    """So many wait for an operator that the fault is more likely in this build than in the records."""


class DeadLetters:
    """The dead letters of one database; a record is kept once for each group however often it is read.

    `resolved` ({how, at, by, reason}) is null until an operator has sent the record again or discarded it. A group with `limit`
    open ones gets no more.
    """

    def __init__(self, mongo: Mongo, limit: int = LIMIT) -> None:
        self._mongo = mongo
        self._limit = limit
        self._collection = mongo.collection(COLLECTION)

    def check(self) -> Rows[None]:
        """Finds every open one (R27)."""
        return each(self._mongo, COLLECTION, _breaches)

    async def prepare(self) -> None:
        await self._collection.create_indexes([IndexModel([("resolved", 1), ("group", 1), ("_id", 1)], name="open")])

    async def put(self, group: str, refused: list[tuple[ConsumerRecord, str]]) -> None:
        """Keep those that are not kept yet, up to the limit. Raises `DeadLettersFull` when some did not fit."""
        letters = {_id(group, record): _letter(group, record, reason) for record, reason in refused}
        async with self._mongo.slot:
            kept = {row["_id"] async for row in self._collection.find({"_id": {"$in": list(letters)}}, {"_id": 1})}
        fresh = [UpdateOne({"_id": id}, {"$setOnInsert": letter}, upsert=True) for id, letter in letters.items() if id not in kept]
        room = max(self._limit - await self.count(group), 0) if fresh else 0
        if fresh[:room]:
            async with self._mongo.slot:
                await self._collection.bulk_write(fresh[:room], ordered=False)
        if len(fresh) > room:
            raise DeadLettersFull(group)

    async def count(self, group: str) -> int:
        """How many of a group are open."""
        async with self._mongo.slot:
            return await self._collection.count_documents({**_OPEN, "group": group})

    async def list(self, group: str | None = None, *, resolved: bool = False) -> list[Document]:
        """By id, without what the records hold; with `resolved` the others too."""
        wanted = {**({} if resolved else _OPEN), **({"group": group} if group else {})}
        async with self._mongo.slot:
            return await self._collection.find(wanted, {"value": 0, "headers": 0}).sort("_id").to_list()

    async def get(self, id: str) -> Document | None:
        async with self._mongo.slot:
            return await self._collection.find_one({"_id": id})

    async def resolve(self, id: str, how: str, by: str, reason: str, at: datetime) -> bool:
        """False when it is resolved already."""
        async with self._mongo.slot:
            resolved = {"how": how, "at": at, "by": by, "reason": reason}
            result = await self._collection.update_one({"_id": id, **_OPEN}, {"$set": {"resolved": resolved}})
        return result.modified_count == 1


def _breaches(letter: Document) -> Iterator[Breach]:
    """It is looked at with `./jianxi events dead show` and its id."""
    if letter["resolved"] is None:
        yield RECORDS_HANDLED(group=letter["group"], reason=letter["reason"])


def _id(group: str, record: ConsumerRecord) -> str:
    return f"{group}/{record.topic}/{record.partition}/{record.offset}"


def _letter(group: str, record: ConsumerRecord, reason: str) -> Document:
    return {
        "group": group,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp_ms": record.timestamp,
        "reason": reason,
        "key": record.key,
        "value": record.value,
        "headers": [[name, value] for name, value in record.headers],
        "resolved": None,
    }
