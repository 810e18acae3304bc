"""Around every request: ids, a body limit, a time limit, a metric, one log line, and an answer where the code failed.

Pure ASGI, no copies.
"""

import asyncio
import contextlib
import re
import time
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.errors import Refusal
from common.ids import new_id
from common.metrics import COMMANDS, REQUEST_SECONDS
from common.refusals import BODY_TOO_LARGE, INTERNAL, SERVICE_AWAY, UNAVAILABLE
from common.tracing import Span, entering, trace_id
from common.web.problem import explained

BODY_LIMIT = 64 * 1024
UPLOAD_LIMIT = 10 * 1024 * 1024 + 16 * 1024
ANSWER_WITHIN = "X-Answer-Within"
"""By this header the gateway tells a service that it waits longer than usual, in seconds."""
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_QUIET = ("/livez", "/readyz", "/metrics")
log = structlog.get_logger()


class Around:
    """`service` labels the metrics.

    A request that has no answer `seconds` after its last byte, or fails by an error that is `passing`, is answered 503: all that it
    waits for counts, whatever it is. An answer that has begun has no limit.
    """

    def __init__(self, app: ASGIApp, service: str, seconds: float | None = None, passing: tuple[type[Exception], ...] = ()) -> None:
        self._app = app
        self._service = service
        self._seconds = seconds
        self._passing: tuple[type[Exception], ...] = (TimeoutError, *passing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        parent = headers.get(b"traceparent", b"").decode("latin-1")
        with entering(_method(scope), "server", parent, {"http.request.method": _method(scope)}) as span:
            await self._exchange(scope, receive, send, headers, span)

    async def _exchange(self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes], span: Span) -> None:
        request_id = headers.get(b"x-request-id", b"").decode("latin-1")[:64] or new_id("req")
        structlog.contextvars.bind_contextvars(request_id=request_id, trace_id=trace_id())
        seconds = _seconds(headers) or self._seconds
        exchange = _Exchange(receive, send, request_id, _limit(headers.get(b"content-type", b"")), seconds)
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.perf_counter()
        try:
            if int(headers.get(b"content-length", b"0") or b"0") > exchange.limit:
                answer = await explained(scope, BODY_TOO_LARGE(limit_kib=exchange.limit // 1024))
                await answer(scope, exchange.receive, exchange.send)
            else:
                async with exchange.time:
                    await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            refused = self._failed(scope, error)
            if exchange.status:
                raise
            answer = await explained(scope, refused)
            await answer(scope, exchange.receive, exchange.send)
        finally:
            self._note(scope, exchange.status, time.perf_counter() - began, span)
            structlog.contextvars.unbind_contextvars("request_id", "trace_id")

    def _failed(self, scope: Scope, error: Exception) -> Refusal:
        if isinstance(error, self._passing):
            log.warning("request_gave_up", path=scope["path"], error=type(error).__name__)
            kind = UNAVAILABLE if "command" in scope["state"] else SERVICE_AWAY
        else:
            log.exception("request_failed", path=scope["path"], error=type(error).__name__)
            kind = INTERNAL
        scope["state"]["code"] = kind.code
        return kind()

    def _note(self, scope: Scope, status: int, seconds: float, span: Span) -> None:
        state: dict[str, Any] = scope["state"]
        route, code = getattr(scope.get("route"), "path", "none"), state.get("code", "ok")
        REQUEST_SECONDS.labels(self._service, _method(scope), route, status).observe(seconds)
        actor, command = state.get("actor"), state.get("command")
        span.rename(f"{_method(scope)} {route}")
        span.note({"http.route": route, "http.response.status_code": status, "jianxi.command": command or "", "jianxi.code": code})
        if status >= 500:
            span.fail(str(status))
        if command:
            COMMANDS.labels(self._service, command, code).inc()
        if command or status >= 500:
            log.info(
                "command" if command else "request",
                command=command,
                route=route,
                status=status,
                code=code,
                milliseconds=round(seconds * 1000, 1),
                actor=actor.id if actor else None,
                role=actor.role if actor else None,
            )


def _method(scope: Scope) -> str:
    """One of few: a caller may invent others."""
    return scope["method"] if scope["method"] in _METHODS else "_OTHER"


def _limit(content_type: bytes) -> int:
    return UPLOAD_LIMIT if content_type.lower().startswith(b"multipart/form-data") else BODY_LIMIT


def _seconds(headers: dict[bytes, bytes]) -> float:
    """How long the caller waits, where it says so; else 0."""
    told = headers.get(ANSWER_WITHIN.lower().encode(), b"")
    return float(told) if re.fullmatch(rb"[0-9]{1,4}(\.[0-9]{1,3})?", told) else 0.0


class _Exchange:
    """Counts what comes in, and adds the request id to what goes out. `time` is the limit between the two."""

    def __init__(self, receive: Receive, send: Send, request_id: str, limit: int, seconds: float | None) -> None:
        self._receive, self._send = receive, send
        self._request_id = request_id.encode("latin-1", "replace")
        self._received = 0
        self._seconds = seconds
        self.limit = limit
        self.status = 0
        self.time = asyncio.timeout(seconds)

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self.limit:
            raise HTTPException(413, str(self.limit // 1024))
        if message["type"] == "http.request" and not self.status:
            self._within(None if message.get("more_body") else self._seconds)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._within(None)
            message["headers"] = [*message.get("headers", []), (b"x-request-id", self._request_id)]
        await self._send(message)

    def _within(self, seconds: float | None) -> None:
        with contextlib.suppress(RuntimeError):  # the time is over, and what goes on is the answer that says so
            self.time.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)
