"""Every query that a service makes in the process of a test is explained once: an index has to answer it.

A query is known by the line of code that makes it, its collection, its fields and operators; not by its values.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from bson.codec_options import CodecOptions, TypeRegistry
from pymongo import MongoClient, monitoring
from pymongo.errors import OperationFailure

from common.store.mongo import Document

READ_WHOLE = {
    "reference_items": "some hundreds of items: a process keeps them all",
    "leases": "one for each shard of a relay",
    "lease_members": "one for each replica",
    "ledger_heads": "one for each chain, and there are as many as partitions",
    "pending": "how much waits for the relay is counted, and by `vitals` it is never much",
}
"""Collections, and indexes of part of one, that are read from end to end, and why."""

_ROOT = Path(__file__).parents[5]
_READS = ("find", "aggregate", "distinct", "findAndModify")
_WRITES = {"update": "updates", "delete": "deletes"}
_OF_THE_SESSION = {"lsid", "txnNumber", "autocommit", "startTransaction", "readConcern", "writeConcern", "ordered", "maxTimeMS"}
_OPTIONS: CodecOptions[Document] = CodecOptions(type_registry=TypeRegistry(fallback_encoder=str))


class Plans(monitoring.CommandListener):
    """Listens to every client made while it is watching; looks at databases whose names end with one of these."""

    def __init__(self, databases: tuple[str, ...]) -> None:
        self._databases = databases
        self._client: MongoClient[Document] | None = None
        self._known: set[object] = set()
        self._faults: list[str] = []

    @contextmanager
    def watching(self, address: str) -> Iterator[None]:
        """The queries are explained by the server at this address."""
        with MongoClient[Document](address) as self._client:
            monitoring.register(self)
            yield
        self._client = None

    def faults(self) -> list[str]:
        """What no index answers, since last asked."""
        found, self._faults = self._faults, []
        return found

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self._client is None or not event.database_name.endswith(self._databases):
            return
        for query in _queries(event.command_name, event.command):
            place, collection = _place(), query[event.command_name]
            known = (place, collection, _shape(query))
            if place and collection not in READ_WHOLE and known not in self._known:
                plan = self._plan(self._client, event.database_name, query)
                if "EOF" not in plan:  # a collection that is still to be made has no indexes yet
                    self._known.add(known)
                if _is_whole(plan, query):
                    self._faults.append(f"{place} reads the whole of {collection}: {', '.join(plan)} for {str(query)[:500]}")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...

    def _plan(self, client: MongoClient[Document], database: str, query: Document) -> list[str]:
        """The stages of the plan that the server would take; one that reads an index from end to end is called WHOLE."""
        try:
            explained = client.get_database(database, _OPTIONS).command("explain", query, verbosity="queryPlanner")
        except OperationFailure as error:
            return [f"COLLSCAN? {error}"]
        return [_name(stage) for stage in _stages(explained)]


def _queries(name: str, command: Mapping[str, Any]) -> Iterator[Document]:
    """What is to be explained of a command: of one that writes each of its writes; nothing of what names its one document."""
    if name in _WRITES:
        for one in command[_WRITES[name]]:
            if not _names_one(one["q"]):
                yield {name: command[name], _WRITES[name]: [one]}
    elif name in _READS and not _names_one(command.get("filter", command.get("query", {}))) and not _waits(command):
        yield {key: value for key, value in command.items() if key not in _OF_THE_SESSION and not key.startswith("$")}


def _names_one(wanted: Mapping[str, Any]) -> bool:
    return "_id" in wanted and not isinstance(wanted["_id"], Mapping)


def _waits(command: Mapping[str, Any]) -> bool:
    return any("$changeStream" in stage for stage in command.get("pipeline", []))


def _place() -> str:
    """The line that makes the command: of a service, or else of what is common; empty where a test itself makes it."""
    frame: FrameType | None = sys._getframe(2)
    found = ""
    while frame:
        layer, file = _file(frame.f_code.co_filename)
        if layer == "tests":
            return found
        if layer == "services":
            return f"{file}:{frame.f_lineno}"
        if layer == "libs" and not found:
            found = f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return found


@cache
def _file(name: str) -> tuple[str, str]:
    """Whose code it is (libs, services, tests; empty for others'), and its path below src."""
    parts = Path(name).relative_to(_ROOT).parts if Path(name).is_relative_to(_ROOT) else ()
    if parts[2:3] == ("src",):
        return parts[0], "/".join(parts[3:])
    return ("tests" if "tests" in parts or parts == ("conftest.py",) else ""), name


def _shape(value: Any) -> object:
    if isinstance(value, Mapping):
        return tuple((key, _shape(inner)) for key, inner in value.items() if key not in ("u", "update"))
    if isinstance(value, list | tuple):
        return frozenset(map(_shape, value))
    return value if isinstance(value, bool | Enum | None) else type(value)


def _stages(explained: Any) -> Iterator[Document]:
    if isinstance(explained, dict):
        if "stage" in explained:
            yield explained
        for name, inner in explained.items():
            if name != "rejectedPlans":
                yield from _stages(inner)
    elif isinstance(explained, list):
        for inner in explained:
            yield from _stages(inner)


def _name(stage: Document) -> str:
    bounds, index = str(next(iter(stage.get("indexBounds", {}).values()), "")), stage.get("indexName")
    return f"WHOLE {index}" if "MinKey" in bounds and "MaxKey" in bounds and index not in READ_WHOLE else str(stage["stage"])


def _is_whole(plan: list[str], query: Document) -> bool:
    """Not so where the first to come are wanted, or an index gives the wanted order: either ends early."""
    if any(stage.startswith("COLLSCAN") for stage in plan):
        return bool(query.get("filter") or query.get("sort") or not query.get("limit"))
    return any(stage.startswith("WHOLE") for stage in plan) and ("SORT" in plan or "sort" not in query)
