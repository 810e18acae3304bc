"""Every service's own copy of the reference data that audit owns (policy, calendar, regions, reasons, wages, contacts)."""

import time
from collections.abc import Sequence

import pymongo
import structlog

from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event
from common.messaging.consumer import Effects
from common.reference import Reference, ReferenceItem, package_items
from common.store.mongo import READ_SECONDS, Mongo
from common.store.projection import Projection
from common.store.together import Together

_FRESH_SECONDS = 0.25
log = structlog.get_logger()


class ReferenceData:
    """The projection of topic `reference`, and the value built from it, rebuilt only when an item has changed."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._items = Projection(mongo, "reference_items", ReferenceItem)
        self._newest = Together(self._look)
        self._value = Reference.from_items([])
        self._stamp: tuple[int, int] = (0, 0)
        self._looked = 0.0
        self._complete = False

    def effects(self) -> Effects:
        return {ReferenceItemSet: self._item_set}

    async def prepare(self) -> None:
        await self._items.prepare()

    @property
    def kept(self) -> Reference:
        """The value read last, without a look at the database."""
        return self._value

    async def current(self) -> Reference:
        """The reference as of now, at most a quarter of a second old."""
        return self._value if time.monotonic() - self._looked < _FRESH_SECONDS else await self.newest()

    async def newest(self) -> Reference:
        """The reference as it is stored at this moment. Should its items not go together, the last value that did stays in force."""
        return await self._newest(None)

    async def _look(self, waiting: Sequence[None]) -> Sequence[Reference]:
        with pymongo.timeout(READ_SECONDS):  # a look that hangs must not hold up those that ask later
            await self._read_if_changed()
        self._looked = time.monotonic()
        return [self._value] * len(waiting)

    async def _read_if_changed(self) -> None:
        stamp = await self._read_stamp()
        if stamp != self._stamp:
            try:
                self._value = await self._read()
            except ValueError:
                log.exception("reference_unsound")
            self._stamp = stamp

    async def check_complete(self) -> None:
        """LookupError until every item that this build comes with was heard: no rule works with half of its numbers."""
        if not self._complete:
            wanted = [f"{item.kind}:{item.key}" for item in package_items()]
            async with self._mongo.slot:
                heard = await self._items.collection.count_documents({"_id": {"$in": wanted}})
            if heard < len(wanted):
                raise LookupError(f"{heard} of {len(wanted)} items of reference data were heard")
            self._complete = True

    async def _read(self) -> Reference:
        """What can be read. An item of a newer audit that this build cannot read is passed over, and waits in the projection."""
        async with self._mongo.slot:
            states = [row["state"] async for row in self._items.collection.find({})]
        items = []
        for state in states:
            try:
                item = ReferenceItem.model_validate(state)
                item.record()
                items.append(item)
            except ValueError:
                log.warning("reference_item_unreadable", kind=state["kind"], key=state["key"], version=state["version"])
        return Reference.from_items(items)

    async def _read_stamp(self) -> tuple[int, int]:
        async with self._mongo.slot:
            totals = await self._items.collection.aggregate([{"$group": {"_id": None, "items": {"$sum": 1}, "seqs": {"$sum": "$seq"}}}])
            found = await totals.to_list()
        return (found[0]["items"], found[0]["seqs"]) if found else (0, 0)

    async def _item_set(self, event: Event, message: ReferenceItemSet) -> None:
        fields = {"kind": message.kind, "key": message.key, "version": message.item_version, "value": message.value}
        await self._items.merge([(event, fields)])
