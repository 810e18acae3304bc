"""The write path: one command, one atomic document write that holds state, history, idempotency record and events.

A document is ``{_id, shard, version, seq, state, history, commands, pending}``. `version` rises with every command and is
the condition of the next write; `seq` numbers the events without gaps; `pending` keeps events until the relay has them
acknowledged by Kafka. Commands append to `pending`; only the relay takes from it.
"""

import asyncio
import secrets
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Generic

import pymongo
from pymongo import ASCENDING, IndexModel, InsertOne, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.read_concern import ReadConcern

from common.contracts.topics import Topic, topic_of
from common.decision import SYSTEM, Command, Decision, S
from common.errors import RefusalKind
from common.ids import new_id
from common.refusals import BACKLOG_FULL, UNAVAILABLE
from common.store import backlog, idempotency
from common.store.group_commit import GroupCommit, OutcomeUnknown, UniqueViolation, Write
from common.store.locks import KeyedLocks
from common.store.mongo import OUTCOME_UNKNOWN, Document, Mongo
from common.store.together import Together
from common.tracing import current_traceparent, within

_BACKLOG_PAUSE_SECONDS = 30
_NOT_READ = ("history", *(f"pending.{part}" for part in ("type", "time", "data", "traceparent", "salt")))
"""What no decision needs. Of pending events the numbers are read."""
SHARDS = 16
"""Aggregates are spread over this many shards for the relay's leases; fixed for the life of a database."""

Answer = dict[str, Any]


@dataclass(frozen=True)
class Loaded(Generic[S]):
    """An aggregate as read: `state` is None and `version` 0 when there is none yet."""

    id: str
    state: S | None
    version: int = 0
    seq: int = 0
    commands: Sequence[Document] = ()
    pending: int = 0
    """The number of the last event that still waited on it; 0 when none did."""


@dataclass(frozen=True)
class Staged:
    """The one conditional write of a command: `events` are those that it leaves on the document, behind the one numbered `after`."""

    id: str
    attempt: str
    operation: UpdateOne | InsertOne[Document]
    after: int
    events: Sequence[Document]


class Store(Generic[S]):
    """The aggregates of one collection, whose events travel on one topic; without a topic they have none."""

    def __init__(
        self,
        mongo: Mongo,
        collection: str,
        state: type[S],
        topic: Topic | None = None,
        *,
        unique: dict[str, RefusalKind] | None = None,
        indexes: Sequence[IndexModel] = (),
        limit_seconds: float = 4.0,
    ) -> None:
        """`unique` maps the path of a unique field (``state.login``) to the refusal given when it is taken."""
        self.mongo = mongo
        self.collection = mongo.collection(collection)
        self.topic = topic
        self.committed: Callable[[Store[S], Staged], None] = lambda *_: None
        """Called with this store and each write that has left events on a document: tells a relay in the same process."""
        self.backlog_full = False
        """Set while so many events wait for Kafka that people's commands may not add more (`common.vitals`)."""
        self._attributes = {"db.system.name": "mongodb", "db.collection.name": collection}
        self._state = state
        self._unique = unique or {}
        self._indexes = indexes
        self._limit = limit_seconds
        self._read = Together(partial(mongo.by_id, self.collection, without=_NOT_READ))
        self._writer = GroupCommit(mongo, collection, limit_seconds)
        self._locks = KeyedLocks()

    async def prepare(self) -> None:
        """Create the indexes; harmless to repeat."""
        pending = IndexModel([("shard", ASCENDING)], name=backlog.INDEX, partialFilterExpression={"pending.seq": {"$exists": True}})
        unique = [
            IndexModel([(path, ASCENDING)], name=path, unique=True, partialFilterExpression={path: {"$type": "string"}})
            for path in self._unique
        ]
        indexes = [*([pending] if self.topic else []), *unique, *self._indexes]
        if indexes:
            await self.collection.create_indexes(indexes)

    async def get(self, id: str) -> S | None:
        """The state, or None."""
        return (await self.load(id)).state

    async def load(self, id: str) -> Loaded[S]:
        with within(f"find {self.collection.name}", "client", self._attributes):
            return self._loaded(id, await self._read(id))

    def _loaded(self, id: str, document: Document | None) -> Loaded[S]:
        if document is None:
            return Loaded(id, None)
        state = self._state.model_validate(document["state"])
        pending = document["pending"][-1]["seq"] if document["pending"] else 0
        return Loaded(id, state, document["version"], document["seq"], document["commands"], pending)

    async def execute(
        self, id: str, command: Command, decide: Callable[[S | None], Decision[S]], answer: Callable[[S], Answer] = lambda _: {}
    ) -> Answer:
        """Load, decide, write; a lost race is decided again on fresh state until the time limit (503 ``unavailable``).

        The limit counts from the beginning of the command, and the server gets no more than what is left of it with every write: then
        the command has been written, or never will be. Only a server that stands still for longer could write later.
        `answer` makes the reply from the new state; the same key gives the same reply for 24 hours. Refusals of `decide`
        pass through and change nothing.
        """
        left = command.begun + self._limit - time.monotonic()
        if left <= 0:
            raise UNAVAILABLE()
        try:
            with pymongo.timeout(left):
                async with asyncio.timeout(left) as limit, self._locks.hold(id):
                    while not limit.expired():
                        reply = await self._try(id, command, decide, answer)
                        if reply is not None:
                            return reply
            raise TimeoutError  # the driver has dropped the cancellation: see `end_tasks`
        except (TimeoutError, OutcomeUnknown, *OUTCOME_UNKNOWN) as error:
            raise UNAVAILABLE() from error
        except UniqueViolation as error:
            raise self._unique[error.index]() from error

    async def _try(
        self, id: str, command: Command, decide: Callable[[S | None], Decision[S]], answer: Callable[[S], Answer]
    ) -> Answer | None:
        """The reply, or None when the race is lost."""
        loaded = await self.load(id)
        recorded = idempotency.recorded_answer(loaded.commands, command)
        if recorded is not None:
            await self._confirm_durable(id)
            return recorded
        decision = decide(loaded.state)
        reply = answer(decision.state)
        if decision.state == loaded.state and not decision.events:
            return reply
        idempotency.check_allowance(loaded.commands, command)
        return reply if await self._write(loaded, command, decision, reply) else None

    async def _write(self, loaded: Loaded[S], command: Command, decision: Decision[S], reply: Answer) -> bool:
        staged = self.stage(loaded, command, decision, reply)
        with within(f"update {self.collection.name}", "client", self._attributes):
            won = await self._writer.write(Write(staged.id, staged.attempt, staged.operation, command.begun + self._limit))
        if won:
            self.tell(staged)
        return won

    async def write_in(self, session: AsyncClientSession, staged: Staged) -> bool:
        """The conditional write as part of a transaction. False when the race is lost. When it is committed, `tell`."""
        result = await self.collection.bulk_write([staged.operation], session=session)
        return result.matched_count + result.inserted_count == 1

    def tell(self, staged: Staged) -> None:
        """It has been written: a relay in this process may say its events at once."""
        if staged.events:
            self.committed(self, staged)

    def _check_room(self, command: Command, decision: Decision[S]) -> None:
        """What the system itself has to do goes on, as there is an end to it. Refuses with `backlog_full`."""
        if self.backlog_full and decision.events and command.actor != SYSTEM:
            raise BACKLOG_FULL(seconds=_BACKLOG_PAUSE_SECONDS)

    def stage(self, loaded: Loaded[S], command: Command, decision: Decision[S], reply: Answer) -> Staged:
        """The write of a decision that changes something. Refuses with `backlog_full`."""
        self._check_room(command, decision)
        attempt, pending = new_id("att"), self._pending(loaded.seq, command, decision)
        operation = self._operation(loaded, command, decision, reply, attempt, pending)
        return Staged(loaded.id, attempt, operation, loaded.pending, pending)

    def _operation(
        self, loaded: Loaded[S], command: Command, decision: Decision[S], reply: Answer, attempt: str, pending: list[Document]
    ) -> UpdateOne | InsertOne[Document]:
        version, seq = loaded.version + 1, loaded.seq + len(decision.events)
        state = decision.state.model_dump()
        history = _history(decision, command, attempt, version)
        records = idempotency.records(command, reply)
        if loaded.state is None:
            fields = {"shard": shard_of(loaded.id), "version": version, "seq": seq, "state": state}
            return InsertOne({"_id": loaded.id, **fields, "history": history, "commands": records, "pending": pending})
        push: Document = {"history": {"$each": history}, "pending": {"$each": pending}}
        changed: Document = {"version": version, "seq": seq, "state": state}
        kept = idempotency.unexpired(loaded.commands, command.at)
        if len(kept) < len(loaded.commands):
            changed["commands"] = [*kept, *records]
        elif records:
            push["commands"] = {"$each": records}
        return UpdateOne({"_id": loaded.id, "version": loaded.version}, {"$set": changed, "$push": push})

    def _pending(self, seq: int, command: Command, decision: Decision[S]) -> list[Document]:
        traceparent = current_traceparent()
        pending = []
        for number, message in enumerate(decision.events, seq + 1):
            if topic_of(type(message)) is not self.topic:
                raise ValueError(f"{message.ce_type()} does not travel on the topic of {self.collection.name}")
            event: Document = {"seq": number, "type": message.ce_type(), "time": command.at, "data": message.model_dump_json()}
            if traceparent:
                event["traceparent"] = traceparent
            if self.topic.confidential:  # nobody can guess the content from a digest of the record, which is the same when said again
                event["salt"] = secrets.token_hex(16)
            pending.append(event)
        return pending

    async def _confirm_durable(self, id: str) -> None:
        """A recorded answer is given again only once it is known to survive an election."""
        async with self.mongo.slot:
            durable = self.collection.with_options(read_concern=ReadConcern("linearizable"))
            await durable.find_one({"_id": id}, {"_id": 1})


def shard_of(id: str) -> int:
    return zlib.crc32(id.encode()) % SHARDS


def _history(decision: Decision[Any], command: Command, attempt: str, version: int) -> list[Document]:
    actor = command.actor.model_dump(include={"id", "role", "unit_id", "region"}, exclude_none=True)
    common = {"attempt": attempt, "version": version, "at": command.at, "actor": actor, "command": command.name}
    entries = [{name: value for name, value in asdict(entry).items() if value is not None} for entry in decision.history]
    return [{**common, **entry} for entry in entries or [{}]]
