"""The pass-through: headers filtered, bodies streamed both ways, nothing parsed."""

import asyncio
from collections.abc import Iterable
from urllib.parse import quote

import aiohttp
import structlog
from common.errors import RefusalKind
from common.refusals import BODY_TOO_LARGE, SERVICE_AWAY, UNAVAILABLE
from common.tracing import current_traceparent, within
from common.web.middleware import ANSWER_WITHIN
from multidict import CIMultiDict
from starlette.types import Receive, Scope, Send
from yarl import URL

from gateway.body import Body
from gateway.routes import Route
from gateway.upstreams import Upstreams, timeout

_HOP_BY_HOP = frozenset(
    (b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te", b"trailer",
     b"transfer-encoding", b"upgrade")
)  # fmt: skip
_NOT_PASSED_IN = _HOP_BY_HOP | {
    b"host", b"expect", b"cookie", b"forwarded", b"x-real-ip", b"x-request-id", b"traceparent", ANSWER_WITHIN.lower().encode()
}  # fmt: skip
_NOT_PASSED_OUT = _HOP_BY_HOP | {b"date", b"server", b"x-request-id"}
_QUERY_CHARACTERS = "".join(map(chr, range(0x21, 0x7F))).replace("#", "")
_AT_ONCE = 65_536
"""Answers up to this many bytes are sent in one piece."""

_NOTHING_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
Headers = Iterable[tuple[bytes, bytes]]
log = structlog.get_logger()


async def pass_through(upstreams: Upstreams, route: Route, scope: Scope, receive: Receive, send: Send) -> None:
    """Send one request to its service and the answer back. Raises a refusal while nothing of the answer was sent."""
    attributes = {"http.request.method": route.method, "url.template": route.path, "server.address": route.service}
    with within(route.name, "client", attributes) as span:
        headers = request_headers(scope, with_body=route.command)
        if int(headers.get("Content-Length", "0")) > route.body_limit:
            raise BODY_TOO_LARGE(limit_kib=route.body_limit // 1024)
        body = Body(receive, route.body_limit)
        data = await body.begin() if route.command else None
        target = scope["raw_path"].decode("ascii") + _query(scope["query_string"])
        answer = await _ask_in_time(upstreams, route, target, headers, data)
        span.note({"http.response.status_code": answer.status})
    async with answer:
        await _give_back(answer, scope, send)


async def _ask_in_time(
    upstreams: Upstreams, route: Route, target: str, headers: CIMultiDict[str], data: Body | bytes | None
) -> aiohttp.ClientResponse:
    """The caller hears within the route's time, whatever stands still: for a body that still comes it counts from its last byte."""
    patience = timeout(route.seconds)
    if route.seconds:
        headers[ANSWER_WITHIN] = str(route.seconds)
    try:
        async with asyncio.timeout(None if isinstance(data, Body) else patience.sock_read):
            return await _ask(upstreams, route, target, headers, data, patience)
    except TimeoutError as error:
        raise _no_answer(route)() from error


async def _ask(
    upstreams: Upstreams, route: Route, target: str, headers: CIMultiDict[str], data: Body | bytes | None, patience: aiohttp.ClientTimeout
) -> aiohttp.ClientResponse:
    """The first answer of a replica.

    A replica that took no connection has seen nothing, so the next one is asked. After that only a read may be asked again: a command
    may have taken effect, so its caller hears 503 and decides to repeat it with the same key.
    """
    for address in upstreams.in_turn(route.service):
        url = URL(address + target, encoded=True)
        try:
            return await upstreams.session.request(route.method, url, headers=headers, data=data, allow_redirects=False, timeout=patience)
        except _NOTHING_SENT:
            upstreams.rest(address)
        except (aiohttp.ClientError, TimeoutError) as error:
            if isinstance(data, Body) and data.failure:
                raise data.failure from error
            if route.command or isinstance(error, TimeoutError):
                raise _no_answer(route)() from error
            upstreams.rest(address)
    raise SERVICE_AWAY()


async def _give_back(answer: aiohttp.ClientResponse, scope: Scope, send: Send) -> None:
    """Stream the answer. Where the service breaks off it stays unfinished, so that the server closes the caller's connection."""
    start = {"type": "http.response.start", "status": answer.status, "headers": list(kept(answer.raw_headers, _NOT_PASSED_OUT))}
    if answer.status >= 400:
        scope["state"]["code"] = f"http_{answer.status}"
    if answer.content_length is not None and answer.content_length <= _AT_ONCE:
        whole = await _read(answer, _no_answer(scope["route"]))
        await send(start)
        await send({"type": "http.response.body", "body": whole})
        return
    await send(start)
    try:
        async for part in answer.content.iter_any():
            await send({"type": "http.response.body", "body": part, "more_body": True})
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("answer_broken_off", route=scope["route"].name, error=type(error).__name__)
        return
    await send({"type": "http.response.body"})


def _no_answer(route: Route) -> RefusalKind:
    """A command may have taken effect."""
    return UNAVAILABLE if route.command else SERVICE_AWAY


async def _read(answer: aiohttp.ClientResponse, otherwise: RefusalKind) -> bytes:
    try:
        return await answer.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise otherwise() from error


def request_headers(scope: Scope, *, with_body: bool) -> CIMultiDict[str]:
    """What the service is told: the caller's end-to-end headers, the address it called from, the ids of request and trace."""
    dropped = _NOT_PASSED_IN if with_body else _NOT_PASSED_IN | {b"content-length"}
    passed = CIMultiDict(
        (name.decode("latin-1"), value.decode("utf-8", "replace"))
        for name, value in kept(scope["headers"], dropped)
        if not name.startswith(b"x-forwarded-")
    )
    passed["X-Forwarded-For"] = address(scope)
    passed["X-Request-Id"] = scope["state"]["request_id"]
    passed["traceparent"] = current_traceparent()
    return passed


def address(scope: Scope) -> str:
    """Where the caller is, as far as this process can know."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def kept(headers: Headers, dropped: frozenset[bytes]) -> Headers:
    """Without `dropped` and without those that ``Connection`` names as meant for this hop only."""
    named = {name.strip().lower() for header, value in headers if header.lower() == b"connection" for name in value.split(b",")}
    without = dropped | named if named else dropped
    return ((name, value) for name, value in headers if name.lower() not in without)


def _query(raw: bytes) -> str:
    """As it came, except that what may not stand in a URL is escaped."""
    return "?" + quote(raw, safe=_QUERY_CHARACTERS) if raw else ""
