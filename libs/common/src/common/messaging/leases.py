"""Leases: which replica relays which shards. Times are the database's own, so clocks of replicas do not matter."""

import math
from dataclasses import dataclass

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from common.store.mongo import Document, Mongo

LEASE_SECONDS = 10


@dataclass
class Leases:
    """Holds a fair share of the shards: takes free and expired ones up to it, gives up what is above it."""

    mongo: Mongo
    owner: str
    shards: int
    group: str = "relay"

    def __post_init__(self) -> None:
        self.members = 0
        """How many share the shards, by the last renewal."""
        self._leases = self.mongo.collection("leases")
        self._members = self.mongo.collection("lease_members")

    async def renew(self) -> set[int]:
        """Renew, take and release; returns the shards held for the next `LEASE_SECONDS`."""
        until: Document = {"$dateAdd": {"startDate": "$$NOW", "unit": "second", "amount": LEASE_SECONDS}}
        async with self.mongo.slot:
            await self._members.update_one(
                {"_id": f"{self.group}/{self.owner}"}, [{"$set": {"group": self.group, "until": until}}], upsert=True
            )
            await self._members.delete_many({"group": self.group, "$expr": {"$lte": ["$until", "$$NOW"]}})
            self.members = await self._members.count_documents({"group": self.group})
            share = math.ceil(self.shards / max(self.members, 1))
            await self._leases.update_many({"group": self.group, "owner": self.owner}, [{"$set": {"until": until}}])
            held = {row["shard"] async for row in self._leases.find({"group": self.group, "owner": self.owner})}
            for shard in sorted(held)[share:]:
                await self._release(shard)
                held.discard(shard)
            for shard in range(self.shards):
                if len(held) < share and shard not in held and await self._take(shard, until):
                    held.add(shard)
        return held

    async def _take(self, shard: int, until: Document) -> bool:
        free = {"$or": [{"$eq": [{"$ifNull": ["$owner", None]}, None]}, {"$lte": ["$until", "$$NOW"]}]}
        mine = {"owner": {"$cond": [free, self.owner, "$owner"]}, "until": {"$cond": [free, until, "$until"]}}
        try:
            lease = await self._leases.find_one_and_update(
                {"_id": f"{self.group}/{shard}"},
                [{"$set": {"group": self.group, "shard": shard, **mine}}],
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return False
        return lease is not None and lease["owner"] == self.owner

    async def _release(self, shard: int) -> None:
        await self._leases.update_one({"_id": f"{self.group}/{shard}", "owner": self.owner}, {"$set": {"owner": None}})

    async def release_all(self) -> None:
        async with self.mongo.slot:
            await self._leases.update_many({"group": self.group, "owner": self.owner}, {"$set": {"owner": None}})
            await self._members.delete_one({"_id": f"{self.group}/{self.owner}"})
