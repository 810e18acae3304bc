"""The arithmetic of the ledger: one hash chain per source partition, rows numbered from 1. Pure.

The hash of a row covers every field of it and the hash of the row before, so nothing can be changed, taken out, put in
or moved without breaking the chain; the head of the chain, kept apart, shows rows taken off its end.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiokafka import ConsumerRecord

Row = dict[str, Any]
_EVENT = re.compile(r"(?P<aggregate>.+):(?P<seq>[0-9]{1,18})")
GENESIS = "0" * 64
"""What the first row of a chain names as the hash before it."""


@dataclass(frozen=True)
class Head:
    """The end of a chain: its last row's number and hash, and the last source offset it has taken in."""

    n: int = 0
    hash: str = GENESIS
    offset: int = -1


def chain_id(topic: str, partition: int) -> str:
    return f"{topic}-{partition}"


def row_id(chain: str, n: int) -> str:
    """Unique per place in a chain, and in the order of the chain as text."""
    return f"{chain}:{n:012d}"


def entry(record: ConsumerRecord, topic: str, *, confidential: bool) -> Row:
    """The content of a row: what a record says, by its digest, and by its text where the topic is not confidential.

    A confidential record has a random salt among its headers: the digest proves the content to whoever holds the record, and lets
    nobody else guess it.
    """
    attributes = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
    event = attributes.get("ce_id", "")
    if not event or record.key != event.rpartition(":")[0].encode():
        event = place(topic, record)
    content = {
        "chain": chain_id(topic, record.partition),
        "topic": topic,
        "offset": record.offset,
        "event": event,
        "subject": event.rpartition(":")[0] or event,
        "type": attributes.get("ce_type", ""),
        "time": attributes.get("ce_time", ""),
        "source": attributes.get("ce_source", ""),
        "digest": _digest(record),
    }
    return content if confidential else {**content, "value": (record.value or b"").decode("utf-8", "replace")}


def place(topic: str, record: ConsumerRecord) -> str:
    """What a record is called that is no event of the aggregate it lies under."""
    return f"{chain_id(topic, record.partition)}@{record.offset}"


def beside(content: Row) -> Row:
    """A record under the id of an event that the ledger has with another content: kept, under an id of its own."""
    return {**content, "event": f"{content['event']}@{content['chain']}@{content['offset']}"}


def link(head: Head, content: Row) -> tuple[Row, Head]:
    """The row that follows the head, and the head it makes."""
    n = head.n + 1
    row = {**content, "_id": row_id(content["chain"], n), "n": n, "previous": head.hash}
    row["hash"] = row_hash(row)
    return row, Head(n, row["hash"], content["offset"])


def row_hash(row: Row) -> str:
    covered = {name: value for name, value in row.items() if name not in ("_id", "hash")}
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def predecessor(event: str) -> str | None:
    """The event of the same aggregate before this one; none for a first one, or for an id without a number."""
    parsed = _EVENT.fullmatch(event)
    return f"{parsed['aggregate']}:{int(parsed['seq']) - 1}" if parsed and int(parsed["seq"]) > 1 else None


@dataclass
class Check:
    """Follows one chain row by row. `broken` names the first row that does not follow, and `reason` says why.

    `known` is the head as kept apart before reading began; the chain may have grown since.
    """

    chain: str
    known: Head = field(default_factory=Head)
    head: Head = field(default_factory=Head)
    broken: str | None = None
    reason: str | None = None

    def follow(self, row: Row) -> None:
        if not self.broken:
            self.reason = self._fault(row)
            if self.reason:
                self.broken = min(row["_id"], row_id(self.chain, self.head.n + 1))
            else:
                self.head = Head(self.head.n + 1, row["hash"], row["offset"])

    def end(self) -> None:
        """`cut`: the chain ends before its known head."""
        if not self.broken and self.head.n < self.known.n:
            self.broken, self.reason = row_id(self.chain, self.head.n + 1), "cut"

    def _fault(self, row: Row) -> str | None:
        """What keeps the row from being the next one.

        `missing`: rows before it are gone. `altered`: it is not what was written. `unlinked`: it was written to follow
        another row. `rewritten`: it is not the head that was known at its place.
        """
        n = self.head.n + 1
        if row["_id"] > row_id(self.chain, n):
            return "missing"
        if row.get("hash") != row_hash(row):
            return "altered"
        if (row["_id"], row.get("n"), row.get("previous")) != (row_id(self.chain, n), n, self.head.hash):
            return "unlinked"
        return "rewritten" if n == self.known.n and row["hash"] != self.known.hash else None


def _digest(record: ConsumerRecord) -> str:
    """SHA-256 over key, value and headers, each with its length, so that nothing can move from one to the next."""
    parts = [record.key, record.value, *(part for name, value in record.headers for part in (name.encode(), value))]
    digest = hashlib.sha256()
    for part in parts:
        digest.update((-1 if part is None else len(part)).to_bytes(8, "big", signed=True))
        digest.update(part or b"")
    return digest.hexdigest()
