"""What becomes of the driver's pool when many commands reach their deadline while connections are being opened."""

import asyncio

import pymongo
from common.settings import Settings
from common.store.mongo import Mongo
from pymongo.errors import PyMongoError

AT_ONCE = 48
DEADLINES_MS = range(2, 14, 2)
PATIENCE_SECONDS = 10.0


async def test_commands_that_reach_their_deadline_leave_the_pool_usable(settings: Settings) -> None:
    """The driver's deadline and ours come at the same instant. Before Python 3.12 the pool's lock was then kept for ever."""
    for milliseconds in DEADLINES_MS:
        mongo = Mongo(settings.mongo, settings.database("pool"))
        await mongo.ping()
        await all_of([asyncio.create_task(ask(mongo, milliseconds / 1000)) for _ in range(AT_ONCE)])
        await all_of([asyncio.create_task(ask(mongo, PATIENCE_SECONDS)) for _ in range(AT_ONCE)])
        await mongo.close()


async def ask(mongo: Mongo, seconds: float) -> str:
    try:
        with pymongo.timeout(seconds):
            async with asyncio.timeout(seconds), mongo.slot:
                await mongo.collection("nothing").find_one({})
    except (TimeoutError, PyMongoError):
        return "too late"
    return "answered"


async def all_of(tasks: list[asyncio.Task[str]]) -> None:
    _, waiting = await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
    assert not waiting, f"{len(waiting)} wait for ever"
