"""A small real HTTP server where a replica of a service would be. It notes what it is asked."""

from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def echo(request: web.Request) -> web.StreamResponse:
    """What arrived, as JSON."""
    body = b"".join([part async for part in request.content.iter_any()]).decode("latin-1")
    return web.json_response({"path": request.raw_path, "headers": [list(pair) for pair in request.headers.items()], "body": body})


async def drop(request: web.Request) -> web.StreamResponse:
    """Take the request and close the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


class Replica:
    """Answers everything by `handler`."""

    def __init__(self, handler: Handler = echo) -> None:
        self.handler = handler
        self.asked: list[web.Request] = []
        self.address = ""
        self._runner = web.ServerRunner(web.Server(self._serve), shutdown_timeout=0.1)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)  # type: ignore[arg-type]
        return await self.handler(request)  # type: ignore[arg-type]

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = "http://{}:{}".format(*self._runner.addresses[0])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
