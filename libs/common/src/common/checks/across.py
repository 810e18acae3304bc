"""What services keep of one another's facts, compared with the owners (R27): an operator's tool, which reads every database.

Facts on their way are no findings: an owner that still has something to say is passed over, and what is found is looked at again
(`common.checks.run`).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.checks.copies import ASKED, COPIES, SAID, Copy, waits_of_candidacy
from common.checks.find import Check, Finding
from common.invariant import invariant
from common.store.mongo import Document, Mongo

COPY_OWNED = invariant("copy_owned", "其他服务保存的内容都有所有者")
QUESTION_ASKED = invariant("question_asked", "事项一方记为等待的问题，投递记录中确有并且尚未了结", rule="R14")
LEDGER_HEARD = invariant("ledger_heard", "账本有每个对象最后发布的事件", rule="R20")
_BATCH = 200
_SILENT: Document = {"pending.0": {"$exists": False}}
"""Owners that have said all they have to say."""


@dataclass(frozen=True)
class Databases:
    """Every service's own, by its name."""

    by_service: Mapping[str, Mongo]

    async def rows(self, place: str, query: Document, fields: Document, limit: int = 0) -> list[Document]:
        """Of service.collection, in the order of ids."""
        service, _, collection = place.partition(".")
        mongo = self.by_service[service]
        async with mongo.slot:
            return await mongo.collection(collection).find(query, fields).sort("_id", 1).limit(limit).to_list()

    async def batches(
        self, place: str, ids: Sequence[str] | None, fields: Document, which: Document | None = None
    ) -> AsyncIterator[list[Document]]:
        """All of `which`, or those of these ids."""
        query: Document = {"$and": [which or {}, {} if ids is None else {"_id": {"$in": list(ids)}}]}
        after: Any = None
        while True:
            beyond = {"_id": {"$gt": after}} if after is not None else {}
            documents = await self.rows(place, {"$and": [query, beyond]}, fields, _BATCH)
            if documents:
                yield documents
            if len(documents) < _BATCH:
                return
            after = documents[-1]["_id"]


@dataclass(frozen=True)
class Kept:
    """Every document of an owner: its rows are found, and the same."""

    databases: Databases
    collection: str
    copies: tuple[Copy, ...]

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        async for documents in self.databases.batches(self.collection, ids, {"state": 1}, _SILENT):
            for copy in self.copies:
                async for finding in self._compare(copy, documents):
                    yield finding

    async def _compare(self, copy: Copy, documents: list[Document]) -> AsyncIterator[Finding]:
        wanted = [(owner["_id"], *row) for owner in documents for row in copy.rows(owner["_id"], owner["state"]).items()]
        found = await self.databases.rows(copy.copy, {"_id": {"$in": [row for _, row, _ in wanted]}}, {"state": 1})
        kept = {row["_id"]: row["state"] for row in found}
        for owner, row, fields in wanted:
            there = kept.get(row)
            different = sorted(name for name, value in fields.items() if there is None or there.get(name) != value)
            if different:
                breach = copy.invariant(f"{copy.copy}/{row}", missing=there is None, fields=" ".join(different))
                yield Finding(self.collection, owner, breach)


@dataclass(frozen=True)
class Owned:
    """Every copied row: there is a document that it was copied from."""

    databases: Databases
    copy: Copy

    @property
    def collection(self) -> str:
        return self.copy.copy

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        owner, path = self.copy.owner, self.copy.path
        async for documents in self.databases.batches(self.collection, ids, {"_id": 1}):
            keys = {document["_id"]: self.copy.key(document["_id"]) for document in documents}
            owners = await self.databases.rows(owner, {path: {"$in": list(keys.values())}}, {path: 1})
            known = {one for document in owners for one in _at(document, path.split("."))}
            for id, key in keys.items():
                if key not in known:
                    yield Finding(self.collection, id, COPY_OWNED(owner=owner))


@dataclass(frozen=True)
class Asked:
    """Every question about an application that stands as waiting: its candidacy has it, and it is open there."""

    databases: Databases
    collection: str = "audit.standings"
    owner: str = "applications.candidacies"

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        waiting: Document = {"_id": {"$regex": f"^({'|'.join(ASKED)}):"}, "state.waiting": True}
        async for documents in self.databases.batches(self.collection, ids, {"_id": 1}, waiting):
            people = {document["_id"]: document["_id"].split(":")[1] for document in documents}
            owners = await self.databases.rows(self.owner, {"_id": {"$in": list(people.values())}}, {"state": 1, "pending.seq": 1})
            speaking = {owner["_id"] for owner in owners if owner["pending"]}
            rows = [row for owner in owners for row in waits_of_candidacy(owner["_id"], owner["state"]).items()]
            asked = {id for id, fields in rows if fields["waiting"]}
            for id, person in people.items():
                if person not in speaking and id not in asked:
                    yield Finding(self.collection, id, QUESTION_ASKED(f"{self.owner}/{person}"))


@dataclass(frozen=True)
class Heard:
    """Every aggregate that has said all it has to say: the ledger has the last of it, and alarms where one before is missing."""

    databases: Databases
    collection: str
    topic: str

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        async for documents in self.databases.batches(self.collection, ids, {"seq": 1, "pending.seq": 1}):
            last = {f"{d['_id']}:{d['seq']}": d["_id"] for d in documents if d["seq"] and not d["pending"]}
            rows = await self.databases.rows("audit.ledger", {"event": {"$in": list(last)}, "topic": self.topic}, {"event": 1})
            for event in last.keys() - {row["event"] for row in rows}:
                yield Finding(self.collection, last[event], LEDGER_HEARD(event))


def checks(by_service: Mapping[str, Mongo]) -> list[Check]:
    """Owner by owner, then the copies and the questions, then the ledger."""
    databases = Databases(by_service)
    owners = dict.fromkeys(copy.owner for copy in COPIES)
    kept = [Kept(databases, owner, tuple(copy for copy in COPIES if copy.owner == owner)) for owner in owners]
    owned = [Owned(databases, copy) for copy in COPIES if copy.path]
    return [*kept, *owned, Asked(databases), *(Heard(databases, collection, topic) for collection, topic in SAID.items())]


def _at(value: Any, path: Sequence[str]) -> list[str]:
    """Every text at a path, through lists."""
    if isinstance(value, list):
        return [found for one in value for found in _at(one, path)]
    return _at(value[path[0]], path[1:]) if path else [value]
