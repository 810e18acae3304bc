"""All consumer groups of one worker process: started as soon as Kafka is there, watched, and stopped together."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog
from faststream.kafka import KafkaBroker

from common.messaging.broker import create_broker, subscribe
from common.messaging.consumer import BatchConsumer, Subscription
from common.messaging.dead_letters import DeadLetters, DeadLettersFull
from common.settings import Settings

RETRY_SECONDS = 1.0
log = structlog.get_logger()


class Consumers:
    """One member of the group of each subscription."""

    def __init__(self, service: str, settings: Settings, subscriptions: Sequence[Subscription], dead_letters: DeadLetters) -> None:
        self.members: list[BatchConsumer] = []
        self._broker: KafkaBroker = create_broker(settings.kafka, service)
        for subscription in subscriptions:
            group = settings.group(subscription.group)
            topics = [settings.topic(topic) for topic in subscription.topics]
            member = BatchConsumer(group, subscription.handle, dead_letters, raw=subscription.raw)
            self.members.append(member)
            subscribe(self._broker, topics, group, member, patient=subscription.patient, instance=settings.instance)
            member.share = partial(share_of, self._broker.subscribers[-1])

    async def run(self) -> None:
        """Until cancelled; waits for Kafka. RuntimeError when a consumer has ended."""
        while True:
            try:
                await self._broker.start()
                break
            except Exception as error:
                log.warning("waiting_for_kafka", error=type(error).__name__)
                await self._broker.stop()
                await asyncio.sleep(RETRY_SECONDS)
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if not all(_is_consuming(subscriber) for subscriber in self._broker.subscribers):
                raise RuntimeError("a consumer has ended")

    async def stop(self) -> None:
        """Batches in hand are finished first, for up to `BATCHES_SECONDS`."""
        await self._broker.stop()

    async def ping(self) -> None:
        """Ask Kafka through each running consumer."""
        consumers = [getattr(subscriber, "consumer", None) for subscriber in self._broker.subscribers]
        if None in consumers:
            raise ConnectionError("not connected yet")
        await asyncio.gather(*(consumer.topics() for consumer in consumers if consumer))

    async def check(self) -> None:
        """DeadLettersFull while a consumer waits for an operator."""
        for member in self.members:
            if member.stopped:
                raise DeadLettersFull(member.group)


def _is_consuming(subscriber: Any) -> bool:
    """The library restarts a consumer that failed, but not one whose connection was closed under it."""
    return any(not task.done() for task in subscriber.tasks)


def share_of(subscriber: Any) -> float:
    """The part of its topics' partitions that was assigned to it; 1 while nothing is known."""
    consumer = getattr(subscriber, "consumer", None)
    if consumer is None or not (assigned := len(consumer.assignment())):
        return 1.0
    known = sum(len(consumer.partitions_for_topic(topic) or ()) for topic in consumer.subscription())
    return assigned / max(known, assigned)
