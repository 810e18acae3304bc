"""What every process says of itself: structured logs with request and trace ids, W3C trace context."""

import logging
import re
import secrets
import sys
import traceback
from contextvars import ContextVar
from typing import Any

import structlog
from structlog.typing import EventDict

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_traceparent: ContextVar[str] = ContextVar("traceparent", default="")


def current_traceparent() -> str:
    """The W3C trace context of the work in hand, or an empty string."""
    return _traceparent.get()


def begin_trace(traceparent: str = "") -> str:
    """Continue a trace, or start one; returns its 32-digit trace id."""
    given = _TRACEPARENT.fullmatch(traceparent)
    trace_id = given["trace"] if given else secrets.token_hex(16)
    _traceparent.set(f"00-{trace_id}-{secrets.token_hex(8)}-01")
    return trace_id


def configure_logs(service: str, level: str) -> None:
    """JSON lines on standard output, one per event; libraries' warnings included."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_PlainFormatter("%(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class _PlainFormatter(logging.Formatter):
    def formatException(self, ei: Any) -> str:
        return _places(ei[1])


def _without_values(_: Any, __: str, line: EventDict) -> EventDict:
    """Exceptions by class and place only: messages of validation and database errors quote what people typed."""
    error = line.pop("exc_info", None)
    if error:
        line["exception"] = _places(error if isinstance(error, BaseException) else sys.exc_info()[1])
    return line


def _places(error: BaseException | None) -> str:
    """The chain of exceptions, the last one first, each with its innermost frame last."""
    parts = []
    while error is not None:
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        parts.append("\n  ".join([f"{type(error).__module__}.{type(error).__qualname__}", *frames]))
        if isinstance(error, BaseExceptionGroup):
            parts += [_places(inner) for inner in error.exceptions]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(parts)
