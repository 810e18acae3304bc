"""Where cases and what they are opened from are kept, and what handlers take as their first argument."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from common.clock import Clock
from common.contracts.applications import IntentChecked, IntentRecheckAsked, IntentRegistered
from common.contracts.envelope import Event
from common.contracts.topics import CASES, OFFICERS
from common.contracts.words import CaseKind, CaseStatus, Check
from common.store.aggregate import Store
from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo, exactly
from common.store.projection import Projection, wait_for
from common.store.reference import ReferenceData
from common.store.security_notes import SecurityNotes
from common.values import Value
from pymongo import IndexModel

from audit.cases.domain.case import LIVE, Case, Question, Standing
from audit.cases.domain.decide import needs_check
from audit.cases.domain.relations import Relations

_BY_DUE, _NEWEST = Keyset("state.due_at"), Keyset("state.opened_at", newest_first=True)
_QUEUE = IndexModel([("state.places", 1), ("state.status", 1), ("state.due_at", 1), ("_id", 1)], name="queue")
_COUNTS = IndexModel([("state.places", 1), ("state.status", 1), ("state.kind", 1), ("state.due_at", 1)], name="counts")
_SUBJECT = IndexModel([("state.subject", 1), ("state.kind", 1)], name="subject")
_UNIT = IndexModel([("state.unit_id", 1), ("state.kind", 1)], name="unit", partialFilterExpression={"state.unit_id": {"$type": "string"}})
_TERMS = IndexModel([("state.due_at", 1)], name="terms", partialFilterExpression={"state.status": CaseStatus.RETURNED.value})
_PERSON = IndexModel([("state.person_id", 1), ("state.version", 1)], name="person")


class UnitRegion(Value):
    """Projection of a unit: where its posting cases belong."""

    region: str


class IntentCheck(Value):
    """Projection of the unemployment check of one intent version (R13)."""

    person_id: str
    version: int
    check: Check


@dataclass(frozen=True)
class Cases:
    """The parts of `audit.cases`."""

    store: Store[Case]
    standings: Projection[Standing]
    units: Projection[UnitRegion]
    checks: Projection[IntentCheck]
    relations: Store[Relations]
    notes: SecurityNotes
    reference: ReferenceData
    clock: Clock

    @classmethod
    def on(cls, mongo: Mongo, reference: ReferenceData, clock: Clock, limit_seconds: float) -> "Cases":
        return cls(
            store=Store(mongo, "cases", Case, CASES, indexes=(_QUEUE, _COUNTS, _SUBJECT, _UNIT, _TERMS), limit_seconds=limit_seconds),
            standings=Projection(mongo, "standings", Standing),
            units=Projection(mongo, "units", UnitRegion),
            checks=Projection(mongo, "checks", IntentCheck, [_PERSON]),
            relations=Store(mongo, "officers", Relations, OFFICERS, limit_seconds=limit_seconds),
            notes=SecurityNotes(mongo, clock, limit_seconds=limit_seconds),
            reference=reference,
            clock=clock,
        )

    async def stand(self, event: Event, question: Question, *, waiting: bool, case_id: str | None = None) -> Standing:
        """Note where the subject stands after this event, unless a newer one is known; returns what is known now."""
        standing = Standing(seq=event.seq, version=question.subject_version, waiting=waiting, case_id=case_id)
        return await self.standings.put_one(replace(event, aggregate=question.standing_id), standing)

    async def note_check(self, event: Event, message: IntentRegistered | IntentChecked | IntentRecheckAsked) -> None:
        check = IntentCheck(person_id=message.person_id, version=message.intent_version, check=message.check)
        await self.checks.put([(replace(event, aggregate=f"{check.person_id}:{check.version}"), check)])

    async def check_passed(self, case: Case) -> bool:
        """Whether approving the case meets R13; waits a moment for a check that was decided just now."""
        if not needs_check(case):
            return True
        passed = {"state.person_id": case.subject, "state.version": {"$gte": case.subject_version}, "state.check": Check.PASSED}
        return await wait_for(lambda: self._exists(passed))

    async def _exists(self, query: Document) -> bool:
        async with self.store.mongo.slot:
            return await self.checks.collection.find_one(query, {"_id": 1}) is not None

    async def live(self, kind: CaseKind, **fields: Any) -> list[Case]:
        """The unfinished cases of a kind with these fields."""
        query = {"state.kind": kind, "state.status": {"$in": LIVE}, **{f"state.{name}": exactly(value) for name, value in fields.items()}}
        async with self.store.mongo.slot:
            rows = await self.store.collection.find(query, {"state": 1}).to_list()
        return [Case.model_validate(row["state"]) for row in rows]

    async def undecided(self, places: Sequence[str]) -> list[Case]:
        """The cases of these regions and what they contain that an officer has not decided yet."""
        undecided = [status for status in LIVE if status is not CaseStatus.DECIDING]
        query = {"state.places": {"$in": list(places)}, "state.status": {"$in": undecided}}
        async with self.store.mongo.slot:
            rows = await self.store.collection.find(query, {"state": 1}).to_list()
        return [Case.model_validate(row["state"]) for row in rows]

    async def returned(self, *, until: datetime) -> list[str]:
        """The ids of returned cases whose term ended by then."""
        query = {"state.status": CaseStatus.RETURNED, "state.due_at": {"$lte": until}}
        async with self.store.mongo.slot:
            rows = await self.store.collection.find(query, {"_id": 1}).to_list()
        return [row["_id"] for row in rows]

    async def page(self, query: Document, after: str | None, limit: int) -> tuple[list[Case], str | None]:
        """A page by due instant, then id, and the cursor of the next one."""
        rows, following = await _BY_DUE.page(self.store.mongo, self.store.collection, query, after, limit, projection={"state": 1})
        return [Case.model_validate(row["state"]) for row in rows], following

    async def page_of_party(self, query: Document, after: str | None, limit: int) -> tuple[list[Case], str | None]:
        rows, following = await _NEWEST.page(self.store.mongo, self.store.collection, query, after, limit, projection={"state": 1})
        return [Case.model_validate(row["state"]) for row in rows], following

    async def counts(self, place: str, now: datetime, soon: datetime) -> dict[tuple[CaseKind, str], int]:
        """How many unfinished cases there are, by kind and by light, or by status where no officer has to act. Answered by the index."""
        by_light = {"$cond": [{"$lte": ["$state.due_at", now]}, "red", {"$cond": [{"$lte": ["$state.due_at", soon]}, "amber", "green"]}]}
        waits = {"$in": ["$state.status", [CaseStatus.OPEN, CaseStatus.CLAIMED]]}
        group = {"kind": "$state.kind", "pile": {"$cond": [waits, by_light, {"$toLower": "$state.status"}]}}
        pipeline: list[Document] = [
            {"$match": {"state.places": place, "state.status": {"$in": LIVE}}},
            {"$group": {"_id": group, "count": {"$sum": 1}}},
        ]
        async with self.store.mongo.slot:
            rows = await (await self.store.collection.aggregate(pipeline, hint="counts")).to_list()
        return {(CaseKind(row["_id"]["kind"]), row["_id"]["pile"]): row["count"] for row in rows}

    async def related_to(self, officer_id: str) -> tuple[str, ...]:
        """The units that an officer has declared a relation to (R14)."""
        relations = await self.relations.get(officer_id)
        return relations.unit_ids if relations else ()

    async def known_units(self, unit_ids: Sequence[str]) -> set[str]:
        async with self.store.mongo.slot:
            rows = await self.units.collection.find({"_id": {"$in": list(unit_ids)}}, {"_id": 1}).to_list()
        return {row["_id"] for row in rows}

    async def history(self, id: str) -> list[Document]:
        async with self.store.mongo.slot:
            row = await self.store.collection.find_one({"_id": id}, {"history": 1})
        entries: list[Document] = row["history"] if row else []
        return entries
