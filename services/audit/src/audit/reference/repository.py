"""The items are kept as aggregates; reading them needs no projection, since this is their owner."""

from dataclasses import dataclass

from common.clock import Clock
from common.contracts.topics import REFERENCE
from common.reference import ReferenceItem
from common.store.aggregate import Store
from common.store.mongo import Mongo
from common.store.reference import ReferenceData


@dataclass(frozen=True)
class ReferenceItems:
    """The parts of `audit.reference`. `data` reads the very rows that `store` writes (same collection, same `seq` and `state`)."""

    store: Store[ReferenceItem]
    data: ReferenceData
    clock: Clock

    @classmethod
    def on(cls, mongo: Mongo, data: ReferenceData, clock: Clock, limit_seconds: float) -> "ReferenceItems":
        store = Store(mongo, "reference_items", ReferenceItem, REFERENCE, limit_seconds=limit_seconds)
        return cls(store, data, clock)

    async def ids(self) -> set[str]:
        async with self.store.mongo.slot:
            return {row["_id"] async for row in self.store.collection.find({}, {"_id": 1})}
