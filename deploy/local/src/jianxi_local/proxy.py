"""A TCP proxy of ours, a test tool: passes everything on, and on demand is slow, silent, closed, or loses replies.

In one thread of its own, so that tests of any kind use it; a network that is broken, without privileges.
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from common.tasks import end_tasks

_AT_ONCE = 65_536
_RESET = struct.pack("ii", 1, 0)
"""Lingering for no time: closing resets the connection."""


class Way(StrEnum):
    """How the way is. SILENT: bytes wait and nobody is told; CLOSED: connections are reset and none is taken."""

    OPEN = "open"
    SILENT = "silent"
    CLOSED = "closed"


@dataclass
class Weather:
    """`delay` and `jitter` in seconds, for each piece in each direction; `resets`: the share of pieces at which a connection is reset.

    `lost_replies`: so many connections are reset after their next request has been passed on, before any reply; only requests
    that contain `marker`.
    """

    way: Way = Way.OPEN
    delay: float = 0.0
    jitter: float = 0.0
    resets: float = 0.0
    lost_replies: int = 0
    marker: bytes = b""


class Proxy:
    """Stands before 127.0.0.1:`target`, at `address`. `weather` may be changed at any time; `faults` counts what was cut.

    It listens on `listener`, which may belong to another network; by default on a free port of loopback.
    """

    def __init__(self, target: int, seed: str = "", *, listener: socket.socket | None = None) -> None:
        self.weather = Weather()
        self.faults = 0
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        host, self.port = self._listener.getsockname()
        self.address = f"{host}:{self.port}"
        self._target = target
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._open: set[asyncio.Task[Any]] = set()

    def turn(self, weather: Weather) -> None:
        """The weather from now on. A closed way resets what is open."""
        self.weather = weather
        self._loop.call_soon_threadsafe(self._speaks.clear if weather.way is Way.SILENT else self._speaks.set)
        if weather.way is Way.CLOSED:
            self._run(self._end())

    def __enter__(self) -> Self:
        self._thread.start()
        self._server: asyncio.Server = self._run(asyncio.start_server(self._serve, sock=self._listener))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result()

    async def _close(self) -> None:
        self._server.close()
        await self._end()

    async def _end(self) -> None:
        tasks = list(self._open)
        self.faults += len(tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if self.weather.way is not Way.CLOSED:
                await self._between(reader, writer)
        self._open.discard(task)
        writer.transport.abort()

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both directions until one ends."""
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        lost = asyncio.Event()
        ways = [
            asyncio.create_task(self._pass(reader, far_writer, lost, requests=True)),
            asyncio.create_task(self._pass(far_reader, writer, lost, requests=False)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end_tasks(ways)
            far_writer.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, lost: asyncio.Event, *, requests: bool) -> None:
        """One direction. Ends when the connection is over, or is to be reset."""
        while piece := await source.read(_AT_ONCE):
            weather = self.weather
            if weather.delay:
                await asyncio.sleep(max(0.0, weather.delay + self._chance.uniform(-weather.jitter, weather.jitter)))
            await self._speaks.wait()
            if weather.resets and self._chance.random() < weather.resets:
                self.faults += 1
                return
            if not requests and lost.is_set():
                self.faults += 1
                return
            if requests and weather.lost_replies and weather.marker in piece:
                weather.lost_replies -= 1
                lost.set()
            sink.write(piece)
            await sink.drain()
