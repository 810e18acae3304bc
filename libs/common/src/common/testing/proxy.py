"""A TCP proxy in front of a server: passes everything on, and on demand loses replies as a broken network does."""

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_WRITES = (b"update", b"commitTransaction")


class CuttingProxy:
    """Stands before a MongoDB address; `uri` is the address to use instead."""

    def __init__(self, mongo_uri: str) -> None:
        parts = urlsplit(mongo_uri)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 27017)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._marker = b""
        self._times = 0
        self._hangs = False
        self.cuts = 0

    def cut_replies_to(self, marker: bytes, *, times: int) -> None:
        """The next `times` writes that contain `marker` reach the server; their connection is cut before the reply."""
        self._marker, self._times, self._hangs = marker, times, False

    def hang_at(self, marker: bytes, *, times: int) -> None:
        """The next `times` writes that contain `marker` reach nobody, and their connection stays open without a word."""
        self._marker, self._times, self._hangs = marker, times, True

    @property
    def uri(self) -> str:
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        target_reader, target_writer = await asyncio.open_connection(*self._target)
        back = asyncio.create_task(self._copy(target_reader, writer))
        try:
            await self._forward(reader, target_writer, target_reader, back)
        finally:
            back.cancel()
            writer.close()
            target_writer.close()
            self._connections.discard(task)

    async def _forward(
        self, reader: asyncio.StreamReader, target: asyncio.StreamWriter, replies: asyncio.StreamReader, back: "asyncio.Task[None]"
    ) -> None:
        while data := await reader.read(65_536):
            cut = self._times > 0 and self._marker in data and any(write in data for write in _WRITES)
            if cut:
                self._times -= 1
                self.cuts += 1
                if self._hangs:
                    await asyncio.Event().wait()
                back.cancel()
                await asyncio.gather(back, return_exceptions=True)
            target.write(data)
            await target.drain()
            if cut:
                await replies.read(1)
                return

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
