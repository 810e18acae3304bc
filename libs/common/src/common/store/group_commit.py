"""Group commit: all conditional writes that wait at one moment travel as one unordered bulk write.

One batch is in flight, there is no waiting window, and a batch holds at most one write per document. Each caller learns
its own outcome: all matched means all won; otherwise one read says who won, by the random attempt id that every write
leaves in the history it appends. A connection lost on the way means the outcome is unknown: the identical conditional
writes are issued again, which is harmless.

A write has landed at its deadline, or never will: each issue has a quarter of the time limit, for us and, as maxTimeMS, for
the server; a write with less time left, or whose caller is gone, is not issued.
"""

import asyncio
import contextvars
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import pymongo
from pymongo import InsertOne, UpdateOne
from pymongo.errors import AutoReconnect, BulkWriteError

from common.store.mongo import OUTCOME_UNKNOWN, Document, Mongo

_DUPLICATE_KEY = 11000
_TIME_OVER = 50
_RETRY_SECONDS = 0.05


class OutcomeUnknown(Exception):
    """Nobody can say yet whether the write happened; the caller answers 503 and the same command may come again."""


class UniqueViolation(Exception):
    """Another document holds this unique value; `index` is the name of the unique index."""

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


@dataclass
class Write:
    """One conditional write of one document; `outcome` becomes True (won), False (lost the race) or an exception.

    `deadline` is in monotonic seconds.
    """

    id: str
    attempt: str
    operation: UpdateOne | InsertOne[Document]
    deadline: float
    outcome: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class GroupCommit:
    """The writer of one collection in one process."""

    def __init__(self, mongo: Mongo, collection: str, limit_seconds: float) -> None:
        self._mongo = mongo
        self._collection = mongo.collection(collection)
        self._issue_seconds = limit_seconds / 4
        self._waiting: deque[Write] = deque()
        self._running: asyncio.Task[None] | None = None

    async def write(self, write: Write) -> bool:
        """True when this write is in the database, majority and journal; False when the condition no longer held."""
        self._waiting.append(write)
        if self._running is None:
            self._running = asyncio.create_task(self._run(), context=contextvars.Context())
        return await write.outcome

    async def _run(self) -> None:
        try:
            while self._waiting:
                async with self._mongo.slot:
                    batch = self._next_batch()
                    try:
                        await self._commit(batch)
                    except Exception as error:
                        for write in batch:
                            _settle(write, error)
        finally:
            self._running = None

    def _next_batch(self) -> list[Write]:
        batch: dict[str, Write] = {}
        later: deque[Write] = deque()
        for write in self._waiting:
            if write.id in batch:
                later.append(write)
            else:
                batch[write.id] = write
        self._waiting = later
        return list(batch.values())

    async def _commit(self, batch: list[Write]) -> None:
        while True:
            batch = self._in_time(batch)
            if not batch:
                return
            try:
                errors = await self._bulk(batch)
                break
            except OUTCOME_UNKNOWN:
                await asyncio.sleep(_RETRY_SECONDS)
        if errors is None:
            won = {write.attempt for write in batch}
        else:
            won = await self._attempts_in_the_database(batch)
        for index, write in enumerate(batch):
            _settle(write, _verdict(write, won, (errors or {}).get(index)))

    def _in_time(self, batch: list[Write]) -> list[Write]:
        """The writes that somebody waits for and whose time allows another issue."""
        latest = time.monotonic() + self._issue_seconds
        for write in batch:
            if write.deadline < latest:
                _settle(write, OutcomeUnknown())
        return [write for write in batch if not write.outcome.done()]

    async def _bulk(self, batch: list[Write]) -> dict[int, Document] | None:
        """None when every write matched; else the write errors by position, and losers are to be found by reading."""
        try:
            with pymongo.timeout(self._issue_seconds):
                result = await self._collection.bulk_write([write.operation for write in batch], ordered=False)
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors") or any(e["code"] == _TIME_OVER for e in error.details["writeErrors"]):
                raise AutoReconnect("not acknowledged by a majority in time") from error
            return {e["index"]: e for e in error.details["writeErrors"]}
        return None if result.matched_count + result.inserted_count == len(batch) else {}

    async def _attempts_in_the_database(self, batch: list[Write]) -> set[str]:
        mine = [write.attempt for write in batch]
        found = self._collection.find(
            {"_id": {"$in": [write.id for write in batch]}, "history.attempt": {"$in": mine}}, {"history.attempt": 1}
        )
        with pymongo.timeout(self._issue_seconds):
            return {entry["attempt"] async for document in found for entry in document["history"]}.intersection(mine)


def _verdict(write: Write, won: set[str], error: Document | None) -> bool | Exception:
    if write.attempt in won:
        return True
    if error is None or "_id" in error.get("keyPattern", {}):
        return False
    if error["code"] == _DUPLICATE_KEY:
        return UniqueViolation(next(iter(error["keyPattern"])))
    return RuntimeError(f"write error {error['code']}: {error['errmsg'][:200]}")


def _settle(write: Write, outcome: bool | BaseException | Any) -> None:
    if write.outcome.done():
        return
    if isinstance(outcome, BaseException):
        write.outcome.set_exception(outcome)
    else:
        write.outcome.set_result(outcome)
