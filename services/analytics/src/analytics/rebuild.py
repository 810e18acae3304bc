"""Make the statistics anew from the first record: ``python -m analytics.rebuild``. The old ones answer until the new are whole.

A new generation of histories is filled from offset 0 to the end, made live by one write, and filled on until everything is in it
that any replica still put into the old one. Stopped half-way it changes nothing; it may be run again.
"""

import asyncio
import sys
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer
from common.clock import Clock
from common.messaging.broker import start_tail
from common.messaging.replay import from_here_to_the_end
from common.settings import from_environment
from common.store.mongo import Mongo
from pydantic_settings import BaseSettings, SettingsConfigDict

from analytics.intake import TOPICS, take_in
from analytics.repository import LOOK_SECONDS, Analytics, Histories

_KEPT = 2
"""Generations that stay: the live one, and the one before it for a look back."""


class RebuildSettings(BaseSettings):
    """Settings of the rebuild."""

    model_config = SettingsConfigDict(env_prefix="JIANXI_", frozen=True)

    mongo: str
    kafka: str
    namespace: str = ""


@dataclass(frozen=True)
class Rebuilt:
    generation: int
    events: int
    unreadable: int


async def rebuild(settings: RebuildSettings) -> Rebuilt:
    """Returns the new live generation, how many events it was made of, and how many records could not be read."""
    mongo = Mongo(settings.mongo, f"{settings.namespace}analytics")
    reader = await start_tail(settings.kafka, "analytics-rebuild", [f"{settings.namespace}{topic}" for topic in TOPICS])
    try:
        analytics = Analytics.on(mongo, Clock(), limit_seconds=4.0)
        old = await analytics.live()
        fresh = Histories(mongo, old.generation + 1)
        for collection in fresh.collections:
            await collection.drop()
        await fresh.prepare()
        await reader.seek_to_beginning()
        first = await _fill(fresh, reader)
        await analytics.switch(fresh)
        await asyncio.sleep(2 * LOOK_SECONDS)
        second = await _fill(fresh, reader)
        await _forget(mongo, fresh.generation - _KEPT)
        return Rebuilt(fresh.generation, first[0] + second[0], first[1] + second[1])
    finally:
        await reader.stop()
        await mongo.close()


async def _fill(fresh: Histories, reader: AIOKafkaConsumer) -> tuple[int, int]:
    """From where the reader stands to where the topics end now: events taken in, and records passed over as unreadable."""
    taken = unreadable = 0
    async for events, bad in from_here_to_the_end(reader):
        await take_in(fresh, events)
        taken += len(events)
        unreadable += bad
    return taken, unreadable


async def _forget(mongo: Mongo, generation: int) -> None:
    for collection in Histories(mongo, generation).collections:
        await collection.drop()


def main() -> int:
    done = asyncio.run(rebuild(from_environment(RebuildSettings)))
    sys.stdout.write(f"统计已重建：第 {done.generation} 代，{done.events} 个事件，{done.unreadable} 条无法读取。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
