"""The backlog of a store: events that are stored and not yet acknowledged by Kafka."""

from dataclasses import dataclass
from datetime import datetime

from pymongo.asynchronous.collection import AsyncCollection

from common.store.mongo import Document

INDEX = "pending"
_PENDING = {"pending.seq": {"$exists": True}}
_OF_DOCUMENT = {"count": {"$size": "$pending"}, "oldest": {"$min": "$pending.time"}}
_OF_ALL = {"_id": None, "count": {"$sum": "$count"}, "oldest": {"$min": "$oldest"}}


@dataclass(frozen=True)
class Backlog:
    """`oldest` is the domain instant of the first event that waits."""

    count: int = 0
    oldest: datetime | None = None

    def age(self, now: datetime) -> float:
        """Seconds that the oldest has waited; 0 when none waits."""
        return max((now - self.oldest).total_seconds(), 0.0) if self.oldest else 0.0


async def backlog(collection: AsyncCollection[Document]) -> Backlog:
    """Reads through the relay's own index."""
    stages: list[Document] = [{"$match": _PENDING}, {"$project": _OF_DOCUMENT}, {"$group": _OF_ALL}]
    found = await (await collection.aggregate(stages, hint=INDEX)).to_list()
    return Backlog(found[0]["count"], found[0]["oldest"]) if found else Backlog()
