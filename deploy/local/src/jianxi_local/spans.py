"""The spans of one trace as JIANXI_TRACES=file:… writes them, and the order in which a picture shows them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Span:
    """`start` and `end` are in seconds since the epoch, `kind` is as in OpenTelemetry (SERVER, CLIENT, PRODUCER, CONSUMER, INTERNAL)."""

    id: str
    trace: str
    parent: str | None
    name: str
    service: str
    kind: str
    start: float
    end: float
    attributes: dict[str, Any]

    @classmethod
    def of(cls, line: str) -> Self:
        """From one line of the file."""
        said = json.loads(line)
        return cls(
            id=said["context"]["span_id"],
            trace=said["context"]["trace_id"],
            parent=said["parent_id"],
            name=said["name"],
            service=said["resource"]["attributes"]["service.name"],
            kind=said["kind"].removeprefix("SpanKind."),
            start=datetime.fromisoformat(said["start_time"]).timestamp(),
            end=datetime.fromisoformat(said["end_time"]).timestamp(),
            attributes=said["attributes"],
        )

    @property
    def message(self) -> str | None:
        """The id of the event that it is about."""
        return self.attributes.get("messaging.message.id")

    @property
    def of_database(self) -> bool:
        return "db.system.name" in self.attributes


@dataclass(frozen=True)
class Lane:
    """One line of the picture: a span, how deep it lies, its own work in the database, and who said the event that it handles."""

    span: Span
    depth: int
    database: tuple[Span, ...]
    said_by: Span | None


def read(file: Path) -> list[Span]:
    """All that is written by now."""
    return [Span.of(line) for line in file.read_text(encoding="utf-8").splitlines()]


def lanes(trace: Sequence[Span]) -> list[Lane]:
    """Parents before children, children by time; whoever handles an event stands below the one that said it."""
    ids = {span.id for span in trace}
    below: dict[str | None, list[Span]] = {}
    for span in trace:
        below.setdefault(span.parent if span.parent in ids else None, []).append(span)
    said = {span.message: span for span in trace if span.kind == "PRODUCER"}

    def place(span: Span) -> tuple[float, float]:
        by = said.get(span.message) if span.message else None
        return (by.start, 0.0 if span is by else span.start) if by else (span.start, 0.0)

    def database(span: Span) -> Iterator[Span]:
        for child in below.get(span.id, ()):
            if child.of_database:
                yield child
                yield from database(child)

    def walk(span: Span, depth: int) -> Iterator[Lane]:
        said_by = said.get(span.message) if span.kind == "CONSUMER" else None
        yield Lane(span, depth, tuple(database(span)), said_by)
        for child in sorted(below.get(span.id, ()), key=place):
            if not child.of_database:
                yield from walk(child, depth + 1)

    return [lane for first in sorted(below.get(None, ()), key=place) for lane in walk(first, 0)]
