"""CloudEvents 1.0 over Kafka in binary mode: attributes in headers, the message as JSON value, key = aggregate id.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from common.contracts.base import MESSAGES, Message

_ID = re.compile(r"(?P<aggregate>.+):(?P<seq>[1-9][0-9]{0,17})", re.ASCII)
_YEARS = range(2000, 2200)
_LONG_NUMBER = re.compile(rb"[0-9]{19}")
_TYPE = re.compile(r"^(?P<type>[a-z_]+(\.[a-z_]+)+)\.v(?P<version>[1-9]\d*)$")


class UnknownType(Exception):
    """A message type this build does not know: counted and skipped."""


class Undecodable(Exception):
    """A record that is not a readable message of its type: goes to the dead letters with this reason."""


@dataclass(frozen=True)
class Event:
    """One fact. `id` is ``<aggregate>:<seq>``; `seq` counts the events of one aggregate from 1 without gaps."""

    aggregate: str
    seq: int
    source: str
    time: datetime
    data: Message
    traceparent: str = ""

    @property
    def id(self) -> str:
        return f"{self.aggregate}:{self.seq}"


def headers(aggregate: str, seq: int, name: str, source: str, time: str, traceparent: str) -> list[tuple[str, bytes]]:
    """Kafka headers of an event; `time` is ISO 8601 in UTC, `name` the type with its version."""
    pairs = [
        ("ce_specversion", "1.0"),
        ("ce_id", f"{aggregate}:{seq}"),
        ("ce_source", source),
        ("ce_type", name),
        ("ce_time", time),
        ("ce_subject", aggregate),
        ("ce_partitionkey", aggregate),
        ("content-type", "application/json"),
    ]
    if traceparent:
        pairs.append(("traceparent", traceparent))
    return [(name, value.encode()) for name, value in pairs]


def decode(key: bytes | None, value: bytes | None, record_headers: Iterable[tuple[str, bytes | None]]) -> Event:
    """Read one Kafka record. Raises `UnknownType`, or `Undecodable` with the reason."""
    attributes = {name: (raw or b"").decode("utf-8", "replace") for name, raw in record_headers}
    message = _message_class(attributes.get("ce_type", ""))
    id = _ID.fullmatch(attributes.get("ce_id", ""))
    if id is None:
        raise Undecodable("ce_id is not <aggregate>:<seq>")
    aggregate, seq = id["aggregate"], int(id["seq"])
    if key is None or key.decode("utf-8", "replace") != aggregate:
        raise Undecodable("the record key is not the aggregate of ce_id")
    time = _instant(attributes.get("ce_time", ""))
    try:
        data = message.model_validate_json(value or b"")
        _check_numbers(value or b"")
    except ValidationError as error:
        kinds = sorted({e["type"] for e in error.errors()})
        raise Undecodable(f"not a {message.ce_type()}: {', '.join(kinds)}") from error
    return Event(aggregate, seq, attributes.get("ce_source", ""), time, data, attributes.get("traceparent", ""))


def _instant(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise Undecodable("ce_time is not ISO 8601") from error
    if time.tzinfo is None:
        raise Undecodable("ce_time has no offset")
    if not _YEARS.start < time.year < _YEARS.stop:
        raise Undecodable("ce_time lies outside all calendars")
    return time


def _check_numbers(value: bytes) -> None:
    """No store keeps a whole number of more than 64 bits. Few records have so many digits in a row, so only those are looked at twice."""
    if _LONG_NUMBER.search(value):
        json.loads(value, parse_int=_bounded)


def _bounded(text: str) -> int:
    if not -(2**63) <= (number := int(text)) < 2**63:
        raise Undecodable("a number has more than 64 bits")
    return number


def _message_class(name: str) -> type[Message]:
    parsed = _TYPE.match(name)
    if parsed is None:
        raise Undecodable("ce_type is not <type>.v<version>")
    message = MESSAGES.get((parsed["type"], int(parsed["version"])))
    if message is not None:
        return message
    if any(kind == parsed["type"] for kind, _ in MESSAGES):
        raise Undecodable(f"unknown version of a known type: {name}")
    raise UnknownType(name)
