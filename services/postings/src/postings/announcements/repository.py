"""Where announcements are kept."""

from dataclasses import dataclass

from common.calendar import midnight
from common.clock import Clock
from common.store.aggregate import Store
from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo
from common.store.reference import ReferenceData
from pymongo import IndexModel

from postings.announcements.domain import Announcement, AnnouncementKind, AnnouncementStatus

_PUBLISHED: Document = {"state.status": AnnouncementStatus.PUBLISHED.value}
_NEWEST = [("state.begins_at", -1), ("_id", -1)]
_INDEXES = (
    IndexModel([*_NEWEST, ("state.content.ends_on", 1)], name="published", partialFilterExpression=_PUBLISHED),
    IndexModel([("state.content.region", 1), *_NEWEST, ("state.content.ends_on", 1)], name="region", partialFilterExpression=_PUBLISHED),
    IndexModel([("state.places", 1), *_NEWEST], name="places"),
)
_BY_BEGINNING = Keyset("state.begins_at", newest_first=True)
_ROW: Document = {"history": 0, "commands": 0, "pending": 0, "state.earlier": 0}

Page = tuple[list[Announcement], str | None]
"""Announcements without their earlier versions, and the cursor of the next page."""


@dataclass(frozen=True)
class Announcements:
    store: Store[Announcement]
    reference: ReferenceData
    clock: Clock

    @classmethod
    def on(cls, mongo: Mongo, reference: ReferenceData, clock: Clock, limit_seconds: float) -> "Announcements":
        store = Store(mongo, "announcements", Announcement, indexes=_INDEXES, limit_seconds=limit_seconds)
        return cls(store, reference, clock)

    async def in_force(self, region: str | None, kind: AnnouncementKind | None, after: str | None, limit: int) -> Page:
        """What is in force today: of the region and of what contains it, or everywhere; newest first."""
        today = self.clock.today()
        query: Document = {**_PUBLISHED, "state.begins_at": {"$lte": midnight(today)}, "state.content.ends_on": {"$gte": today}}
        if region:
            regions = (await self.reference.current()).regions
            query["state.content.region"] = {"$in": [code for place in regions.ancestors(region) for code in regions.codes_of(place)]}
        return await self._page(query, kind, after, limit)

    async def of_office(self, region: str, kind: AnnouncementKind | None, after: str | None, limit: int) -> Page:
        """All that were ever published for the region and what it contains, also future, ended and withdrawn ones."""
        places = (await self.reference.current()).regions.codes_of(region)
        return await self._page({"state.places": {"$in": list(places)}}, kind, after, limit)

    async def _page(self, query: Document, kind: AnnouncementKind | None, after: str | None, limit: int) -> Page:
        if kind:
            query["state.content.kind"] = kind
        rows, following = await _BY_BEGINNING.page(self.store.mongo, self.store.collection, query, after, limit, projection=_ROW)
        return [Announcement.model_validate(row["state"]) for row in rows], following

    async def history(self, id: str) -> list[Document]:
        async with self.store.mongo.slot:
            row = await self.store.collection.find_one({"_id": id}, {"history": 1})
        entries: list[Document] = row["history"] if row else []
        return entries
