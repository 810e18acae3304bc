"""Where notices keep what: the inbox, who wants which messages, and what is known of the subjects; messages: `outbox.py`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from common.clock import Clock
from common.contracts.words import Role
from common.store.aggregate import Store
from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo
from common.store.projection import Projection
from common.store.reference import ReferenceData
from common.store.together import Together
from pymongo import IndexModel
from pymongo.asynchronous.collection import AsyncCollection

from accounts.domain.account import Account
from accounts.domain.person import Person
from accounts.domain.phone_code import PhoneCodes
from accounts.notices.domain.notice import Audience, Notice, Recipient
from accounts.notices.domain.preferences import Preferences
from accounts.notices.domain.tracked import TrackedApplication, TrackedCase, TrackedPosting, TrackedUnit
from accounts.notices.domain.wording import Names
from accounts.notices.outbox import Outbox, from_row, insert_new, to_row
from accounts.sealing import Sealer
from accounts.sms import Mail, Sms

_NEWEST = Keyset("at", newest_first=True)
_ORDER = [("at", -1), ("_id", -1)]
_UNREAD: Document = {"unread": True}
_INBOX = (
    IndexModel([("to", 1), *_ORDER], name="inbox"),
    IndexModel([("to", 1), ("unread", 1), *_ORDER], name="unread", partialFilterExpression=_UNREAD),
)
_LOOK = [IndexModel([("state.remind_at", 1)], name="remind", partialFilterExpression={"state.remind_at": {"$type": "date"}})]


@dataclass(frozen=True)
class Notices:
    """`mail` is None where no provider is named. Accounts, people and phone codes belong to the rest of the service."""

    notices: AsyncCollection[Document]
    notice: Together[str, Document | None]
    outbox: Outbox
    preferences: Store[Preferences]
    applications: Projection[TrackedApplication]
    cases: Projection[TrackedCase]
    units: Projection[TrackedUnit]
    postings: Projection[TrackedPosting]
    accounts: Store[Account]
    people: Store[Person]
    phone_codes: Store[PhoneCodes]
    sealer: Sealer
    sms: Sms
    mail: Mail | None
    reference: ReferenceData
    clock: Clock

    @classmethod
    def on(
        cls,
        mongo: Mongo,
        limit_seconds: float,
        *,
        accounts: Store[Account],
        people: Store[Person],
        phone_codes: Store[PhoneCodes],
        sealer: Sealer,
        sms: Sms,
        mail: Mail | None,
        reference: ReferenceData,
        clock: Clock,
    ) -> "Notices":
        notices = mongo.collection("notices")
        return cls(
            notices=notices,
            notice=Together(partial(mongo.by_id, notices)),
            outbox=Outbox(mongo),
            preferences=Store(mongo, "notice_preferences", Preferences, limit_seconds=limit_seconds),
            applications=Projection(mongo, "notice_applications", TrackedApplication, _LOOK),
            cases=Projection(mongo, "notice_cases", TrackedCase, _LOOK),
            units=Projection(mongo, "notice_units", TrackedUnit, _LOOK),
            postings=Projection(mongo, "notice_postings", TrackedPosting),
            accounts=accounts,
            people=people,
            phone_codes=phone_codes,
            sealer=sealer,
            sms=sms,
            mail=mail,
            reference=reference,
            clock=clock,
        )

    @property
    def mongo(self) -> Mongo:
        return self.accounts.mongo

    async def prepare(self) -> None:
        await self.notices.create_indexes(list(_INBOX))
        for part in (self.outbox, self.preferences, self.applications, self.cases, self.units, self.postings):
            await part.prepare()

    async def add(self, notices: Iterable[Notice]) -> None:
        """Those that are not there yet."""
        await insert_new(self.mongo, self.notices, [to_row(notice.model_dump()) for notice in notices])

    async def get(self, id: str) -> Notice | None:
        row = await self.notice(id)
        return Notice.model_validate(from_row(row)) if row else None

    async def inbox(self, to: str, unread: bool, after: str | None, limit: int) -> tuple[list[Notice], str | None]:
        """A page, newest first, and the cursor of the next one."""
        query: Document = {"to": to, **(_UNREAD if unread else {})}
        rows, following = await _NEWEST.page(self.mongo, self.notices, query, after, limit, hint="unread" if unread else "inbox")
        return [Notice.model_validate(from_row(row)) for row in rows], following

    async def unread(self, to: str) -> int:
        async with self.mongo.slot:
            return await self.notices.count_documents({"to": to, **_UNREAD}, hint="unread")

    async def read(self, id: str, to: str, at: datetime) -> None:
        """Read at that instant, unless it was before."""
        await self._mark({"_id": id, "to": to, **_UNREAD}, at)

    async def read_all(self, to: str, at: datetime) -> None:
        """All that came until that instant."""
        await self._mark({"to": to, **_UNREAD, "at": {"$lte": at}}, at)

    async def recipients(self, audiences: Iterable[Audience]) -> list[Recipient]:
        """The active accounts of these audiences together, each once: `Audience.takes` says which of them is of which."""
        wanted = list(audiences)
        ids = {kind: [audience.id for audience in wanted if audience.kind == kind] for kind in ("person", "unit", "office")}
        choices: list[Document] = [
            *([{"_id": {"$in": ids["person"]}}] if ids["person"] else []),
            *([{"state.unit_id": {"$in": ids["unit"]}}] if ids["unit"] else []),
            *([{"state.role": Role.OFFICER, "state.region": {"$in": ids["office"]}}] if ids["office"] else []),
            *([{"state.role": Role.SYSTEM_ADMIN}] if any(a.kind == "administrators" for a in wanted) else []),
        ]
        if not choices:
            return []
        fields = ("role", "unit_id", "region", "permissions", "phone.hash", "active")
        async with self.mongo.slot:
            rows = await self.accounts.collection.find({"$or": choices}, {f"state.{field}": 1 for field in fields}).to_list()
        return [_recipient(row) for row in rows if row["state"]["active"]]

    async def with_mail(self, ids: Iterable[str]) -> set[str]:
        """Which of these people have given an address."""
        return {id for id, state in (await self._states(self.people.collection, ids, "email_sealed")).items() if state.get("email_sealed")}

    async def preferences_of(self, ids: Iterable[str]) -> dict[str, Preferences]:
        states = await self._states(self.preferences.collection, ids)
        return {id: Preferences.model_validate(state) for id, state in states.items()}

    async def application_facts(self, ids: Iterable[str]) -> dict[str, Document]:
        """By application: `posting_id`, `unit_id`, `region`, as far as they are known."""
        return await self.applications.states(ids)

    async def unit_of_posting(self, id: str) -> str | None:
        posting = await self.postings.get(id)
        return posting.unit_id if posting else None

    async def names(self, facts: Iterable[dict[str, str]]) -> Names:
        """What the postings and units of these facts are called."""
        known = list(facts)
        postings = await self.postings.states(one["posting_id"] for one in known if "posting_id" in one)
        units = await self.units.states(one["unit_id"] for one in known if "unit_id" in one)
        return Names(
            postings={id: state["title"] for id, state in postings.items()},
            units={id: state["name"] for id, state in units.items() if "name" in state},
        )

    async def to_remind(self, tracked: Projection[Any], now: datetime, limit: int) -> list[Document]:
        """Rows that are to be looked at again."""
        due = {"state.remind_at": {"$type": "date", "$lte": now}}  # the type lets the planner see that the partial index holds it
        async with self.mongo.slot:
            return await tracked.collection.find(due).hint("remind").limit(limit).to_list()

    async def remind_again(self, tracked: Projection[Any], row: Document, at: datetime | None) -> None:
        """The next look at a row, unless it has changed meanwhile."""
        unchanged = {"_id": row["_id"], "seq": row["seq"], "state.remind_at": row["state"]["remind_at"]}
        async with self.mongo.slot:
            await tracked.collection.update_one(unchanged, {"$set": {"state.remind_at": at}})

    async def _mark(self, query: Document, at: datetime) -> None:
        async with self.mongo.slot:
            await self.notices.update_many(query, {"$set": {"unread": False, "read_at": at}})

    async def _states(self, collection: AsyncCollection[Document], ids: Iterable[str], *fields: str) -> dict[str, Document]:
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        async with self.mongo.slot:
            rows = await collection.find({"_id": {"$in": wanted}}, {f"state.{field}": 1 for field in fields} or {"state": 1}).to_list()
        return {row["_id"]: row["state"] for row in rows}


def _recipient(row: Document) -> Recipient:
    state = row["state"]
    who = {field: state.get(field) for field in ("role", "unit_id", "region", "permissions")}
    return Recipient(id=row["_id"], has_phone=bool(state.get("phone")), **who)
