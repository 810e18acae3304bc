"""The only place where a broker, a subscriber, a consumer or a producer is configured.

The libraries' defaults lose messages (auto-commit, latest offset, auto-created topics): none of them is left in force here.
"""

import dataclasses
import time
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage

from common.messaging import connection, intake

connection.mend()
intake.mend()
_NOTHING: Mapping[str, float] = MappingProxyType({})
Records = tuple[ConsumerRecord, ...]
SESSION_SECONDS = 10
"""After this long without a heartbeat a member is gone and others get its partitions: a part of every recovery."""
POLL_SECONDS = 300
"""A member that works on one batch for longer leaves its group; liveness fails before (`common.web.health`)."""
FETCH_MS = 500
"""So long Kafka keeps a question for records open. What else is asked on that connection, as readiness does, waits behind it."""
PATIENT_MS = 500
"""So long a patient consumer waits until a batch is worth its while."""
TAIL_MS = 200
"""So long at most what is shown live is behind."""
_LOOK_MS = 2_000
"""The client looks through all its partitions at least so often, and whenever anything happens to them."""
BATCHES_SECONDS = 6.0
"""So long a process that leaves waits for the batches it has in hand; what is not done by then comes again."""


def create_broker(kafka: str, client_id: str) -> KafkaBroker:
    """A broker for consumers only: events leave through the relay's own producer."""
    return KafkaBroker(
        kafka.split(","),
        client_id=client_id,
        consumer_only=True,
        allow_auto_create_topics=False,
        graceful_timeout=BATCHES_SECONDS,
        apply_types=False,
        logger=None,
    )


def subscribe(
    broker: KafkaBroker,
    topics: list[str],
    group: str,
    handle: Callable[[Records], Awaitable[None]],
    *,
    patient: bool = False,
    instance: str | None = None,
) -> None:
    """Consume batches; offsets are committed only after `handle` returned. `patient` waits up to `PATIENT_MS` to fill a batch.

    With `instance`, a name that stays over restarts, a member that was killed takes up its partitions as soon as it is back;
    without, others take them over when the session has timed out.
    """
    subscriber = broker.subscriber(
        *topics,
        group_id=group,
        batch=True,
        max_records=500,
        batch_timeout_ms=1000,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        auto_offset_reset="earliest",
        session_timeout_ms=SESSION_SECONDS * 1000,
        heartbeat_interval_ms=1000,
        max_poll_interval_ms=POLL_SECONDS * 1000,
        group_instance_id=instance,
        fetch_min_bytes=65_536 if patient else 1,
        fetch_max_wait_ms=PATIENT_MS if patient else FETCH_MS,
        consumer_timeout_ms=_LOOK_MS,
        parser=_parse,
        decoder=_decode,
    )
    subscriber(handle)


async def _parse(records: Records, parse: Callable[[Records], Awaitable[KafkaMessage]]) -> KafkaMessage:
    """Keep the library from reading headers: one that is not UTF-8 would block its partition for ever."""
    message = await parse(tuple(dataclasses.replace(record, headers=()) for record in records))
    message.raw_message = records
    return message


async def _decode(message: KafkaMessage) -> Any:
    return message.raw_message


async def start_producer(kafka: str, client_id: str) -> AIOKafkaProducer:
    """An idempotent producer that waits for all in-sync replicas. After any produce error it must be replaced (aiokafka #1017)."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka,
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        request_timeout_ms=10_000,
    )
    try:
        await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer


async def start_reader(kafka: str, client_id: str, *, patience_ms: int = 40_000) -> AIOKafkaConsumer:
    """A consumer without topics and group, to be given partitions and offsets by hand; commits nothing."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, client_id=client_id, group_id=None, enable_auto_commit=False, request_timeout_ms=patience_ms
    )
    try:
        await consumer.start()
    except BaseException:
        await consumer.stop()
        raise
    return consumer


async def start_tail(kafka: str, client_id: str, topics: list[str], since: Mapping[str, float] = _NOTHING) -> AIOKafkaConsumer:
    """A consumer without a group at the end of `topics`: it hears all that is said from now on and commits nothing.

    Of the topics in `since` it also hears what was said in the last so many seconds. For what must not be shared between replicas,
    and may be missed or is said again. Raises while Kafka is away or a topic is missing.
    """
    consumer = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=kafka,
        client_id=client_id,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="latest",
        fetch_min_bytes=65_536,
        fetch_max_wait_ms=TAIL_MS,
        consumer_timeout_ms=_LOOK_MS,
        request_timeout_ms=10_000,
    )
    try:
        await consumer.start()
        await consumer.seek_to_end()
        begin = {
            TopicPartition(topic, number): int((time.time() - seconds) * 1000)
            for topic, seconds in since.items()
            for number in consumer.partitions_for_topic(topic)
        }
        for place, found in (await consumer.offsets_for_times(begin)).items():
            if found:
                consumer.seek(place, found.offset)
    except BaseException:
        await consumer.stop()
        raise
    return consumer
