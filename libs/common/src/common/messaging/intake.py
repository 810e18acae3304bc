"""A mend of FastStream's batch subscriber, in force once `common.messaging.broker` is imported: it waits for records, and only for them.

After a wait without records the library (0.7) sleeps as long again, and records that come meanwhile lie there. So a short wait costs an
idle process its rest, and a long one costs its events their haste.
"""

from itertools import chain

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from faststream.kafka.subscriber.usecase import BatchSubscriber


async def get_msg(subscriber: BatchSubscriber, consumer: AIOKafkaConsumer) -> tuple[ConsumerRecord, ...]:
    """The next records, as soon as there are any; none after `batch_timeout_ms`."""
    found = await consumer.getmany(timeout_ms=subscriber.batch_timeout_ms, max_records=subscriber.max_records)
    return tuple(chain(*found.values()))


def mend() -> None:
    BatchSubscriber.get_msg = get_msg  # type: ignore[method-assign, assignment]
