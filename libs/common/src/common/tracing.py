"""Traces: the W3C context goes along with every piece of work; spans are recorded where JIANXI_TRACES says so.

The context travels in the header ``traceparent`` of HTTP and Kafka, and beside the pending events in between. Recording needs the
extra `otel` of common (`common.otel`); without it nothing of that is imported, and a span costs a new id or nothing at all.
Names and attributes follow the semantic conventions of OpenTelemetry. Nothing of a person becomes an attribute, no path and no query.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

from common.errors import Refusal

Attributes = Mapping[str, str | int]
Kind = Literal["internal", "server", "client", "producer", "consumer"]
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})(?P<trace>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_traceparent: ContextVar[str] = ContextVar("traceparent", default="")


class Span(Protocol):
    """One piece of work, while it is done. `traceparent` names it to others."""

    traceparent: str

    def rename(self, name: str) -> None: ...

    def note(self, attributes: Attributes) -> None: ...

    def fail(self, kind: str) -> None:
        """`kind` is the class of an error or a status code: never a text."""

    def end(self) -> None: ...


class Recorder(Protocol):
    def start(self, name: str, kind: Kind, parent: str, attributes: Attributes) -> Span:
        """A span below `parent`, or the first one of a new trace when that is empty or unsound."""

    def close(self, seconds: float) -> None:
        """Hand over what is recorded, for at most so long: nobody waits for a collector that is away."""


class _Unrecorded:
    """Has an id where others continue it."""

    def __init__(self, traceparent: str) -> None:
        self.traceparent = traceparent

    def rename(self, name: str) -> None: ...

    def note(self, attributes: Attributes) -> None: ...

    def fail(self, kind: str) -> None: ...

    def end(self) -> None: ...


_recorder: Recorder | None = None


def configure(service: str, instance: str | None, target: str) -> None:
    """`target`: nothing, ``otlp`` (where to is said by OTEL_EXPORTER_OTLP_*), ``console``, or ``file:PATH`` for lines of JSON.

    How many traces are recorded is said by OTEL_TRACES_SAMPLER. ModuleNotFoundError without the extra `otel`.
    """
    if target:
        from common.otel import OtelRecorder

        _record_with(OtelRecorder(service, instance, target))


def close(seconds: float = 2.0) -> None:
    """The end of recording."""
    recorder = _recorder
    _record_with(None)
    if recorder:
        recorder.close(seconds)


def _record_with(recorder: Recorder | None) -> None:
    global _recorder
    _recorder = recorder


def current_traceparent() -> str:
    """The W3C trace context of the work in hand, or an empty string."""
    return _traceparent.get()


def trace_id() -> str:
    """32 digits, or an empty string."""
    return _traceparent.get()[3:35]


def trace_of(traceparent: str) -> str:
    """The trace id of a sound W3C context, else an empty string."""
    given = _TRACEPARENT.fullmatch(traceparent)
    return given["trace"] if given else ""


@contextmanager
def entering(name: str, kind: Kind, parent: str, attributes: Attributes) -> Iterator[Span]:
    """Work that comes from elsewhere: continues the trace of `parent`, or begins one. What is done within belongs to it."""
    if _recorder:
        span = _recorder.start(name, kind, parent, attributes)
    else:
        span = _Unrecorded(f"00-{trace_of(parent) or secrets.token_hex(16)}-{secrets.token_hex(8)}-01")
    with _current(span):
        yield span


@contextmanager
def within(name: str, kind: Kind, attributes: Attributes) -> Iterator[Span]:
    """A part of the work in hand. Nothing at all unless it is recorded, and belongs to something."""
    parent = _traceparent.get()
    if _recorder is None or not parent:
        yield _Unrecorded(parent)
        return
    with _current(_recorder.start(name, kind, parent, attributes)) as span:
        yield span


@contextmanager
def beside(spans: Iterable[tuple[str, Kind, str, Attributes]]) -> Iterator[None]:
    """Work on many things at once, each of a trace of its own: (name, kind, parent, attributes). Not looked at unless recorded."""
    if _recorder is None:
        yield
        return
    started = [_recorder.start(*span) for span in spans]
    with ExitStack() as stack:
        for span in started:
            stack.enter_context(_ended(span))
        yield


@contextmanager
def _current(span: Span) -> Iterator[Span]:
    token = _traceparent.set(span.traceparent)
    try:
        with _ended(span):
            yield span
    finally:
        _traceparent.reset(token)


@contextmanager
def _ended(span: Span) -> Iterator[None]:
    """A refusal is an answer, not a failure."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Refusal):
            span.fail(type(error).__qualname__)
        raise
    finally:
        span.end()
