"""The relay: publishes pending events to Kafka, at least once and in order per aggregate, and loses none.

It reads documents with pending events, sends all, waits for every acknowledgement, and only then takes exactly the
published events off the documents. A crash in between publishes them again; consumers drop repeats by `seq`.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from pymongo import UpdateOne, WriteConcern

from common.contracts.envelope import headers
from common.contracts.topics import Topic
from common.messaging.broker import start_producer
from common.messaging.leases import LEASE_SECONDS, Leases
from common.messaging.spans import sending
from common.metrics import PUBLISHED_EVENTS, RELAY_FAILURES, RELAY_SHARDS
from common.settings import Settings
from common.store.aggregate import SHARDS, Store
from common.store.mongo import Document, Mongo
from common.tasks import end_tasks

log = structlog.get_logger()

_DOCUMENTS_A_PASS, _EVENTS_A_DOCUMENT = 500, 50
"""So much is in memory at once, however much waits."""
_LOOK_SECONDS = 3.0
"""After this long without news all stores are looked at: a write whose outcome nobody knew may have left some."""
_REST_SECONDS = 0.01
"""After each pass, so that events that come one close upon another are published together; one that comes alone waits for nothing."""
_PAUSE_SECONDS = 1.0
"""After an error."""
LAST_PASS_SECONDS = 2.0
_AT_ONCE = WriteConcern(1)
"""What takes events off waits for no journal and no majority: forgotten in a crash, they are published once more, as after any crash."""


class Relay:
    """One per worker process; replicas share the shards by lease. `wake` ends a pause at once.

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
        self._woken = asyncio.Event()
        self._news: set[Store[Any]] = set()
        self._leases = Leases(mongo, settings.instance or uuid.uuid4().hex, SHARDS)
        self._shards: set[int] = set()
        self._renewal: asyncio.Future[set[int]] | None = None
        self._producer: AIOKafkaProducer | None = None
        RELAY_FAILURES.labels(service)  # shown as 0 from the start

    def wake(self, store: Store[Any]) -> None:
        """There are new events in this store."""
        self._news.add(store)
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. An error of Kafka or of the database drops the producer and starts from the stored state."""
        helpers = [asyncio.create_task(self._keep_leases()), asyncio.create_task(self._watch())]
        try:
            await self._publish_for_ever()
        finally:
            await end_tasks(helpers)

    async def _publish_for_ever(self) -> None:
        while True:
            self._woken.clear()
            stores, self._news = self._news or set(self._topics), set()
            try:
                await self._pass(stores)
            except Exception as error:
                log.warning("relay_failed", error=type(error).__name__)
                RELAY_FAILURES.labels(self._service).inc()
                await self._drop_producer()
                self._news |= stores
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            await asyncio.sleep(_REST_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._woken.wait()

    async def stop(self) -> None:
        """Publish what the process wrote last, and give up the shards, once a renewal on its way to the database has arrived: it
        would take some again.
        """
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_PASS_SECONDS):
                await self._pass(set(self._topics))
        RELAY_SHARDS.labels(self._service).set(0)
        await self._drop_producer()
        if self._renewal:
            await asyncio.gather(self._renewal, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._leases.release_all()

    async def _pass(self, stores: Iterable[Store[Any]]) -> None:
        """Publish what waits in these stores. Where more waits than was taken at once, that is news again."""
        for store in stores if self._shards else ():
            documents = await self._pending_of(store)
            if documents:
                await self._publish(store, documents)
            if len(documents) == _DOCUMENTS_A_PASS or any(len(one["pending"]) == _EVENTS_A_DOCUMENT for one in documents):
                self.wake(store)

    async def _pending_of(self, store: Store[Any]) -> list[Document]:
        wanted = {"shard": {"$in": sorted(self._shards)}, "pending.seq": {"$exists": True}}
        async with self._mongo.slot:
            oldest = {"shard": 1, "pending": {"$slice": _EVENTS_A_DOCUMENT}}
            return await store.collection.find(wanted, oldest).hint("pending").limit(_DOCUMENTS_A_PASS).to_list()

    async def _publish(self, store: Store[Any], documents: list[Document]) -> None:
        if self._producer is None:
            self._producer = await start_producer(self._settings.kafka, f"{self._service}-relay")
        topic = self._topics[store]
        pending = [(document["_id"], event) for document in documents for event in document["pending"]]
        with sending(topic.name, pending):
            sent = [await self._send(topic, id, event) for id, event in pending]
            await asyncio.gather(*sent)
        await self._take_off(store, documents)
        PUBLISHED_EVENTS.labels(self._service, topic.name).inc(len(sent))

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

    async def _take_off(self, store: Store[Any], documents: list[Document]) -> None:
        operations = [
            UpdateOne({"_id": document["_id"]}, {"$pull": {"pending": {"seq": {"$lte": document["pending"][-1]["seq"]}}}})
            for document in documents
        ]
        async with self._mongo.slot:
            await store.collection.with_options(write_concern=_AT_ONCE).bulk_write(operations, ordered=False)

    async def _keep_leases(self) -> None:
        while True:
            try:
                self._renewal = asyncio.ensure_future(self._leases.renew())
                held = await asyncio.shield(self._renewal)
                if held - self._shards:
                    for store in self._topics:
                        self.wake(store)
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
        stores = {store.collection.name: store for store in self._topics}
        command = [{"operationType": "insert"}, {"updateDescription.updatedFields.version": {"$exists": True}}]
        watched = {"ns.coll": {"$in": list(stores)}, "$or": command}
        while True:
            if not self._commands_elsewhere and self._leases.members < 2:
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            try:
                async with await self._mongo.database.watch([{"$match": watched}, {"$project": {"ns": 1}}]) as changes:
                    for store in self._topics:  # what was written before it was watched
                        self.wake(store)
                    async for change in changes:
                        self.wake(stores[change["ns"]["coll"]])
            except Exception as error:
                log.warning("watch_failed", error=type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                await producer.stop()
