"""Around every request: ids, a body limit, a metric, one log line, and an answer where the code failed. Pure ASGI, no copies."""

import time
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.ids import new_id
from common.metrics import COMMANDS, REQUEST_SECONDS
from common.observe import begin_trace
from common.refusals import BODY_TOO_LARGE, INTERNAL
from common.web.problem import explained

BODY_LIMIT = 64 * 1024
UPLOAD_LIMIT = 10 * 1024 * 1024 + 16 * 1024
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_QUIET = ("/livez", "/readyz", "/metrics")
log = structlog.get_logger()


class Around:
    """`service` labels the metrics."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        trace_id = begin_trace(headers.get(b"traceparent", b"").decode("latin-1"))
        request_id = headers.get(b"x-request-id", b"").decode("latin-1")[:64] or new_id("req")
        structlog.contextvars.bind_contextvars(request_id=request_id, trace_id=trace_id)
        exchange = _Exchange(receive, send, request_id, _limit(headers.get(b"content-type", b"")))
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.perf_counter()
        try:
            if int(headers.get(b"content-length", b"0") or b"0") > exchange.limit:
                answer = await explained(scope, BODY_TOO_LARGE(limit_kib=exchange.limit // 1024))
                await answer(scope, exchange.receive, exchange.send)
            else:
                await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            log.exception("request_failed", path=scope["path"], error=type(error).__name__)
            if exchange.status:
                raise
            scope["state"]["code"] = INTERNAL.code
            answer = await explained(scope, INTERNAL())
            await answer(scope, exchange.receive, exchange.send)
        finally:
            self._note(scope, exchange.status, time.perf_counter() - began)
            structlog.contextvars.unbind_contextvars("request_id", "trace_id")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        state: dict[str, Any] = scope["state"]
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        REQUEST_SECONDS.labels(self._service, method, route, status).observe(seconds)
        actor, command = state.get("actor"), state.get("command")
        if command:
            COMMANDS.labels(self._service, command, state.get("code", "ok")).inc()
        if command or status >= 500:
            log.info(
                "command" if command else "request",
                command=command,
                route=route,
                status=status,
                code=state.get("code", "ok"),
                milliseconds=round(seconds * 1000, 1),
                actor=actor.id if actor else None,
                role=actor.role if actor else None,
            )


def _limit(content_type: bytes) -> int:
    return UPLOAD_LIMIT if content_type.lower().startswith(b"multipart/form-data") else BODY_LIMIT


class _Exchange:
    """Counts what comes in, and adds the request id to what goes out."""

    def __init__(self, receive: Receive, send: Send, request_id: str, limit: int) -> None:
        self._receive, self._send = receive, send
        self._request_id = request_id.encode("latin-1", "replace")
        self._received = 0
        self.limit = limit
        self.status = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self.limit:
            raise HTTPException(413, str(self.limit // 1024))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), (b"x-request-id", self._request_id)]
        await self._send(message)
