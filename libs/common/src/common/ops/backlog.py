"""Events that are stored and not yet acknowledged by Kafka: how many, and how old the oldest is."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from common.ops.settings import DATABASES, OpsSettings
from common.ops.table import Row, show
from common.store.mongo import Mongo

_COLUMNS = {"service": "服务", "store": "集合", "pending": "待发布", "oldest_seconds": "最早的已等待（秒）"}
_PENDING = {"pending.seq": {"$exists": True}}


def add_arguments(_: ArgumentParser) -> None:
    """None of its own."""


async def run(settings: OpsSettings, arguments: Namespace) -> int:
    show(await backlog(settings), _COLUMNS, as_json=arguments.json)
    return 0


async def backlog(settings: OpsSettings) -> list[Row]:
    """One row per store that has events: {service, store, pending, oldest_seconds}. Reads through the relay's own index."""
    return [row for service in DATABASES for row in await _of_service(settings, service)]


async def _of_service(settings: OpsSettings, service: str) -> list[Row]:
    mongo = Mongo(settings.mongo, settings.database(service))
    try:
        rows = []
        for name in sorted(await mongo.database.list_collection_names()):
            collection = mongo.collection(name)
            if "pending" not in await collection.index_information():
                continue
            fields = {"count": {"$size": "$pending"}, "oldest": {"$min": "$pending.time"}}
            total = {"_id": None, "count": {"$sum": "$count"}, "oldest": {"$min": "$oldest"}}
            found = await (
                await collection.aggregate([{"$match": _PENDING}, {"$project": fields}, {"$group": total}], hint="pending")
            ).to_list()
            count, oldest = (found[0]["count"], found[0]["oldest"]) if found else (0, None)
            waited = round((datetime.now(UTC) - oldest).total_seconds(), 1) if oldest else 0
            rows.append({"service": service, "store": name, "pending": count, "oldest_seconds": waited})
        return rows
    finally:
        await mongo.close()
