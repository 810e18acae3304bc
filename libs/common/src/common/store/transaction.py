"""The only writes that touch several documents: a command that moves seats (R8), in one transaction of one database."""

from collections.abc import Awaitable, Callable
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.read_concern import ReadConcern

from common.store.mongo import Mongo
from common.tracing import within


async def in_transaction(mongo: Mongo, work: Callable[[AsyncClientSession], Awaitable[bool]]) -> bool:
    """Run `work` and commit when it returns True; roll back when it returns False or raises.

    Transient conflicts run `work` again from the start, as a whole; the caller's time limit ends that.
    """

    async def attempt(session: AsyncClientSession) -> bool:
        won = await work(session)
        if not won:
            await session.abort_transaction()
        return won

    with within("transaction", "client", {"db.system.name": "mongodb"}):
        async with mongo.slot, mongo.client.start_session() as session:
            result: Any = await session.with_transaction(
                attempt, read_concern=ReadConcern("snapshot"), write_concern=mongo.database.write_concern
            )
            return bool(result)
