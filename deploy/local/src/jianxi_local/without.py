"""A service without choices that make it fast: `python -m jianxi_local.without group-commit,token-cache SERVICE --role ROLE`.

The benchmark's: functions of the service are replaced by plainer ones before it runs, and the service knows nothing of it.
"""

import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pymongo
from common.store.aggregate import Store
from common.store.group_commit import GroupCommit, Write
from common.store.mongo import Document
from common.store.transaction import in_transaction
from common.tokens import TokenVerifier, Verified
from pymongo import InsertOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

_bulk, _prepare, _verify = GroupCommit._bulk, Store.prepare, TokenVerifier.verify
_DUPLICATE_KEY = 11000
OUTBOX = "_outbox"


async def write_alone(self: GroupCommit, write: Write) -> bool:
    """At once, whatever else is being written."""
    await self._commit([write])
    return await write.outcome


async def one_command(self: GroupCommit, batch: list[Write]) -> dict[int, Document] | None:
    """Each write is a command of its own; as many at once as there are slots."""
    async with self._mongo.slot:
        return await _bulk(self, batch)


async def two_collections(self: GroupCommit, batch: list[Write]) -> dict[int, Document] | None:
    """Each write is a transaction of its own: the document, and in a second collection a row with the events."""
    (write,) = batch
    outbox = self._mongo.collection(f"{self._collection.name}{OUTBOX}")

    async def both(session: AsyncClientSession) -> bool:
        result = await self._collection.bulk_write([write.operation], session=session)
        won = result.matched_count + result.inserted_count == 1
        if won and (events := _events(write)):
            await outbox.insert_one({"_id": write.attempt, "aggregate": write.id, "events": events}, session=session)
        return won

    try:
        with pymongo.timeout(self._issue_seconds):
            return None if await in_transaction(self._mongo, both) else {}
    except BulkWriteError as error:
        (failed,) = error.details["writeErrors"]
        if failed["code"] != _DUPLICATE_KEY:
            raise
        return {0: failed}


async def prepare_both(self: Store[Any]) -> None:
    """The second collection is there before the first transaction: those that make it at once would be in each other's way."""
    await _prepare(self)
    await self.mongo.collection(f"{self.collection.name}{OUTBOX}").create_index("aggregate")


def verify_again(self: TokenVerifier, token: str) -> Verified:
    """The signature of every request is verified."""
    self._seen.clear()
    return _verify(self, token)


def _events(write: Write) -> list[Document]:
    """Those that this write stages."""
    document: Any = write.operation._doc
    events: list[Document] = document["pending"] if isinstance(write.operation, InsertOne) else document["$push"]["pending"]["$each"]
    return events


Replaced = tuple[type, str, Callable[..., Any]]
CHOICES: Mapping[str, Sequence[Replaced]] = {
    "group-commit": ((GroupCommit, "write", write_alone), (GroupCommit, "_bulk", one_command)),
    "token-cache": ((TokenVerifier, "verify", verify_again),),
    "one-document": ((GroupCommit, "write", write_alone), (GroupCommit, "_bulk", two_collections), (Store, "prepare", prepare_both)),
}
"""What is done without. Without one document for all there is no group commit either: a transaction ends for one caller alone."""


def launcher(without: Sequence[str]) -> tuple[str, ...]:
    """How Python starts a service without these."""
    return ("-m", "jianxi_local.without", ",".join(without)) if without else ("-m",)


def do_without(choices: Sequence[str]) -> None:
    for choice in choices:
        for owner, name, replacement in CHOICES[choice]:
            setattr(owner, name, replacement)


if __name__ == "__main__":
    _, names, service, *options = sys.argv
    do_without(names.split(","))
    sys.argv = [service, *options]
    runpy.run_module(service, run_name="__main__", alter_sys=True)
