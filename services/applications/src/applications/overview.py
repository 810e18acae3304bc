"""What officers see of the applications of their region (R22, R29, R32): read from the candidacies, nothing of it is kept twice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from common.contracts.words import Status
from common.regions import stem
from common.store.keyset import Keyset, Sections
from common.store.mongo import Document

from applications.candidacies import CandidacyStore
from applications.domain.candidacy import UNIT_OWES, Application

_LIST = "state.applications"
Row = tuple[str, Application]
"""The person and the application."""


@dataclass(frozen=True)
class Wanted:
    """Applications in these regions and what they contain. `unanswered_since`: what waits since before then has waited too long (R22)."""

    codes: tuple[str, ...]
    now: datetime
    unanswered_since: datetime
    statuses: Sequence[Status] = ()
    unit_id: str | None = None
    posting_id: str | None = None
    overdue: bool = False

    @property
    def query(self) -> Document:
        """Of one application."""
        given = {"unit_id": self.unit_id, "posting_id": self.posting_id, "status": {"$in": list(self.statuses)} if self.statuses else None}
        places = {"region": {"$in": [re.compile(f"^{stem(code)}") for code in self.codes]}}
        return places | {field: value for field, value in given.items() if value}

    @property
    def late(self) -> Document:
        """What `Application.overdue` says, as a query."""
        asked = {"matter": {"$in": list(UNIT_OWES)}, "outcome": None}
        return {"$or": [
            {"attend_at": {"$type": "date", "$lte": self.now}},
            {"questions": {"$elemMatch": asked}},
            {"status": Status.PENDING.value, "changed_at": {"$lt": self.unanswered_since}},
        ]}  # fmt: skip

    def has(self, application: Application) -> bool:
        """The query once more, of an application that was read."""
        return (
            application.region.startswith(tuple(map(stem, self.codes)))
            and (not self.statuses or application.status in self.statuses)
            and self.unit_id in (None, application.unit_id)
            and self.posting_id in (None, application.posting_id)
            and (not self.overdue or self.is_late(application))
        )

    def is_late(self, application: Application) -> bool:
        return application.overdue(self.now, self.unanswered_since)


class SilentUnit(NamedTuple):
    """What one unit has left for too long: applicants without an answer, internships without a report; the oldest of it since when."""

    unit_id: str
    unanswered: int
    unreported: int
    since: datetime


class Count(NamedTuple):
    all: int
    overdue: int


async def page(store: CandidacyStore, wanted: Wanted, after: str | None, limit: int) -> tuple[list[Row], str | None]:
    """The wanted applications of `limit` persons: first of those with an overdue one, then of the others, each in order of their ids."""
    some, late = {_LIST: {"$elemMatch": wanted.query}}, {_LIST: {"$elemMatch": {"$and": [wanted.query, wanted.late]}}}
    first, others = (late, Keyset()), ({"$nor": [late]}, Keyset())
    sections = Sections((first,) if wanted.overdue else (first, others))
    rows, following = await sections.page(store.mongo, store.collection, some, after, limit, projection={_LIST: 1})
    found = [(row["_id"], [Application.model_validate(one) for one in row["state"]["applications"]]) for row in rows]
    shown = [(person_id, one) for person_id, all_ in found for one in sorted(all_, key=wanted.is_late, reverse=True) if wanted.has(one)]
    return shown, following


async def counts(store: CandidacyStore, wanted: Wanted) -> dict[Status, Count]:
    """By status; one without applications is missing."""
    number: Document = {"$group": {"_id": "$status", "count": {"$sum": 1}}}
    every = {row["_id"]: row["count"] for row in await _aggregate(store, wanted.query, [number])}
    late = {row["_id"]: row["count"] for row in await _aggregate(store, {"$and": [wanted.query, wanted.late]}, [number])}
    return {Status(status): Count(count, late.get(status, 0)) for status, count in every.items()}


async def silent_units(store: CandidacyStore, wanted: Wanted, after: str | None, limit: int) -> tuple[list[SilentUnit], str | None]:
    """A page in order of the units' ids, and the cursor of the next one."""
    waits = {"$eq": ["$status", Status.PENDING.value]}
    total: Document = {
        "_id": "$unit_id",
        "unanswered": {"$sum": {"$cond": [waits, 1, 0]}},
        "unreported": {"$sum": {"$cond": [waits, 0, 1]}},
        "since": {"$min": "$changed_at"},
    }
    query = {"$and": [wanted.query, wanted.late, *([{"unit_id": {"$gt": after}}] if after else [])]}
    rows = await _aggregate(store, query, [{"$group": total}, {"$sort": {"_id": 1}}, {"$limit": limit + 1}])
    found = [SilentUnit(unit_id=row.pop("_id"), **row) for row in rows[:limit]]
    return found, found[-1].unit_id if len(rows) > limit else None


async def _aggregate(store: CandidacyStore, query: Document, stages: list[Document]) -> list[Any]:
    """Over the applications for which the query holds."""
    pipeline: list[Document] = [
        {"$match": {_LIST: {"$elemMatch": query}}},
        {"$unwind": f"${_LIST}"},
        {"$replaceRoot": {"newRoot": f"${_LIST}"}},
        {"$match": query},
        *stages,
    ]
    async with store.mongo.slot:
        return await (await store.collection.aggregate(pipeline)).to_list()
