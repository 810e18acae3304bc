"""What every process says of itself: structured logs, one line per event, with the ids of request and trace."""

import logging
import sys
import time
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict

_SELDOM_SECONDS = 60.0


def configure_logs(service: str, level: str) -> None:
    """JSON lines on standard output, one per event; the warnings of libraries, in words of theirs, on standard error."""
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
    handler.addFilter(_Seldom())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class _Seldom(logging.Filter):
    """What one place in a library says again and again is said once a minute: a client whose server is away says hundreds of lines a
    second, and would fill the disk in a night.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place, now = (record.pathname, record.lineno), time.monotonic()
        seldom = now - self._said.get(place, -_SELDOM_SECONDS) >= _SELDOM_SECONDS
        if seldom:
            self._said[place] = now
        return seldom


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
