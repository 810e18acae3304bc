"""Where candidacies and seats are kept: one document each, and the one transaction that writes both (R8).

Every query by application names its index, so that none ever walks through the whole collection.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from common.contracts.topics import APPLICATIONS
from common.contracts.words import Status
from common.decision import Command, Decision
from common.store import idempotency
from common.store.aggregate import Answer, Loaded, Staged, Store
from common.store.keyset import Keyset
from common.store.locks import KeyedLocks
from common.store.mongo import Document, Mongo
from common.store.transaction import in_transaction
from pymongo import IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from applications.domain import seats as places
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.refusals import UNKNOWN_APPLICATION
from applications.domain.seats import SeatMove
from applications.seat_store import SeatsStore

_LIST = "state.applications"
_DUE: Document = {f"{_LIST}.due_at": {"$type": "date"}}
"""Only an offer has a due instant."""
_ATTENDED: Document = {f"{_LIST}.attend_at": {"$type": "date"}}
_EXPIRED: Document = {f"{_LIST}.expired_under": {"$type": "number"}}
_INDEXES = (
    IndexModel([(f"{_LIST}.id", 1)], name="application"),
    IndexModel([(f"{_LIST}.unit_id", 1), (f"{_LIST}.status", 1), ("_id", 1)], name="unit"),
    IndexModel([(f"{_LIST}.posting_id", 1), (f"{_LIST}.status", 1), ("_id", 1)], name="posting"),
    IndexModel([(f"{_LIST}.due_at", 1)], name="due", partialFilterExpression=_DUE),
    IndexModel([(f"{_LIST}.calendar_version", 1)], name="calendar", partialFilterExpression=_DUE),
    IndexModel([(f"{_LIST}.attend_at", 1)], name="attend", partialFilterExpression=_ATTENDED),
    IndexModel([(f"{_LIST}.expired_under", 1)], name="expired", partialFilterExpression=_EXPIRED),
    IndexModel([(f"{_LIST}.region", 1), (f"{_LIST}.status", 1), ("_id", 1)], name="region"),
)
_REMEMBERED = 10_000


class Offer(NamedTuple):
    """An application in status OFFERED."""

    person_id: str
    id: str
    due_at: datetime


class CandidacyStore(Store[Candidacy]):
    """One document per person. A decision without seats is one write; with seats, all documents in one transaction, or none.

    The candidacy keeps the record of the command; seats need none. In this process, commands that move seats of one posting
    queue up instead of losing races to each other.
    """

    def __init__(self, mongo: Mongo, seats: SeatsStore, limit_seconds: float) -> None:
        super().__init__(mongo, "candidacies", Candidacy, APPLICATIONS, indexes=_INDEXES, limit_seconds=limit_seconds)
        self._seats = seats
        self._queues = KeyedLocks()
        self._parties: OrderedDict[str, tuple[str, str]] = OrderedDict()

    async def change(
        self,
        person_id: str,
        command: Command,
        decide: Callable[[Candidacy], Decision[Candidacy]],
        answer: Callable[[Candidacy], Answer] = lambda _: {},
    ) -> Answer:
        """`execute` for rules that take a person without any candidacy as an empty one."""
        return await self.execute(person_id, command, lambda found: decide(found or Candidacy(person_id=person_id)), answer)

    async def try_out(self, person_id: str, command: Command, decide: Callable[[Candidacy], Decision[Candidacy]]) -> None:
        """Refuses what `change` would refuse now, and writes nothing."""
        loaded = await self.load(person_id)
        if idempotency.recorded_answer(loaded.commands, command) is None:
            idempotency.check_allowance(loaded.commands, command)
            decide(loaded.state or Candidacy(person_id=person_id))

    async def _write(self, loaded: Loaded[Candidacy], command: Command, decision: Decision[Candidacy], reply: Answer) -> bool:
        moves = sorted(decision.moves, key=lambda move: move.posting_id) if isinstance(decision, SeatedDecision) else []
        if not moves:
            return await super()._write(loaded, command, decision, reply)

        async with AsyncExitStack() as queue:
            for posting_id in sorted({move.posting_id for move in moves}):
                await queue.enter_async_context(self._queues.hold(posting_id))
            moved = [one for move in moves if (one := await self._stage_move(move, command))]
            own = self.stage(loaded, command, decision, reply)
            staged: list[tuple[Store[Any], Staged]] = [(self, own), *((self._seats, one) for one in moved)]

            async def work(session: AsyncClientSession) -> bool:
                for store, one in staged:
                    if not await store.write_in(session, one):
                        return False
                return True

            won = await in_transaction(self.mongo, work)
        if won:
            for store, one in staged:
                store.tell(one)
        return won

    async def _stage_move(self, move: SeatMove, command: Command) -> Staged | None:
        """Read before the transaction, which holds only when nothing has changed since: so a refusal costs one read."""
        loaded = await self._seats.load(move.posting_id)
        assert loaded.state is not None, "an application is made to a posting that has its seats"
        decision = places.move(loaded.state, move)
        return None if decision.state == loaded.state else self._seats.stage(loaded, replace(command, key=""), decision, {})

    async def person_of(self, application_id: str, unit_id: str | None) -> str:
        """Whose application it is, when it was made to this unit. Refuses with `unknown_application`: nobody learns more of others' ids."""
        person_id, addressed = await self.parties(application_id)
        if addressed != unit_id:
            raise UNKNOWN_APPLICATION()
        return person_id

    async def parties(self, application_id: str) -> tuple[str, str]:
        """Person and unit. Refuses with `unknown_application`."""
        known = self._parties.get(application_id)
        if known is None:
            async with self.mongo.slot:
                row = await self.collection.find_one(
                    {f"{_LIST}.id": application_id}, {f"{_LIST}.id": 1, f"{_LIST}.unit_id": 1}, hint="application"
                )
            if row is None:
                raise UNKNOWN_APPLICATION()
            known = row["_id"], next(one["unit_id"] for one in row["state"]["applications"] if one["id"] == application_id)
            self._parties[application_id] = known
            if len(self._parties) > _REMEMBERED:
                self._parties.popitem(last=False)
        return known

    async def of_unit(
        self, unit_id: str, statuses: list[Status], posting_id: str | None, after: str | None, limit: int
    ) -> tuple[list[Candidacy], str | None]:
        """A page, by person id, of the candidacies with applications there, each with just those, and the cursor of the next one."""
        wanted: Document = {"unit_id": unit_id, "status": {"$in": [status.value for status in statuses]}}
        if posting_id:
            wanted["posting_id"] = posting_id
        query, shown, index = {_LIST: {"$elemMatch": wanted}}, {"applications": _only(wanted)}, "posting" if posting_id else "unit"
        rows, following = await Keyset().page(self.mongo, self.collection, query, after, limit, projection=shown, hint=index)
        return [Candidacy.model_validate({"person_id": row["_id"], "applications": row["applications"]}) for row in rows], following

    async def pending_at(self, posting_ids: list[str], limit: int) -> list[tuple[str, str]]:
        """(person, posting) of applications that wait at these postings."""
        wanted = {"posting_id": {"$in": posting_ids}, "status": Status.PENDING.value}
        rows = await self._rows({_LIST: {"$elemMatch": wanted}}, wanted, "posting", limit)
        return [(row["_id"], one["posting_id"]) for row in rows for one in row["applications"]]

    async def overdue(self, now: datetime, limit: int) -> list[Offer]:
        """Offers whose time is over, the oldest first."""
        return await self._offers({"due_at": {"$lte": now}}, "due", limit)

    async def unattended(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """(person, application) of what a unit has left unreported for too long (R29)."""
        wanted = {"attend_at": {"$type": "date", "$lte": now}}
        rows = await self._rows({_LIST: {"$elemMatch": wanted}, **_ATTENDED}, {"attend_at": {"$lte": now}}, "attend", limit)
        return [(row["_id"], one["id"]) for row in rows for one in row["applications"] if one.get("attend_at") is not None]

    async def expired_before(self, calendar_version: int, limit: int) -> list[tuple[str, str]]:
        """(person, application) of offers that ran out and were not yet looked at by this calendar (R6)."""
        wanted = {"expired_under": {"$type": "number", "$lt": calendar_version}}
        rows = await self._rows({_LIST: {"$elemMatch": wanted}, **_EXPIRED}, {"expired_under": {"$lt": calendar_version}}, "expired", limit)
        return [(row["_id"], one["id"]) for row in rows for one in row["applications"] if one.get("expired_under") is not None]

    async def reckoned_before(self, calendar_version: int, limit: int) -> list[Offer]:
        """Offers whose due instant comes from an older calendar."""
        return await self._offers({"calendar_version": {"$lt": calendar_version}}, "calendar", limit)

    async def _offers(self, which: Document, index: str, limit: int) -> list[Offer]:
        wanted = {"status": Status.OFFERED.value, **which}
        rows = await self._rows({_LIST: {"$elemMatch": wanted}, **_DUE}, wanted, index, limit)
        return [Offer(row["_id"], one["id"], one["due_at"]) for row in rows for one in row["applications"]]

    async def _rows(self, query: Document, wanted: Document, index: str, limit: int) -> list[Document]:
        async with self.mongo.slot:
            return await self.collection.find(query, {"applications": _only(wanted)}).hint(index).limit(limit).to_list()

    async def with_history(self, person_id: str, application_id: str) -> tuple[Candidacy | None, list[Document]]:
        """The candidacy, and the lines of history about one application, oldest first."""
        lines = {"$filter": {"input": "$history", "cond": {"$eq": ["$$this.subject", application_id]}}}
        async with self.mongo.slot:
            row = await self.collection.find_one({"_id": person_id}, {"state": 1, "history": lines})
        return (Candidacy.model_validate(row["state"]), row["history"]) if row else (None, [])


def _only(wanted: Document) -> Document:
    """A projection that keeps every application with these fields; $elemMatch would keep just the first of them."""
    return {"$filter": {"input": f"${_LIST}", "cond": {"$and": [_test(field, value) for field, value in wanted.items()]}}}


def _test(field: str, value: Any) -> Document:
    """The condition as an aggregation expression."""
    ((operator, operand),) = value.items() if isinstance(value, dict) else [("$eq", value)]
    return {operator: [f"$$this.{field}", {"$literal": operand}]}
