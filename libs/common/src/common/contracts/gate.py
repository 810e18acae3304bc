"""The gate of the contracts, part of lint: ``python -m common.contracts.gate``. One line per finding, none is good.

Beside the classes stand, per type and version, a frozen JSON schema (`schemas/`) and a golden example (`examples/`: one whole
record). A schema is frozen once and for ever with ``--freeze``, which only adds; `schemas/frozen.sha256` shows an edit.
`differences` says which changes of a class its frozen schema allows. What was added later is held by the example, which
shows every field and must come out of decoding and encoding as it went in.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.contracts.base import MESSAGES, Message
from common.contracts.envelope import Undecodable, UnknownType, decode, headers
from common.contracts.schema import Schema, differences, open_fields, schema_of
from common.contracts.topics import TOPICS, Topic

HERE = Path(__file__).parent
FREEZE = "python -m common.contracts.gate --freeze"


@dataclass(frozen=True)
class Contracts:
    """What is checked. `folder` holds `schemas/`, `examples/` and `public_fields.json`."""

    folder: Path = HERE
    topics: Iterable[Topic] = tuple(TOPICS.values())
    messages: Iterable[type[Message]] = field(default_factory=lambda: tuple(MESSAGES.values()))

    def schema_file(self, name: str) -> Path:
        return self.folder / "schemas" / f"{name}.schema.json"

    def example_file(self, name: str) -> Path:
        return self.folder / "examples" / f"{name}.json"

    @property
    def digest_file(self) -> Path:
        return self.folder / "schemas" / "frozen.sha256"


def findings(contracts: Contracts) -> Iterator[str]:
    """Everything that is wrong, one sentence each."""
    travelling = {message for topic in contracts.topics for message in topic.messages}
    for message in contracts.messages:
        if message not in travelling:
            yield f"{message.ce_type()}: travels on no topic; add it to contracts/topics.py"
        yield from _schema_findings(contracts, message)
        yield from _example_findings(contracts, message)
    yield from _orphans(contracts)
    yield from _edited(contracts)
    yield from _private_fields(contracts)


def freeze(contracts: Contracts) -> list[str]:
    """Write the schemas and digests that are missing; returns the names. What is frozen stays untouched."""
    digests = _digests(contracts)
    added = []
    for message in contracts.messages:
        file = contracts.schema_file(message.ce_type())
        if file.exists() or file.name in digests:
            continue
        file.write_text(json.dumps(schema_of(message), indent=2) + "\n", encoding="utf-8")
        digests[file.name] = _digest(file)
        added.append(message.ce_type())
    if added:
        contracts.digest_file.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())), encoding="utf-8")
    return added


def _schema_findings(contracts: Contracts, message: type[Message]) -> Iterator[str]:
    file = contracts.schema_file(message.ce_type())
    if not file.exists():
        yield f"{message.ce_type()}: has no frozen schema; freeze it with {FREEZE}"
        return
    frozen: Schema = json.loads(file.read_text(encoding="utf-8"))
    for difference in differences(frozen, schema_of(message)):
        yield f"{message.ce_type()}: {difference}; undo it or declare version {message.VERSION + 1}"


def _example_findings(contracts: Contracts, message: type[Message]) -> Iterator[str]:
    file = contracts.example_file(message.ce_type())
    if not file.exists():
        yield f"{message.ce_type()}: has no golden example; write examples/{file.name}"
        return
    example = json.loads(file.read_text(encoding="utf-8"))
    try:
        again = _round_trip(example)
    except (Undecodable, UnknownType, KeyError) as error:
        yield f"{message.ce_type()}: the golden example does not decode: {error}"
        return
    if example["headers"].get("ce_type") != message.ce_type():
        yield f"{message.ce_type()}: the golden example is a {example['headers'].get('ce_type')}"
    for part in ("key", "headers", "value"):
        for name in _unequal(example[part], again[part]):
            yield f"{message.ce_type()}: the golden example does not come back the same: {part} {name}".rstrip()


def _round_trip(example: dict[str, Any]) -> dict[str, Any]:
    record_headers = [(name, value.encode()) for name, value in example["headers"].items()]
    event = decode(example["key"].encode(), json.dumps(example["value"]).encode(), record_headers)
    name = event.data.ce_type()
    again = headers(event.aggregate, event.seq, name, event.source, event.time.isoformat(), event.traceparent)
    return {
        "key": event.aggregate,
        "headers": {name: value.decode() for name, value in again},
        "value": json.loads(event.data.model_dump_json()),
    }


def _unequal(before: Any, after: Any) -> list[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        return sorted(
            name for name in before.keys() | after.keys() if name not in before or name not in after or before[name] != after[name]
        )
    return [] if before == after else [""]


def _orphans(contracts: Contracts) -> Iterator[str]:
    names = [message.ce_type() for message in contracts.messages]
    for kind, file_of in (("schemas", contracts.schema_file), ("examples", contracts.example_file)):
        known = {file_of(name) for name in names}
        for file in sorted((contracts.folder / kind).glob("*.json")):
            if file not in known:
                yield f"{kind}/{file.name}: belongs to no message class; a version stays readable as long as it may be on a topic"


def _edited(contracts: Contracts) -> Iterator[str]:
    digests = _digests(contracts)
    files = {file.name: file for file in sorted((contracts.folder / "schemas").glob("*.schema.json"))}
    for name, file in files.items():
        if name not in digests:
            yield f"schemas/{name}: is not in frozen.sha256; remove it and freeze it with {FREEZE}"
        elif digests[name] != _digest(file):
            yield f"schemas/{name}: was edited; a frozen schema never changes: restore it and declare a new version"
    for name in sorted(digests.keys() - files.keys()):
        yield f"schemas/{name}: is frozen and missing; restore it"


def _private_fields(contracts: Contracts) -> Iterator[str]:
    """Events of open topics carry no name, phone, number of a person and no free text: each open value is on the list, or refused."""
    allowed: dict[str, list[str]] = json.loads((contracts.folder / "public_fields.json").read_text(encoding="utf-8"))
    listed = {entry for entries in allowed.values() for entry in entries}
    for topic in contracts.topics:
        for message in topic.messages if not topic.confidential else ():
            for name in sorted(set(open_fields(schema_of(message)))):
                if not {name, f"{message.TYPE}/{name}"} & listed:
                    yield f"{message.ce_type()}: field {name} could carry personal data or free text; public_fields.json lists what may"


def _digests(contracts: Contracts) -> dict[str, str]:
    if not contracts.digest_file.exists():
        return {}
    lines = contracts.digest_file.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--freeze", action="store_true", help="freeze the schemas of new messages")
    contracts = Contracts()
    if parser.parse_args().freeze:
        for name in freeze(contracts):
            sys.stdout.write(f"frozen {name}\n")
    found = list(findings(contracts))
    sys.stdout.write("".join(f"{finding}\n" for finding in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
