"""The HTTP server of every process, and how it leaves on SIGTERM: not ready, finish, go."""

import asyncio
import contextlib
import gc
import os
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Protocol

import structlog
import uvicorn
from fastapi import FastAPI

LEAVE_SECONDS = 20.0
"""A process that was asked to leave is gone after this long. Supervisors wait so long before they kill (`stop_grace_period`)."""
ANSWERS_SECONDS = 6
"""So long it waits for answers that are under way: more than a command may take."""
_TICK_SECONDS = 0.05
_DATE_SECONDS = 1.0
log = structlog.get_logger()


class Listens(Protocol):
    """The part of a process's settings that its server needs."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def leave_grace_seconds(self) -> float: ...


class Server(uvicorn.Server):
    """After SIGTERM ``/readyz`` says 503 while requests are still answered for `leave_grace_seconds`, so that whoever shares them
    out finds other replicas; then it takes no more, finishes what is under way and ends its tasks. `end_streams` is called in between.
    """

    def __init__(self, app: FastAPI, settings: Listens, end_streams: Callable[[], None] = lambda: None, **options: object) -> None:
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=ANSWERS_SECONDS,
            **options,  # type: ignore[arg-type]
        )
        super().__init__(config)
        self._state = app.state
        self._grace = settings.leave_grace_seconds
        self._end_streams = end_streams
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What is there by now stays; a full collection that walked through all of it would hold up every request for 0.1 s."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        gc.freeze()

    async def main_loop(self) -> None:
        """The library looks ten times a second whether a signal has come; here the signal says so. Each second the date is put right."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DATE_SECONDS):
                    await self._told.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop:
            self._loop.call_soon_threadsafe(self._told.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._state.leaving = True
        last_resort = threading.Timer(LEAVE_SECONDS, _leave_now)
        last_resort.daemon = True
        last_resort.start()
        left = self._grace
        while left > 0 and not self.force_exit:
            await asyncio.sleep(min(left, _TICK_SECONDS))
            left -= _TICK_SECONDS
        self._end_streams()
        await super().shutdown(sockets)
        last_resort.cancel()

    def serve_until_told(self) -> None:
        """Until a signal; then the process goes on with what ends it. Exit code 1 when it could not start."""
        self.run()
        if not self.started:
            sys.exit(1)


def _leave_now() -> None:
    """What was acknowledged is stored, and what is not published another replica publishes: nothing is lost by this."""
    log.error("left_by_force", seconds=LEAVE_SECONDS)
    os._exit(1)
