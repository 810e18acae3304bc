"""Relays at work, dying and resting, for tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from common.messaging.relay import Relay
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import Mongo
from common.tasks import end_tasks

from . import counters as c


@asynccontextmanager
async def relaying(
    settings: Settings, store: Store[Any], *others: Store[Any], service: str = "applications", commands_elsewhere: bool = True
) -> AsyncIterator[Relay]:
    """A relay at work; a normal end gives its shards back."""
    running = Relay(service, settings, store.mongo, [store, *others], commands_elsewhere=commands_elsewhere)
    task = asyncio.create_task(running.run())
    try:
        yield running
    finally:
        await end_tasks([task])
        await running.stop()


class Mortal:
    """A relay that can be killed: it ends without giving its leases back."""

    def __init__(self, settings: Settings, store: Store[Any]) -> None:
        self.relay = Relay("applications", settings, store.mongo, [store])
        self.task = asyncio.create_task(self.relay.run())

    async def kill(self) -> None:
        await end_tasks([self.task])
        await self.relay._drop_producer()


async def end_terms(mongo: Mongo) -> None:
    """As if every lease had run out."""
    for collection in ("leases", "lease_members"):
        await mongo.collection(collection).delete_many({})


async def count(store: Store[c.Counter], id: str, times: int) -> None:
    for _ in range(times):
        await store.execute(id, c.command(), c.add_one(id))


async def left(store: Store[Any]) -> int:
    return sum([len(row["pending"]) async for row in store.collection.find({})])
