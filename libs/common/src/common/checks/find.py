"""How a database is looked through: batch by batch in constant memory, each batch with what is beside it as of one instant."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import ValidationError
from pymongo.asynchronous.client_session import AsyncClientSession

from common.decision import S
from common.invariant import Breach, Invariant, Line, invariant
from common.store.mongo import Document, Mongo

T = TypeVar("T")
_BATCH = 200
STATE_READABLE = invariant("state_readable", "存储的内容可按其类型读出")


@dataclass(frozen=True)
class Finding:
    """A breach, and the row where it was found: `id` in `collection`."""

    collection: str
    id: str
    breach: Breach

    def row(self) -> Document:
        """As it is printed, logged and kept: ids, numbers and codes."""
        declared = self.breach.invariant
        facts = {name.rstrip("_"): str(value) for name, value in self.breach.facts.items()}
        where = {"row": f"{self.collection}/{self.id}", "parts": list(self.breach.parts), "facts": facts}
        return {"invariant": declared.code, "rule": declared.rule, "says": declared.says, **where}


class Check(Protocol):
    """Looks through all of something, or through these ids of it again."""

    @property
    def collection(self) -> str: ...

    def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]: ...


@dataclass(frozen=True)
class Rows(Generic[T]):
    """Every document of a collection in the order of ids, against what `beside` fetches for a batch in the same snapshot."""

    mongo: Mongo
    collection: str
    rule: Callable[[Document, T], Iterable[Breach]]
    beside: Callable[[AsyncClientSession, list[Document]], Awaitable[T]]

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        query: Document = {} if ids is None else {"_id": {"$in": list(ids)}}
        after: Any = None
        while True:
            beyond = {"_id": {"$gt": after}} if after is not None else {}
            documents, beside = await self._batch({"$and": [query, beyond]})
            for document in documents:
                for breach in self._breaches(document, beside):
                    yield Finding(self.collection, str(document["_id"]), breach)
                await asyncio.sleep(0)  # other work of the process goes on
            if len(documents) < _BATCH:
                return
            after = documents[-1]["_id"]

    async def _batch(self, query: Document) -> tuple[list[Document], T]:
        async with self.mongo.slot, self.mongo.client.start_session(snapshot=True) as session:
            found = self.mongo.collection(self.collection).find(query, session=session)
            documents = await found.sort("_id", 1).limit(_BATCH).to_list()
            return documents, await self.beside(session, documents)

    def _breaches(self, document: Document, beside: T) -> Iterable[Breach]:
        try:
            return list(self.rule(document, beside))
        except (ValidationError, KeyError, TypeError) as error:
            return [STATE_READABLE(error=type(error).__name__)]


def each(mongo: Mongo, collection: str, rule: Callable[[Document], Iterable[Breach]]) -> Rows[None]:
    """Every document on its own."""
    return Rows(mongo, collection, lambda document, _: rule(document), _nothing)


async def _nothing(_: AsyncClientSession, __: list[Document]) -> None:
    return None


def readable(state: type[S], rows: Iterable[Document]) -> Iterator[tuple[str, S]]:
    """What is beside, by id; a row that cannot be read is a finding of its own, and not here."""
    for row in rows:
        with contextlib.suppress(ValidationError):
            yield row["_id"], state.model_validate(row["state"])


def typed(state: type[S], rule: Callable[[S, list[Line]], Iterable[Breach]]) -> Callable[[Document], Iterable[Breach]]:
    """A rule about the state and the history of an aggregate."""
    return lambda document: rule(state.model_validate(document["state"]), document["history"])


@dataclass(frozen=True)
class Unique:
    """No two documents have the same text at `path`: neighbours in its order are compared."""

    mongo: Mongo
    collection: str
    path: str
    invariant: Invariant

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        rows = self.mongo.collection(self.collection)
        query: Document = {self.path: {"$type": "string"}}
        if ids is not None:
            query = {self.path: {"$in": await rows.distinct(self.path, {"_id": {"$in": list(ids)}}), "$type": "string"}}
        before: tuple[str, Any] | None = None
        async for row in rows.find(query, {self.path: 1}).sort(self.path, 1):
            value = _at(row, self.path)
            if before and before[1] == value:
                first, second = sorted((before[0], row["_id"]))
                yield Finding(self.collection, second, self.invariant(first))
            before = row["_id"], value


def _at(row: Document, path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value[name]
    return value
