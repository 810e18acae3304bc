"""Keyset paging: a cursor names the place of the last row shown, so that a page costs the same at any depth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.asynchronous.collection import AsyncCollection

from common.refusals import INVALID_INPUT
from common.store.mongo import Document, Mongo

_FORMAT = "%Y-%m-%dT%H:%M:%S.%f"


@dataclass(frozen=True)
class Keyset:
    """The order of a list: by the instant at `path` (``state.due_at``) and `_id`, or by `_id` alone; `newest_first` turns it round."""

    path: str | None = None
    newest_first: bool = False

    async def page(
        self,
        mongo: Mongo,
        collection: AsyncCollection[Document],
        query: Document,
        after: str | None,
        limit: int,
        *,
        projection: Document | None = None,
        hint: str | None = None,
    ) -> tuple[list[Document], str | None]:
        """At most `limit` rows that follow the cursor `after`, and the cursor of the next page, if there is more.

        A projection must keep the path of the order. Refuses a cursor that is none with `invalid_input`.
        """
        paged = {"$and": [query, self._beyond(after)]} if after else query
        order = [(field, -1 if self.newest_first else 1) for field in (self.path, "_id") if field]
        found = collection.find(paged, projection).sort(order).limit(limit + 1)
        async with mongo.slot:
            rows = await (found.hint(hint) if hint else found).to_list()
        return rows[:limit], self._cursor(rows[limit - 1]) if len(rows) > limit else None

    def _beyond(self, cursor: str) -> Document:
        beyond = "$lt" if self.newest_first else "$gt"
        if self.path is None:
            return {"_id": {beyond: cursor}}
        text, _, id = cursor.partition("_")
        try:
            instant = datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)
        except ValueError as error:
            raise INVALID_INPUT(problems="after（格式不正确）") from error
        return {self.path: {f"{beyond}e": instant}, "$or": [{self.path: {beyond: instant}}, {"_id": {beyond: id}}]}

    def _cursor(self, row: Document) -> str:
        if self.path is None:
            return str(row["_id"])
        value = row
        for name in self.path.split("."):
            value = value[name]
        return f"{value:{_FORMAT}}_{row['_id']}"


@dataclass(frozen=True)
class Sections:
    """A list in sections that follow one another, each a query with an order of its own. A cursor says in which one it stands."""

    sections: Sequence[tuple[Document, Keyset]]

    async def page(
        self, mongo: Mongo, collection: AsyncCollection[Document], query: Document, after: str | None, limit: int, *, projection: Document
    ) -> tuple[list[Document], str | None]:
        """As a page of one `Keyset`."""
        place, cursor = self._place(after)
        rows: list[Document] = []
        for number in range(place, len(self.sections)):
            section, order = self.sections[number]
            wanted = {"$and": [query, section]}
            if len(rows) == limit:
                async with mongo.slot:
                    if await collection.find_one(wanted, {"_id": 1}):
                        return rows, f"{number}."
                continue
            found, following = await order.page(mongo, collection, wanted, cursor, limit - len(rows), projection=projection)
            rows, cursor = rows + found, None
            if following:
                return rows, f"{number}.{following}"
        return rows, None

    def _place(self, after: str | None) -> tuple[int, str | None]:
        number, dot, cursor = (after or "0.").partition(".")
        if not dot or number not in map(str, range(len(self.sections))):
            raise INVALID_INPUT(problems="after（格式不正确）")
        return int(number), cursor or None
