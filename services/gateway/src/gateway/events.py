"""One stream of live status as an HTTP answer that does not end by itself."""

import asyncio
import time

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.frames import HEARTBEAT, HELLO
from gateway.live import Live, Stream

HEARTBEAT_SECONDS = 15.0
SEND_SECONDS = 10.0
"""A connection that takes nothing for so long is closed."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """Ends when the caller leaves or does not keep up, when the token is over (`expires`, seconds since the epoch), and at shutdown."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, stream: Stream, expires: float) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._live, self._stream, self._expires = live, stream, expires

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        leaving = asyncio.create_task(self._watch(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._give(send)
        except TimeoutError:
            return  # unfinished: the server closes the connection
        finally:
            leaving.cancel()
            self._live.leave(self._stream)

    async def _give(self, send: Send) -> None:
        part = HELLO
        while part:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            part = await self._next()
        await send({"type": "http.response.body"})

    async def _next(self) -> bytes:
        """What comes next; nothing when it is over."""
        left = self._expires - time.time()
        frames = await self._stream.take(min(HEARTBEAT_SECONDS, left)) if left > 0 else b""
        return frames or (b"" if self._stream.over or self._expires <= time.time() else HEARTBEAT)

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stream.end()
