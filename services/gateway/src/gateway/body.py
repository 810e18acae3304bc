"""The body of a request on its way through: counted, never kept."""

import asyncio
from collections.abc import AsyncIterator

from common.errors import refusal
from common.refusals import BODY_TOO_LARGE
from starlette.exceptions import HTTPException
from starlette.types import Receive

STALLED = refusal("request_stalled", 408, "提交的内容长时间没有传完，请检查网络后重试。")
BODY_SECONDS = 60.0


class CallerGone(Exception):
    """The caller closed the connection before the request was complete."""


class Body:
    """An asynchronous iterable of parts, of at most `limit` bytes in all and `BODY_SECONDS` from its first part to its last.

    `failure` keeps what stopped it (a refusal, or the caller leaving): the HTTP client wraps it beyond recognition.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._received = 0
        self._deadline = asyncio.get_running_loop().time() + BODY_SECONDS
        self._first: bytes | None = None
        self.more = True
        self.failure: Exception | None = None

    async def begin(self) -> "Body | bytes":
        """Take the first part: the whole body at once where it is small, else the iterable that starts with it."""
        self._first = await self._next()
        return self if self.more else self._first

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            if self._first is not None:
                first, self._first = self._first, None
                yield first
            while self.more:
                yield await self._next()
        except Exception as error:
            self.failure = error
            raise

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError as error:
            raise STALLED() from error
        except HTTPException as error:  # beyond the limit that `Around` keeps
            raise BODY_TOO_LARGE(limit_kib=self._limit // 1024) from error
        if message["type"] == "http.disconnect":
            raise CallerGone
        part: bytes = message.get("body", b"")
        self.more = message.get("more_body", False)
        self._received += len(part)
        if self._received > self._limit:
            raise BODY_TOO_LARGE(limit_kib=self._limit // 1024)
        return part
