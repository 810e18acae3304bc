"""How a process leaves: it says so, answers what is under way and what still comes for a moment, and is gone in time."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from common.messaging import broker, relay
from common.settings import Settings
from common.testing.eventually import eventually
from common.web import server
from jianxi_local.spawn import free_port

PROGRAM = """
import asyncio, gc, sys
from types import SimpleNamespace
from fastapi import FastAPI
from common.web import health, server

port, grace, patience, told = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
server.LEAVE_SECONDS = patience
app = FastAPI()
app.include_router(health.router)
app.state.tasks, app.state.ready_checks = [], {}
gate = asyncio.Event()

@app.get("/slow")
async def slow():
    open(told, "w").close()
    await gate.wait()
    return "done"

@app.get("/kept")
async def kept():
    return gc.get_freeze_count()

@app.post("/open")
async def open_gate():
    gate.set()

server.Server(app, SimpleNamespace(host="127.0.0.1", port=port, leave_grace_seconds=grace)).serve_until_told()
"""


@asynccontextmanager
async def serving(told: Path, *, grace: float, patience: float = 20) -> AsyncIterator[tuple[httpx2.AsyncClient, Process]]:
    port = free_port()
    arguments = (str(port), str(grace), str(patience), str(told))
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, *arguments, stdout=asyncio.subprocess.DEVNULL)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

        async def up() -> bool:
            try:
                return (await client.get("/readyz")).status_code == 200
            except httpx2.ConnectError:
                return False

        try:
            await eventually(up)
            yield client, process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def test_who_is_told_to_leave_says_so_and_finishes_what_it_has_begun(tmp_path: Path) -> None:
    async with serving(tmp_path / "told", grace=5) as (client, process):
        slow = asyncio.create_task(client.get("/slow"))
        await eventually(lambda: _there(tmp_path / "told"))
        process.send_signal(signal.SIGTERM)

        async def leaving() -> bool:
            answer = await client.get("/readyz")
            return (answer.status_code, answer.json()) == (503, {"ready": False, "failed": {"process": "leaving"}})

        await eventually(leaving)
        assert (await client.get("/livez")).status_code == 200, "there is nothing to restart"
        assert (await client.post("/open")).status_code == 200, "for a moment it still takes requests"
        assert (await slow).json() == "done"
        await process.wait()
    assert process.returncode in (0, -signal.SIGTERM)


async def test_who_cannot_end_is_gone_all_the_same(tmp_path: Path) -> None:
    async with serving(tmp_path / "told", grace=0, patience=0.5) as (client, process):
        slow = asyncio.create_task(client.get("/slow"))
        await eventually(lambda: _there(tmp_path / "told"))
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 1
        await asyncio.gather(slow, return_exceptions=True)


async def test_no_collection_walks_through_what_is_there_from_the_start(tmp_path: Path) -> None:
    async with serving(tmp_path / "told", grace=0) as (client, _):
        assert (await client.get("/kept")).json() > 10_000


def test_all_that_is_waited_for_fits_into_the_time_to_leave() -> None:
    (most,) = [limit.le for limit in Settings.model_fields["leave_grace_seconds"].metadata if hasattr(limit, "le")]
    assert most + server.ANSWERS_SECONDS + broker.BATCHES_SECONDS + relay.LAST_PASS_SECONDS <= server.LEAVE_SECONDS


async def _there(file: Path) -> bool:
    return os.path.exists(file)  # noqa: ASYNC240
