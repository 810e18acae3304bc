"""An HTTP/1.1 client that costs little: kept-alive connections, one request at a time on each, parsed by httptools."""

import asyncio
import json
import time
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import httptools

Answered = tuple[int, bytes]


class Reply(NamedTuple):
    """To one request: when it was due and when the whole answer was there (monotonic seconds), its status and body."""

    due: float
    at: float
    status: int
    body: bytes

    @property
    def seconds(self) -> float:
        return self.at - self.due

    def json(self) -> Any:
        return json.loads(self.body)


class _Connection(asyncio.Protocol):
    """The callbacks named on_… are httptools'."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._answer: asyncio.Future[Answered] | None = None

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> Answered:
        """ConnectionError when the server has closed the connection instead."""
        assert self._transport is not None
        self._body.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("closed before the answer"))

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), b"".join(self._body)))


class Client:
    """Of one address, given as host and port; `again` counts requests that were sent twice, with the same key."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._idle: list[_Connection] = []
        self.again = 0

    @classmethod
    def of(cls, url: str) -> Self:
        address = urlsplit(url)
        return cls(str(address.hostname), address.port or 80)

    async def send(self, method: str, path: str, token: str, key: str, body: bytes = b"", due: float | None = None) -> Reply:
        """A command, whatever it says; its time counts from when it was `due` (now, unless given)."""
        due = time.monotonic() if due is None else due
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {token}\r\n"
        head += f"Idempotency-Key: {key}\r\n" if key else ""
        kind = "Content-Type: application/json\r\n" if body else ""
        request = f"{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body
        while True:
            connection = await self._connection()
            try:
                status, answer = await connection.ask(request)
            except ConnectionError:
                self.again += 1
                continue
            self._idle.append(connection)
            return Reply(due, time.monotonic(), status, answer)

    async def read(self, path: str, token: str) -> Reply:
        return await self.send("GET", path, token, "")

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _connection(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        _, made = await asyncio.get_running_loop().create_connection(_Connection, self._host, self._port)
        return made
