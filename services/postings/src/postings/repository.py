"""Where postings and the facts about units and seats are kept, and what handlers take as their first argument."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.clock import Clock
from common.contracts.topics import POSTINGS
from common.contracts.words import PostingKind, PostingStatus
from common.store.aggregate import Store
from common.store.keyset import Keyset, Sections
from common.store.mongo import Document, Mongo
from common.store.projection import Projection, wait_for
from common.store.reference import ReferenceData
from common.store.security_notes import SecurityNotes
from pymongo import IndexModel

from postings.announcements.repository import Announcements
from postings.domain import search
from postings.domain.availability import FOLLOWED
from postings.domain.facts import SeatsFacts, Surroundings, UnitFacts
from postings.domain.limits import Offer
from postings.domain.posting import Posting
from postings.domain.status import OFFERED

_PUBLISHED: Document = {"state.status": PostingStatus.PUBLISHED.value}
_WAITING: Document = {"state.status": PostingStatus.SUBMITTED.value}
_NEWEST = [("state.published_at", -1), ("_id", -1)]
_INDEXES = (
    IndexModel(_NEWEST, name="published", partialFilterExpression=_PUBLISHED),
    IndexModel([("state.places", 1), *_NEWEST], name="places", partialFilterExpression=_PUBLISHED),
    IndexModel(
        [("state.places", 1), ("state.status", 1), ("state.content.deadline", 1), ("state.content.kind", 1)],
        name="counts",
        partialFilterExpression=_PUBLISHED,
    ),
    IndexModel([("state.grams", 1), *_NEWEST], name="grams", partialFilterExpression=_PUBLISHED),
    IndexModel([("state.unit_id", 1), ("state.created_at", -1), ("_id", -1)], name="unit"),
    IndexModel([("state.offices", 1), ("state.review_due_at", 1), ("_id", 1)], name="reviews", partialFilterExpression=_WAITING),
    IndexModel([("state.offices", 1), ("state.created_at", -1), ("_id", -1)], name="office"),
)
_BY_PUBLICATION = Keyset("state.published_at", newest_first=True)
_BY_CREATION = Keyset("state.created_at", newest_first=True)
_OTHERS: Document = {"state.status": {"$ne": PostingStatus.SUBMITTED.value}}
_FOR_OFFICERS = Sections(
    (
        (_WAITING, Keyset("state.review_due_at")),
        ({**_OTHERS, "state.flags.0": {"$exists": True}}, _BY_CREATION),
        ({**_OTHERS, "state.flags.0": {"$exists": False}}, _BY_CREATION),
    )
)
"""What waits for its review, the longest overdue first; then what is flagged; then the rest, newest first (R32)."""

Page = tuple[list[Posting], str | None]
"""Postings, and the cursor of the next page."""


@dataclass(frozen=True)
class Wish:
    """What a visitor looks for; `places` are the codes of one county, city or the province, abolished ones among them."""

    text: str = ""
    places: tuple[str, ...] = ()
    kind: PostingKind | None = None
    months_min: int | None = None
    months_max: int | None = None
    allowance_min_fen: int | None = None

    def query(self, today: date) -> Document:
        """Open postings that fit: published, and their deadline is not over (G15)."""
        query: Document = {**_PUBLISHED, "state.content.deadline": {"$gte": today}}
        pairs, singles = search.wanted(self.text)
        beginnings = [re.compile(f"^{re.escape(single)}") for single in singles]
        if pairs or beginnings:
            query["state.grams"] = {"$all": [*pairs, *beginnings]}
        if self.places:
            query["state.places"] = {"$in": list(self.places)}
        if self.kind:
            query["state.content.kind"] = self.kind
        months = {"$gte": self.months_min, "$lte": self.months_max}
        for field, bounds in (("months", months), ("allowance_fen", {"$gte": self.allowance_min_fen})):
            if given := {operator: value for operator, value in bounds.items() if value is not None}:
                query[f"state.content.{field}"] = given
        return query


@dataclass(frozen=True)
class Postings:
    """The parts of the service."""

    store: Store[Posting]
    units: Projection[UnitFacts]
    seats: Projection[SeatsFacts]
    announcements: Announcements
    notes: SecurityNotes
    reference: ReferenceData
    clock: Clock

    @classmethod
    def on(cls, mongo: Mongo, reference: ReferenceData, clock: Clock, limit_seconds: float) -> "Postings":
        return cls(
            store=Store(mongo, "postings", Posting, POSTINGS, indexes=_INDEXES, limit_seconds=limit_seconds),
            units=Projection(mongo, "units", UnitFacts, [IndexModel([("state.status", 1)], name="status")]),
            seats=Projection(mongo, "seats", SeatsFacts),
            announcements=Announcements.on(mongo, reference, clock, limit_seconds),
            notes=SecurityNotes(mongo, clock, limit_seconds=limit_seconds),
            reference=reference,
            clock=clock,
        )

    async def published(self, wish: Wish, after: str | None, limit: int) -> Page:
        """A page of open postings, newest first."""
        return await self._page(_BY_PUBLICATION, wish.query(self.clock.today()), after, limit)

    async def counts(self, places: tuple[str, ...]) -> dict[PostingKind, int]:
        """How many open postings there are of each kind, by the keys of an index alone."""
        by_kind: list[Document] = [
            {"$match": Wish(places=places).query(self.clock.today())},
            {"$group": {"_id": "$state.content.kind", "count": {"$sum": 1}}},
        ]
        async with self.store.mongo.slot:
            counted = {row["_id"]: row["count"] async for row in await self.store.collection.aggregate(by_kind)}
        return {kind: counted.get(kind, 0) for kind in PostingKind}

    async def of_unit(self, unit_id: str, status: PostingStatus | None, after: str | None, limit: int) -> Page:
        """A page of a unit's postings, newest first."""
        query: Document = {"state.unit_id": unit_id} | ({"state.status": status} if status else {})
        return await self._page(_BY_CREATION, query, after, limit)

    async def of_office(
        self, places: tuple[str, ...], status: PostingStatus | None, unit_id: str | None, after: str | None, limit: int
    ) -> Page:
        """A page of what has been submitted in these regions, or by their units."""
        wanted = {"state.status": status, "state.unit_id": unit_id}
        query: Document = {"state.offices": {"$in": list(places)}, **{path: value for path, value in wanted.items() if value}}
        store = self.store
        rows, following = await _FOR_OFFICERS.page(store.mongo, store.collection, query, after, limit, projection={"state": 1})
        return [Posting.model_validate(row["state"]) for row in rows], following

    async def _page(self, order: Keyset, query: Document, after: str | None, limit: int) -> Page:
        rows, following = await order.page(self.store.mongo, self.store.collection, query, after, limit, projection={"state": 1})
        return [Posting.model_validate(row["state"]) for row in rows], following

    async def seats_of(self, postings: Iterable[Posting]) -> dict[str, SeatsFacts]:
        async with self.store.mongo.slot:
            found = self.seats.collection.find({"_id": {"$in": [posting.id for posting in postings]}})
            return {row["_id"]: SeatsFacts.model_validate(row["state"]) async for row in found}

    async def around(self, id: str, unit_id: str, unit: UnitFacts | None) -> Surroundings:
        """What is known beside this posting of the unit."""
        query = {"state.unit_id": unit_id, "state.status": {"$in": sorted(OFFERED)}}
        async with self.store.mongo.slot:
            rows = await self.store.collection.find(query, {"state.content.headcount": 1, "state.content.mentor": 1}).to_list()
        others = tuple(Offer.model_validate(row["state"]["content"]) for row in rows if row["_id"] != id)
        return Surroundings(unit, await self.seats.get(id), others, await self.reference.current())

    async def recognised(self, unit_id: str) -> UnitFacts | None:
        """The unit, once it is recognised; waits a moment for a recognition that was decided just now."""

        async def probe() -> UnitFacts | None:
            unit = await self.units.get(unit_id)
            return unit if unit and unit.recognised_on(self.clock.today()) else None

        return await wait_for(probe)

    async def units_to_follow(self) -> dict[str, UnitFacts]:
        """The units that are suspended, revoked or expired."""
        async with self.store.mongo.slot:
            found = self.units.collection.find({"state.status": {"$in": sorted(FOLLOWED)}})
            return {row["_id"]: UnitFacts.model_validate(row["state"]) async for row in found}

    async def open_of(self, unit_ids: list[str]) -> dict[str, str]:
        """The postings of these units that are published or paused: posting id to unit id."""
        query = {"state.unit_id": {"$in": unit_ids}, "state.status": {"$in": [PostingStatus.PUBLISHED, PostingStatus.PAUSED]}}
        async with self.store.mongo.slot:
            return {row["_id"]: row["state"]["unit_id"] async for row in self.store.collection.find(query, {"state.unit_id": 1})}

    async def history(self, id: str) -> list[Document]:
        async with self.store.mongo.slot:
            row = await self.store.collection.find_one({"_id": id}, {"history": 1})
        entries: list[Document] = row["history"] if row else []
        return entries
