"""The time limit of a request: from its last byte to the first of its answer, whatever it waits for."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

import httpx2
import pytest
from common.clock import Clock
from common.decision import Command
from common.service import Service
from common.settings import Settings
from common.store.mongo import Mongo
from common.testing.proxy import CuttingProxy
from common.web.command import command
from common.web.middleware import ANSWER_WITHIN
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pymongo.errors import ServerSelectionTimeoutError

LIMIT = 0.2
KEY = {"Idempotency-Key": "key-0001"}
router = APIRouter()


async def parts() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b"x"
        await asyncio.sleep(0.75 * LIMIT)  # all of them take longer than a request may: this is what is tested


async def wait(request: Request) -> dict[str, str]:
    work: Callable[[], Awaitable[None]] = request.app.state.deps
    await work()
    return {}


@router.get("/reads")
async def reads(request: Request) -> dict[str, str]:
    return await wait(request)


@router.post("/commands")
async def commands(request: Request, _: Annotated[Command, command("wait")]) -> dict[str, str]:
    return await wait(request)


@router.get("/streams")
async def streams() -> StreamingResponse:
    return StreamingResponse(parts())


@asynccontextmanager
async def serving(settings: Settings, mongo: Mongo, work: Callable[[], Awaitable[None]]) -> AsyncIterator[httpx2.AsyncClient]:
    """A service whose requests wait for `work`."""
    quick = settings.model_copy(update={"request_seconds": LIMIT})
    app = Service("sample", quick, mongo, Clock(), work, routers=[router]).app("api")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://sample") as client:
        yield client


async def for_ever() -> None:
    await asyncio.Event().wait()


async def assert_given_up(client: httpx2.AsyncClient) -> None:
    """A read has done nothing; nobody knows about a command."""
    for answer, code in ((await client.get("/reads"), "service_away"), (await client.post("/commands", headers=KEY), "unavailable")):
        assert (answer.status_code, answer.json()["code"]) == (503, code)
        assert answer.headers["retry-after"] == "1"


async def test_whatever_a_request_waits_for_it_is_answered_in_time(settings: Settings, mongo: Mongo) -> None:
    async with serving(settings, mongo, for_ever) as client:
        began = time.monotonic()
        await assert_given_up(client)
        assert 2 * LIMIT <= time.monotonic() - began < 2


@pytest.mark.parametrize("error", [ServerSelectionTimeoutError, TimeoutError])
async def test_a_database_that_is_away_is_no_fault_of_the_service(settings: Settings, mongo: Mongo, error: type[Exception]) -> None:
    async def away() -> None:
        raise error

    async with serving(settings, mongo, away) as client:
        await assert_given_up(client)


async def test_a_read_of_a_database_that_says_nothing_ends_in_time_and_leaves_the_way_free(settings: Settings, mongo: Mongo) -> None:
    async with CuttingProxy(settings.mongo) as proxy:
        silent = Mongo(proxy.uri, mongo.database.name)

        async def write() -> None:
            async with silent.slot:
                await silent.collection("rows").update_one({"_id": "silence"}, {"$set": {"x": 1}}, upsert=True)

        async with serving(settings, silent, write) as client:
            await client.get("/reads", headers={ANSWER_WITHIN: "10"})
            proxy.hang_at(b"silence", times=2)
            await assert_given_up(client)
            assert (await client.get("/reads", headers={ANSWER_WITHIN: "10"})).status_code == 200
        await silent.close()


async def test_who_waits_longer_is_given_longer(settings: Settings, mongo: Mongo) -> None:
    async def longer() -> None:
        await asyncio.sleep(3 * LIMIT)

    async with serving(settings, mongo, longer) as client:
        assert [(await client.get("/reads", headers=told)).status_code for told in ({ANSWER_WITHIN: "10"}, {ANSWER_WITHIN: "x"})] == [
            200,
            503,
        ]


async def test_neither_a_body_that_still_comes_nor_an_answer_that_has_begun_has_a_limit(settings: Settings, mongo: Mongo) -> None:
    async def nothing() -> None: ...

    async with serving(settings, mongo, nothing) as client:
        assert (await client.get("/streams")).content == b"xxx"
        assert (await client.post("/commands", headers=KEY, content=parts())).status_code == 200
