"""The relay: publishes pending events to Kafka, at least once and in order per aggregate, and loses none.

What this process has written it has at hand; documents that others wrote it reads. It sends all, waits for every
acknowledgement, and only then takes exactly the published events off the documents, many documents at a time. A crash in
between publishes them again; consumers drop repeats by `seq`.
"""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from pymongo import UpdateOne, WriteConcern

from common.contracts.envelope import headers
from common.contracts.topics import Topic
from common.messaging.broker import start_producer
from common.messaging.leases import LEASE_SECONDS, Leases
from common.messaging.outbox import MOST_DOCUMENTS, Outbox, Waiting
from common.messaging.spans import sending
from common.metrics import PUBLISHED_EVENTS, RELAY_FAILURES, RELAY_SHARDS
from common.settings import Settings
from common.store.aggregate import SHARDS, Staged, Store, shard_of
from common.store.mongo import Document, Mongo
from common.tasks import end_tasks

log = structlog.get_logger()

_EVENTS_A_DOCUMENT = 50
"""So many are in memory at once, of `MOST_DOCUMENTS` documents, however much waits."""
_LOOK_SECONDS = 3.0
"""So often all stores are looked through, whatever else is told: a write whose outcome nobody knew may have left some."""
_REST_SECONDS = 0.02
"""After each pass, so that events that come one close upon another are published together; one that comes alone waits for nothing."""
_TAKE_OFF_SECONDS = 0.25
"""So long what is published stays on its document, so that much is taken off together."""
_PAUSE_SECONDS = 1.0
"""After an error."""
LAST_PASS_SECONDS = 2.0
_AT_ONCE = WriteConcern(1)
"""What takes events off waits for no journal and no majority: forgotten in a crash, they are published once more, as after any crash."""


class Relay:
    """One per worker process; replicas share the shards by lease. `put` ends a pause at once.

    `commands_elsewhere`: whether processes that relay nothing write into these stores too.
    """

    def __init__(
        self, service: str, settings: Settings, mongo: Mongo, stores: Sequence[Store[Any]], *, commands_elsewhere: bool = True
    ) -> None:
        self._service = service
        self._commands_elsewhere = commands_elsewhere
        self._settings = settings
        self._mongo = mongo
        self._topics = {store: store.topic for store in stores if store.topic}
        self._outboxes = {store: Outbox() for store in self._topics}
        self._woken = asyncio.Event()
        self._published = asyncio.Event()
        self._leases = Leases(mongo, settings.instance or uuid.uuid4().hex, SHARDS)
        self._shards: set[int] = set()
        self._renewal: asyncio.Future[set[int]] | None = None
        self._producer: AIOKafkaProducer | None = None
        RELAY_FAILURES.labels(service)  # shown as 0 from the start

    def put(self, store: Store[Any], staged: Staged) -> None:
        """This process has written these events."""
        self._outboxes[store].put(staged)
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. An error of Kafka or of the database drops the producer and starts from the stored state."""
        helpers = [asyncio.create_task(work) for work in (self._keep_leases(), self._watch(), self._keep_taking_off())]
        try:
            await self._publish_for_ever()
        finally:
            await end_tasks(helpers)

    async def _publish_for_ever(self) -> None:
        look_at = time.monotonic() + _LOOK_SECONDS
        while True:
            self._woken.clear()
            try:
                await self._pass()
            except Exception as error:
                log.warning("relay_failed", error=type(error).__name__)
                RELAY_FAILURES.labels(self._service).inc()
                await self._drop_producer()
                self._look()
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            await asyncio.sleep(_REST_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(look_at - time.monotonic()):
                    await self._woken.wait()
            if time.monotonic() >= look_at:
                self._look()
                look_at = time.monotonic() + _LOOK_SECONDS

    async def stop(self) -> None:
        """Publish what was written last; give up the shards, once a renewal on its way has arrived: it would take some again."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_PASS_SECONDS):
                self._look()
                await self._pass()
                await self._take_off()
        RELAY_SHARDS.labels(self._service).set(0)
        await self._drop_producer()
        if self._renewal:
            await asyncio.gather(self._renewal, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._leases.release_all()

    def _look(self) -> None:
        """All that waits is to be looked through."""
        for outbox in self._outboxes.values():
            outbox.look()
        self._woken.set()

    async def _pass(self) -> None:
        """Publish what waits."""
        if self._shards:
            waiting = {store: await self._waiting_in(store, outbox) for store, outbox in self._outboxes.items() if not outbox.empty}
            if any(waiting.values()):
                await self._publish(waiting)

    async def _waiting_in(self, store: Store[Any], outbox: Outbox) -> Waiting:
        """What is at hand, and what is read now. Where more waits than is read at once, all is looked through once more."""
        if outbox.unknown:
            await self._take_off()
        unknown, at_hand, unread = outbox.take()
        rows = await self._read(store, None if unknown else sorted(unread)) if unknown or unread else []
        if (unknown and len(rows) == MOST_DOCUMENTS) or any(len(row["pending"]) == _EVENTS_A_DOCUMENT for row in rows):
            outbox.look()
            self._woken.set()
        mine = {id: events for id, events in at_hand.items() if shard_of(id) in self._shards}
        return outbox.unsaid(mine | {row["_id"]: row["pending"] for row in rows})

    async def _read(self, store: Store[Any], ids: list[str] | None) -> list[Document]:
        """The oldest pending events of these documents, of all by default."""
        wanted = {"shard": {"$in": sorted(self._shards)}, "pending.seq": {"$exists": True}, **({"_id": {"$in": ids}} if ids else {})}
        oldest = {"shard": 1, "pending": {"$slice": _EVENTS_A_DOCUMENT}}
        async with self._mongo.slot:
            return await store.collection.find(wanted, oldest).hint("_id_" if ids else "pending").limit(MOST_DOCUMENTS).to_list()

    async def _publish(self, waiting: Mapping[Store[Any], Waiting]) -> None:
        if self._producer is None:
            self._producer = await start_producer(self._settings.kafka, f"{self._service}-relay")
        with contextlib.ExitStack() as spans:
            sent = []
            for store, documents in waiting.items():
                topic, events = self._topics[store], [(id, event) for id, pending in documents.items() for event in pending]
                spans.enter_context(sending(topic.name, events))
                sent += [await self._send(topic, id, event) for id, event in events]
            await asyncio.gather(*sent)
        for store, documents in waiting.items():
            self._outboxes[store].say(documents)
            PUBLISHED_EVENTS.labels(self._service, self._topics[store].name).inc(sum(map(len, documents.values())))
        self._published.set()

    async def _send(self, topic: Topic, aggregate: str, event: Document) -> "asyncio.Future[Any]":
        assert self._producer is not None
        attributes = headers(aggregate, event["seq"], event["type"], self._service, event["time"].isoformat(), event.get("traceparent", ""))
        if topic.confidential:
            attributes.append(("salt", event["salt"].encode()))
        sent: asyncio.Future[Any] = await self._producer.send(
            self._settings.topic(topic.name),
            key=aggregate.encode(),
            value=event["data"].encode(),
            headers=attributes,
        )
        return sent

    async def _keep_taking_off(self) -> None:
        while True:
            await self._published.wait()
            await asyncio.sleep(_TAKE_OFF_SECONDS)
            self._published.clear()
            try:
                await self._take_off()
            except Exception as error:
                log.warning("take_off_failed", error=type(error).__name__)
                self._published.set()
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _take_off(self) -> None:
        """Exactly what is said."""
        for store, outbox in self._outboxes.items():
            if said := outbox.said():
                await self._pull(store, said)
                outbox.taken_off(said)

    async def _pull(self, store: Store[Any], said: Mapping[str, int]) -> None:
        operations = [UpdateOne({"_id": id}, {"$pull": {"pending": {"seq": {"$lte": seq}}}}) for id, seq in said.items()]
        async with self._mongo.slot:
            await store.collection.with_options(write_concern=_AT_ONCE).bulk_write(operations, ordered=False)

    async def _keep_leases(self) -> None:
        while True:
            try:
                self._renewal = asyncio.ensure_future(self._leases.renew())
                held = await asyncio.shield(self._renewal)
                if held - self._shards:
                    self._look()
                self._shards = held
            except Exception as error:
                self._shards = set()
                log.warning("lease_failed", error=type(error).__name__)
            RELAY_SHARDS.labels(self._service).set(len(self._shards))
            await asyncio.sleep(LEASE_SECONDS / 3)

    async def _watch(self) -> None:
        """Be woken by writes of other processes, where there are any: a change stream costs the server a look at every write.

        Without change streams the pauses still bound the delay.
        """
        stores = {store.collection.name: store for store in self._outboxes}
        told = {"$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.seq": {"$exists": True}}]}
        shown = {"ns": 1, "documentKey": 1, "seq": {"$ifNull": ["$updateDescription.updatedFields.seq", "$fullDocument.seq"]}}
        stages: list[Document] = [{"$match": {"ns.coll": {"$in": list(stores)}, **told}}, {"$project": shown}]
        while True:
            if not self._commands_elsewhere and self._leases.members < 2:
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            try:
                async with await self._mongo.database.watch(stages) as changes:
                    self._look()  # at what was written before it was watched
                    async for change in changes:
                        self._heard(stores[change["ns"]["coll"]], change["documentKey"]["_id"], change["seq"])
            except Exception as error:
                log.warning("watch_failed", error=type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    def _heard(self, store: Store[Any], id: str, seq: int) -> None:
        """Some process has written events up to this number."""
        if shard_of(id) in self._shards:
            self._outboxes[store].heard(id, seq)
            self._woken.set()

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                await producer.stop()
