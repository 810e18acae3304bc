"""Reading and writing topics in tests of the messaging, apart from the code under test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from common.contracts.applications import SeatsChanged
from common.contracts.base import Message
from common.contracts.envelope import headers
from common.messaging.broker import create_broker, start_producer, subscribe
from common.messaging.consumer import BatchConsumer, Handler, RawHandler
from common.messaging.dead_letters import DeadLetters
from common.settings import Settings
from common.store.mongo import Mongo
from faststream.kafka import KafkaBroker

AT = "2026-03-02T04:00:00+00:00"


def seats(id: str, taken: int) -> SeatsChanged:
    return SeatsChanged(posting_id=id, headcount=9, taken=taken, closing=False)


@dataclass
class Topic:
    """One topic of one test."""

    settings: Settings
    name: str
    producer: AIOKafkaProducer

    async def say(self, aggregate: str, seq: int, message: Message) -> None:
        await self.send(aggregate.encode(), message.model_dump_json().encode(), headers(aggregate, seq, message.ce_type(), "test", AT, ""))

    async def send(self, key: bytes | None, value: bytes | None, record_headers: Iterable[tuple[str, bytes]]) -> None:
        """Any record at all, on partition 0."""
        await self.producer.send_and_wait(self.settings.topic(self.name), key=key, value=value, headers=list(record_headers), partition=0)

    async def records(self) -> list[ConsumerRecord]:
        """Everything on the topic now, by partition and offset."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.settings.kafka, enable_auto_commit=False)
        await consumer.start()
        try:
            found: list[ConsumerRecord] = []
            partitions = [TopicPartition(self.settings.topic(self.name), number) for number in (0, 1)]
            consumer.assign(partitions)
            await consumer.seek_to_beginning()
            ends = await consumer.end_offsets(partitions)
            while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
                for batch in (await consumer.getmany(timeout_ms=100)).values():
                    found += batch
            return sorted(found, key=lambda record: (record.partition, record.offset))
        finally:
            await consumer.stop()

    async def seqs(self) -> dict[str, list[int]]:
        """The `seq` of each aggregate's records in the order in which they lie."""
        lying: dict[str, list[int]] = {}
        for record in await self.records():
            aggregate, _, seq = dict(record.headers)["ce_id"].decode().rpartition(":")
            lying.setdefault(aggregate, []).append(int(seq))
        return lying

    async def committed(self, group: str) -> int:
        """Up to where the group has committed partition 0."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(self.settings.group(group))
            found = offsets.get(TopicPartition(self.settings.topic(self.name), 0))
            return int(found.offset) if found else 0
        finally:
            await admin.close()


@asynccontextmanager
async def topic(settings: Settings, name: str) -> AsyncIterator[Topic]:
    producer = await start_producer(settings.kafka, "test")
    try:
        yield Topic(settings, name, producer)
    finally:
        await producer.stop()


@dataclass
class Consuming:
    """A running consumer group with one member."""

    broker: KafkaBroker

    async def crash(self) -> None:
        """End as a killed process does: nothing more is handled or committed."""
        for subscriber in self._subscribers():
            subscriber.running = False
            for task in subscriber.tasks:
                task.cancel()
            await asyncio.gather(*subscriber.tasks, return_exceptions=True)
            await subscriber.consumer.stop()

    def _subscribers(self) -> Iterator[Any]:
        yield from self.broker.subscribers


@asynccontextmanager
async def consuming(
    settings: Settings, mongo: Mongo, topic: Topic, handle: Handler | RawHandler, group: str, *, raw: bool = False, patient: bool = False
) -> AsyncIterator[Consuming]:
    """The consumer helper at work on the topic, as `Service` sets it up."""
    broker = create_broker(settings.kafka, "test")
    name = settings.group(group)
    consumer = BatchConsumer(name, handle, DeadLetters(mongo), raw=raw)
    subscribe(broker, [settings.topic(topic.name)], name, consumer, patient=patient)
    await broker.start()
    try:
        yield Consuming(broker)
    finally:
        await broker.stop()


def is_greater(read: Callable[[], Awaitable[float]], than: float) -> Callable[[], Awaitable[bool]]:
    async def probe() -> bool:
        return await read() > than

    return probe


def is_equal(read: Callable[[], Awaitable[Any]], wanted: Any) -> Callable[[], Awaitable[bool]]:
    """A probe for `eventually` that shows what it saw."""

    async def probe() -> bool:
        seen = await read()
        assert seen == wanted, f"saw {seen!r}"
        return True

    return probe
