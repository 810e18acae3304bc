"""Relays that share their work, and what ends a rest."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import structlog
from common.ids import new_id
from common.messaging import leases, relay
from common.messaging.relay import Relay
from common.settings import Settings
from common.store.aggregate import SHARDS, Staged, Store
from common.store.mongo import Document, Mongo
from common.testing.eventually import eventually
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure
from structlog.testing import LogCapture

from . import counters as c
from . import kafka as k
from .relays import Mortal, count, left, relaying

pytestmark = pytest.mark.usefixtures("seats")


async def held(mongo: Mongo) -> dict[str, int]:
    rows = mongo.collection("leases").aggregate([{"$match": {"owner": {"$ne": None}}}, {"$group": {"_id": "$owner", "n": {"$sum": 1}}}])
    return {row["_id"]: row["n"] async for row in await rows}


async def test_two_relays_share_the_shards_and_a_dead_ones_are_taken_over(
    settings: Settings, store: Store[c.Counter], seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (leases, relay):
        monkeypatch.setattr(module, "LEASE_SECONDS", 1)
    ids = [new_id("pst") for _ in range(40)]
    async with relaying(settings, store):
        dead = Mortal(settings, store)

        async def shared() -> bool:
            return list((await held(store.mongo)).values()) == [SHARDS // 2, SHARDS // 2]

        await eventually(shared, what="each holds half")
        await dead.kill()
        await asyncio.gather(*(count(store, id, 1) for id in ids))
        await eventually(k.is_equal(lambda: left(store), 0), what="the dead one's shards are relayed too")
        assert list((await held(store.mongo)).values()) == [SHARDS]
    assert await seats.seqs() == {id: [1] for id in ids}
    assert await held(store.mongo) == {}


async def test_what_this_process_writes_is_published_at_once_and_without_reading_it(
    settings: Settings, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pauses of a minute only what is put into the outbox can come out within seconds."""
    monkeypatch.setattr(relay, "_LOOK_SECONDS", 60.0)
    monkeypatch.setattr(Relay, "_watch", asyncio.Event().wait)
    async with relaying(settings, store) as running:
        store.committed = running.put
        id = new_id("pst")
        await eventually(looked_through(running, store))
        await count(store, id, 1)
        await eventually(k.is_equal(lambda: left(store), 0), what="the first, which also starts the producer")
        monkeypatch.setattr(running, "_read", None)
        began = time.monotonic()
        await count(store, id, 3)
        await eventually(k.is_equal(lambda: left(store), 0))
        assert time.monotonic() - began < 1


async def test_an_event_that_nobody_told_of_comes_out_although_there_is_news_all_the_time(
    settings: Settings, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a write whose outcome nobody knew."""
    monkeypatch.setattr(relay, "_LOOK_SECONDS", 0.3)
    async with relaying(settings, store, commands_elsewhere=False) as running:
        store.committed = running.put
        await eventually(looked_through(running, store))
        busy, id = new_id("pst"), new_id("pst")
        await count(c.counters(store.mongo), id, 1)

        async def come_out() -> bool:
            await count(store, busy, 1)
            row = await store.collection.find_one({"_id": id})
            return row is not None and row["pending"] == []

        await eventually(come_out)


async def test_an_event_from_memory_is_the_same_record_as_one_from_its_document(
    settings: Settings, store: Store[c.Counter], seats: k.Topic
) -> None:
    id, written = new_id("pst"), list[Staged]()

    def put(store: Store[Any], staged: Staged) -> None:
        written.append(staged)
        running.put(store, staged)

    async with relaying(settings, store) as running:
        await eventually(looked_through(running, store))
        store.committed = put
        await count(store, id, 1)
        await eventually(k.is_equal(lambda: left(store), 0))
        await store.collection.update_one({"_id": id}, {"$set": {"pending": written[0].events}})
        await eventually(k.is_equal(lambda: left(store), 0))
    first, again = await seats.records()
    assert (first.value, first.headers) == (again.value, again.headers)


def looked_through(running: Relay, store: Store[Any]) -> Callable[[], Awaitable[bool]]:
    async def done() -> bool:
        return bool(running._shards) and running._outboxes[store].empty

    return done


async def test_after_a_failure_there_is_one_pause(settings: Settings, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever wakes it meanwhile; and the log names the error, but not what it says: it may quote what people typed."""
    failures: list[float] = []
    said = LogCapture()

    async def fail(running: Relay) -> None:
        running._look()
        failures.append(time.monotonic())
        raise OperationFailure("示例")

    async def failed_often() -> bool:
        return len(failures) > 4

    monkeypatch.setattr(relay, "log", structlog.wrap_logger(None, [said]))
    monkeypatch.setattr(relay, "_PAUSE_SECONDS", 0.2)
    monkeypatch.setattr(Relay, "_pass", fail)
    async with relaying(settings, store):
        await eventually(failed_often)
        pauses = [later - earlier for earlier, later in itertools.pairwise(failures)]
    assert min(pauses) >= 0.2
    assert min(pauses) < 0.35
    assert {(line["event"], line["error"]) for line in said.entries} == {("relay_failed", "OperationFailure")}


async def test_a_worker_is_woken_by_writes_of_another_process(
    settings: Settings, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_LOOK_SECONDS", 60.0)
    elsewhere = Mongo(settings.mongo, settings.database("test"))
    async with relaying(settings, store) as running:
        heard = asyncio.Event()

        def hear(store: Store[Any], id: str, seq: int) -> None:
            heard.set()
            Relay._heard(running, store, id, seq)

        monkeypatch.setattr(running, "_heard", hear)

        async def watching() -> bool:
            await count(c.counters(elsewhere), new_id("pst"), 1)
            return heard.is_set()

        await eventually(lambda: held(store.mongo))
        await eventually(watching, what="the change stream is open")
        await count(c.counters(elsewhere), new_id("pst"), 2)
        await eventually(k.is_equal(lambda: left(store), 0))
    await elsewhere.close()


async def test_a_relay_that_is_alone_listens_for_no_others_until_there_is_one(
    settings: Settings, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(relay, "_PAUSE_SECONDS", 0.1)
    listening: list[str] = []
    watch = AsyncDatabase.watch

    async def noted(database: AsyncDatabase[Document], *how: Any) -> Any:
        listening.append(database.name)
        return await watch(database, *how)

    monkeypatch.setattr(AsyncDatabase, "watch", noted)
    async with relaying(settings, store, commands_elsewhere=False):
        await eventually(lambda: held(store.mongo))
        await count(store, new_id("pst"), 1)
        await eventually(k.is_equal(lambda: left(store), 0))
        assert listening == []
        async with relaying(settings, store, commands_elsewhere=False):
            await eventually(k.is_equal(lambda: async_len(listening), 2), what="both listen")


async def async_len(things: list[str]) -> int:
    return len(things)
