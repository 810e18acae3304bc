"""Spans by OpenTelemetry: imported only where JIANXI_TRACES asks for it, since it needs the extra `otel`."""

import socket
import sys
import threading
from pathlib import Path
from typing import TextIO

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags, set_span_in_context
from opentelemetry.trace import Span as OpenTelemetrySpan

from common.tracing import Attributes, Kind, Span, trace_of

_FILE = "file:"
_DELAY_MS = 500


class OtelRecorder:
    """`target` as for `common.tracing.configure`."""

    def __init__(self, service: str, instance: str | None, target: str) -> None:
        names = {"service.name": service, "service.namespace": "jianxi", "service.instance.id": instance or socket.gethostname()}
        self._provider = TracerProvider(resource=Resource.create(names), shutdown_on_exit=False)
        self._out = _open(target.removeprefix(_FILE)) if target.startswith(_FILE) else sys.stdout
        exporter = OTLPSpanExporter() if target == "otlp" else ConsoleSpanExporter(out=self._out, formatter=_line)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=_DELAY_MS))
        self._tracer = self._provider.get_tracer("jianxi")

    def start(self, name: str, kind: Kind, parent: str, attributes: Attributes) -> Span:
        context = set_span_in_context(NonRecordingSpan(_context(parent))) if trace_of(parent) else None
        return _Recorded(self._tracer.start_span(name, context, SpanKind[kind.upper()], attributes))

    def close(self, seconds: float) -> None:
        ending = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        ending.start()
        ending.join(seconds)
        if self._out is not sys.stdout:
            self._out.close()


class _Recorded:
    def __init__(self, span: OpenTelemetrySpan) -> None:
        self._span = span
        context = span.get_span_context()
        self.traceparent = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        self._span.end()


def _context(traceparent: str) -> SpanContext:
    _, trace, span, flags = traceparent.split("-")
    return SpanContext(int(trace, 16), int(span, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))


def _open(path: str) -> TextIO:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return open(path, "a", encoding="utf-8", buffering=1)


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"
