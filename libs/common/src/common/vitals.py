"""What a process knows only by asking: whether servers answer, what waits to be published, how far consumers are behind.

Asked again and again in the background, so that ``/metrics`` answers at once. What cannot be asked is not shown: nothing old is.
When too much waits to be published, the stores are told: they take no more commands of people (back-pressure).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog

from common.clock import Clock
from common.messaging.dead_letters import DeadLetters
from common.messaging.lag import LagReader
from common.metrics import CONSUMER_LAG, DEAD_LETTERS, DEPENDENCY_UP, PENDING_EVENTS, PENDING_SECONDS
from common.store.aggregate import Store
from common.store.backlog import backlog
from common.store.mongo import Mongo

SECONDS = 5.0
_SHARE = 20
"""An answer that took long is asked for more rarely: at most a twentieth of the time goes into asking. A server that gave none is asked
as often as ever, so that its return is soon known."""
log = structlog.get_logger()


class Vitals:
    """`groups` maps the consumer groups of the process to their topics: an API has none, and is never told to watch Kafka."""

    def __init__(
        self,
        service: str,
        kafka: str,
        mongo: Mongo,
        clock: Clock,
        stores: Sequence[Store[Any]],
        dead_letters: DeadLetters,
        groups: Mapping[str, Sequence[str]],
        backlog_limit: int,
    ) -> None:
        self._service = service
        self._mongo = mongo
        self._clock = clock
        self._stores = [store for store in stores if store.topic]
        self._dead_letters = dead_letters
        self._groups = groups
        self._backlog_limit = backlog_limit
        self._lag = LagReader(kafka, f"{service}-vitals")

    async def watch_database(self) -> None:
        """Until cancelled: whether it answers, what waits in it to be published, and what waits for an operator."""
        await _again("mongo", self._look_at_database, self._forget)

    async def watch_kafka(self) -> None:
        """Until cancelled: whether it answers, and how far the groups are behind."""
        await _again("kafka", self._look_at_kafka, self._forget)

    async def stop(self) -> None:
        """After what watches has ended."""
        await self._lag.close()

    async def _look_at_kafka(self) -> None:
        for (group, topic), waiting in (await self._lag.read(self._groups)).items():
            CONSUMER_LAG.labels(group, topic).set(waiting)
        DEPENDENCY_UP.labels(self._service, "kafka").set(1)

    async def _look_at_database(self) -> None:
        await self._mongo.ping()
        DEPENDENCY_UP.labels(self._service, "mongo").set(1)
        waiting = 0
        for store in self._stores:
            async with self._mongo.slot:
                found = await backlog(store.collection)
            waiting += found.count
            PENDING_EVENTS.labels(self._service, store.collection.name).set(found.count)
            PENDING_SECONDS.labels(self._service, store.collection.name).set(found.age(self._clock.now()))
        for store in self._stores:
            store.backlog_full = waiting >= self._backlog_limit
        for group in self._groups:
            DEAD_LETTERS.labels(group).set(await self._dead_letters.count(group))

    def _forget(self, dependency: str) -> None:
        DEPENDENCY_UP.labels(self._service, dependency).set(0)
        for metric in (PENDING_EVENTS, PENDING_SECONDS, DEAD_LETTERS) if dependency == "mongo" else (CONSUMER_LAG,):
            metric.clear()


async def _again(dependency: str, look: Callable[[], Awaitable[None]], forget: Callable[[str], None]) -> None:
    while True:
        began, pause = time.monotonic(), SECONDS
        try:
            await look()
            pause = max(SECONDS, (time.monotonic() - began) * _SHARE)
        except Exception as error:
            forget(dependency)
            log.warning("vitals_unknown", dependency=dependency, error=type(error).__name__)
        await asyncio.sleep(pause)
