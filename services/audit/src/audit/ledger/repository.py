"""The ledger's collections: rows, heads of chains, alarms.

Appending is safe under redelivery and when two consumers briefly own one partition: a row's id is its place in its chain,
so of two writers one inserts it and the other reads the new end and goes on; nothing is appended twice, since an offset
below the end and an event already present are passed over.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from common.clock import Clock
from common.contracts.topics import Topic
from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo
from pymongo import IndexModel, UpdateOne
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from audit.ledger.chain import Head, Row

ALARMS = "alarms"
_DUPLICATE_KEY = 11000


class Overtaken(Exception):
    """Another consumer has appended to one of these chains since they were read."""


@dataclass(frozen=True)
class Ledger:
    """The parts of `audit.ledger`. `topics` finds a topic of the registry by the name it has on this stack."""

    mongo: Mongo
    clock: Clock
    topics: Mapping[str, Topic]

    async def prepare(self) -> None:
        once = IndexModel([("event", 1), ("topic", 1)], name="once", unique=True)
        await self.mongo.collection("ledger").create_indexes([once, IndexModel([("subject", 1), ("_id", 1)], name="subject")])

    async def heads(self, chains: Sequence[str]) -> dict[str, Head]:
        """The true end of each chain: the head kept apart, and the rows that a crash left beyond it. Only what a majority has."""
        durable = ReadConcern("majority")
        kept = self.mongo.collection("ledger_heads").with_options(read_concern=durable)
        async with self.mongo.slot:
            heads = {row["_id"]: _head(row) async for row in kept.find({"_id": {"$in": chains}})}
            beyond = [{"_id": {"$gt": f"{c}:{heads.get(c, Head()).n:012d}", "$lt": f"{c};"}} for c in chains]
            rows = self.mongo.collection("ledger").with_options(read_concern=durable)
            async for row in rows.find({"$or": beyond}, {"chain": 1, "n": 1, "hash": 1, "offset": 1}).sort("_id", 1):
                heads[row["chain"]] = _head(row)
        return heads

    async def present(self, topics: set[str], events: set[str]) -> dict[tuple[str, str], str]:
        """Which of these events the ledger has, as (topic, event), and with which digest."""
        async with self.mongo.slot:
            found = self.mongo.collection("ledger").find(
                {"event": {"$in": list(events)}, "topic": {"$in": list(topics)}}, {"_id": 0, "topic": 1, "event": 1, "digest": 1}
            )
            return {(row["topic"], row["event"]): row["digest"] async for row in found}

    async def append(self, rows: Sequence[Row]) -> None:
        """All rows in order up to the first whose place is taken; then `Overtaken`."""
        if not rows:
            return
        try:
            async with self.mongo.slot:
                await self.mongo.collection("ledger").insert_many(rows, ordered=True)
        except BulkWriteError as error:
            if any(e["code"] != _DUPLICATE_KEY for e in error.details["writeErrors"]):
                raise
            raise Overtaken from error

    async def advance(self, heads: Mapping[str, Head]) -> None:
        """Keep the new heads apart from their chains; an older one never replaces a newer."""
        if heads:
            operations = [
                UpdateOne({"_id": chain}, [{"$set": _if_further(head)}], upsert=True) for chain, head in heads.items()
            ]  # fmt: skip
            async with self.mongo.slot:
                await self.mongo.collection("ledger_heads").bulk_write(operations, ordered=False)

    async def raise_alarms(self, kind: str, about: Mapping[str, tuple[str, str]]) -> None:
        """`about`: alarm id to (topic, event). A `gap` is an event whose successor is here and which is not, a `conflict` a second
        content under one id.
        """
        now = self.clock.now()
        operations = [
            UpdateOne(
                {"_id": id}, {"$setOnInsert": {"kind": kind, "topic": topic, "event": event, "at": now, "cleared_at": None}}, upsert=True
            )
            for id, (topic, event) in about.items()
        ]
        if operations:
            async with self.mongo.slot:
                await self.mongo.collection(ALARMS).bulk_write(operations, ordered=False)

    async def clear_alarms(self, ids: Sequence[str]) -> None:
        async with self.mongo.slot:
            await self.mongo.collection(ALARMS).update_many(
                {"_id": {"$in": ids}, "cleared_at": None}, {"$set": {"cleared_at": self.clock.now()}}
            )

    async def checked_heads(self, chains: Collection[str] | None = None) -> dict[str, Head]:
        """Every head kept, or those of these chains, for a verification that begins now."""
        query: Document = {} if chains is None else {"_id": {"$in": list(chains)}}
        rows = self.mongo.collection("ledger_heads").with_options(read_concern=ReadConcern("majority")).find(query)
        return {row["_id"]: _head(row) async for row in rows}

    async def stream(self, chains: Collection[str] | None = None) -> AsyncIterator[Row]:
        """Every row, or those of these chains, chain by chain, in order."""
        rows = self.mongo.collection("ledger").with_options(read_concern=ReadConcern("majority"))
        query: Document = {} if chains is None else {"$or": [{"_id": {"$gt": f"{chain}:", "$lt": f"{chain};"}} for chain in chains]}
        async for row in rows.find(query).sort("_id", 1).batch_size(1000):
            yield row

    async def page(self, subject: str | None, after: str | None, limit: int) -> tuple[list[Row], str | None]:
        """Rows in the order of the chains, and the cursor of the next page."""
        return await Keyset().page(self.mongo, self.mongo.collection("ledger"), {"subject": subject} if subject else {}, after, limit)

    async def open_alarms(self, kind: str) -> list[str]:
        """The first hundred of a kind, as kind:topic/event."""
        async with self.mongo.slot:
            rows = self.mongo.collection(ALARMS).find({"kind": kind, "cleared_at": None}, {"_id": 1}).sort("_id", 1).limit(100)
            return [row["_id"] async for row in rows]


def _head(row: Document) -> Head:
    return Head(row["n"], row["hash"], row["offset"])


def _if_further(head: Head) -> Document:
    further = {"$gt": [head.n, {"$ifNull": ["$n", 0]}]}
    return {name: {"$cond": [further, {"$literal": value}, f"${name}"]} for name, value in asdict(head).items()}
