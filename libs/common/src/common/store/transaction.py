"""The only writes that touch several documents: a command that moves seats (R8), in one transaction of one database."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pymongo
import structlog
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from common.store.mongo import Mongo
from common.tracing import within

_END_SECONDS = 2.0
log = structlog.get_logger()
_ending: set[asyncio.Task[None]] = set()


async def in_transaction(mongo: Mongo, work: Callable[[AsyncClientSession], Awaitable[bool]]) -> bool:
    """Run `work` and commit when it returns True; roll back when it returns False or raises.

    Transient conflicts run `work` again from the start, as a whole; the caller's time limit ends that. A transaction that is given
    up half-way is ended on the server too, so that what it has written holds up nobody.
    """

    async def attempt(session: AsyncClientSession) -> bool:
        won = await work(session)
        if not won:
            await session.abort_transaction()
        return won

    with within("transaction", "client", {"db.system.name": "mongodb"}):
        async with mongo.slot, AsyncExitStack() as stack:
            session = await stack.enter_async_context(mongo.client.start_session())
            try:
                result: Any = await session.with_transaction(
                    attempt, read_concern=ReadConcern("snapshot"), write_concern=mongo.database.write_concern
                )
            except (asyncio.CancelledError, TimeoutError, PyMongoError):
                ending = asyncio.create_task(_end(mongo, session.session_id, stack.pop_all()), context=contextvars.Context())
                _ending.add(ending)
                ending.add_done_callback(_ending.discard)
                raise
            return bool(result)


async def _end(mongo: Mongo, session_id: Any, held: AsyncExitStack) -> None:
    """The driver's own rollback is lost when the caller's time is over; the server would wait for seconds by itself. Until it has been
    told the session is held, so that nobody else's work is ended with it.
    """
    async with held:
        try:
            with pymongo.timeout(_END_SECONDS):
                await mongo.client.admin.command("killSessions", [session_id])
        except PyMongoError as error:
            log.warning("transaction_left_open", error=type(error).__name__)
