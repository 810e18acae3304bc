"""The one way to a database: majority, journalled, aware of time zones, and never more work at once than the pool can serve."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pymongo
from bson.codec_options import CodecOptions, TypeEncoder, TypeRegistry
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect, ConnectionFailure, ExecutionTimeout, NetworkTimeout, WTimeoutError

from common.store.pool import Slots

Document = dict[str, Any]

OUTCOME_UNKNOWN = (AutoReconnect, ConnectionFailure, ExecutionTimeout, NetworkTimeout, WTimeoutError)
"""After one of these a write may or may not have happened: it is issued again, never guessed."""

_IN_FLIGHT = 48
_POOL_SIZE = 2 * _IN_FLIGHT
"""Nothing ever waits within the driver's pool, neither for a connection nor for its turn to open one: before Python 3.12 a task that is
cancelled twice while it waits there leaves the lock of the pool taken for ever (`asyncio.wait_for` of a condition).
"""
_SERVER_SELECTION_MS = 2_500
READ_SECONDS = 2.0
"""A read has its answer by then, or whoever asked has given up."""


def exactly(value: object) -> object:
    """A value that is looked for. Of a text the type is told too: so the planner sees that a partial index of texts holds it."""
    return {"$eq": value, "$type": "string"} if isinstance(value, str) else value


class _DateEncoder(TypeEncoder):
    """BSON has instants but no calendar dates: a date is stored as its ISO text."""

    python_type = date

    def transform_python(self, value: date) -> str:
        return value.isoformat()


class Mongo:
    """A client and the database one service owns. `slot` bounds the work in flight below the size of the pool."""

    def __init__(self, uri: str, database: str) -> None:
        self.client: AsyncMongoClient[Document] = AsyncMongoClient(
            uri,
            tz_aware=True,
            serverSelectionTimeoutMS=_SERVER_SELECTION_MS,
            connectTimeoutMS=1_000,
            socketTimeoutMS=5_000,
            maxPoolSize=_POOL_SIZE,
            maxConnecting=_POOL_SIZE,
            appname=database,
        )
        options: CodecOptions[Document] = CodecOptions(tz_aware=True, type_registry=TypeRegistry([_DateEncoder()]))
        self.database: AsyncDatabase[Document] = self.client.get_database(
            database, codec_options=options, write_concern=WriteConcern("majority", j=True)
        )
        self.slot = Slots(_IN_FLIGHT, database)
        self.projections: list[str] = []
        """The collections that are made from others' events alone, and so can be made anew."""

    def collection(self, name: str) -> AsyncCollection[Document]:
        return self.database[name]

    async def by_id(
        self, collection: AsyncCollection[Document], ids: Sequence[str], without: Sequence[str] = ()
    ) -> Sequence[Document | None]:
        """The documents of these ids, each in its place; `without` some fields."""
        async with self.slot:
            with pymongo.timeout(READ_SECONDS):
                wanted = ids[0] if len(ids) == 1 else {"$in": list(set(ids))}
                found = collection.find({"_id": wanted}, dict.fromkeys(without, 0) or None)
                documents = {document["_id"]: document async for document in found}
        return [documents.get(id) for id in ids]

    async def ping(self) -> None:
        await self.client.admin.command("ping")

    async def close(self) -> None:
        await self.client.close()
