"""Events that are stored and not yet acknowledged by Kafka: how many, and how old the oldest is."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from common.ops.settings import DATABASES, OpsSettings
from common.ops.table import Row, show
from common.store.backlog import INDEX
from common.store.backlog import backlog as backlog_of
from common.store.mongo import Mongo

_COLUMNS = {"service": "服务", "store": "集合", "pending": "待发布", "oldest_seconds": "最早的已等待（秒）"}


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
            if INDEX not in await collection.index_information():
                continue
            found = await backlog_of(collection)
            waited = round(found.age(datetime.now(UTC)), 1)
            rows.append({"service": service, "store": name, "pending": found.count, "oldest_seconds": waited})
        return rows
    finally:
        await mongo.close()
