"""The relay on the real Kafka and MongoDB: at least once, in order, nothing lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from aiokafka.errors import KafkaError
from common import observe
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import decode
from common.ids import new_id
from common.messaging import leases, relay
from common.messaging.relay import Relay
from common.settings import Settings
from common.store.aggregate import SHARDS, Store
from common.store.mongo import Mongo
from common.testing.eventually import eventually
from common.testing.proxy import CuttingProxy

from . import counters as c
from . import kafka as k


@pytest.fixture
async def store(mongo: Mongo, seats: k.Topic) -> Store[c.Counter]:
    store = c.counters(mongo)
    await store.prepare()
    return store


@asynccontextmanager
async def relaying(settings: Settings, store: Store[Any], *, watch: bool = False, service: str = "applications") -> AsyncIterator[Relay]:
    """A relay at work; a normal end gives its shards back."""
    running = Relay(service, settings, store.mongo, [store], watch=watch)
    task = asyncio.create_task(running.run())
    try:
        yield running
    finally:
        await end(task)
        await running.stop()


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Mortal:
    """A relay that can be killed: it ends without giving its leases back."""

    def __init__(self, settings: Settings, store: Store[Any]) -> None:
        self.relay = Relay("applications", settings, store.mongo, [store], watch=False)
        self.task = asyncio.create_task(self.relay.run())

    async def kill(self) -> None:
        await end(self.task)
        await self.relay._drop_producer()


async def end_terms(mongo: Mongo) -> None:
    """As if every lease had run out."""
    for collection in ("leases", "lease_members"):
        await mongo.collection(collection).delete_many({})


async def count(store: Store[c.Counter], id: str, times: int) -> None:
    for _ in range(times):
        await store.execute(id, c.command(), c.add_one(id))


async def left(store: Store[Any]) -> int:
    return sum([len(row["pending"]) async for row in store.collection.find({})])


async def test_all_pending_events_are_published_in_order_as_cloudevents(
    settings: Settings, store: Store[c.Counter], seats: k.Topic
) -> None:
    ids = [new_id("pst") for _ in range(5)]
    trace = observe.begin_trace()
    await asyncio.gather(*(count(store, id, 3) for id in ids))
    async with relaying(settings, store):
        await eventually(k.is_equal(lambda: left(store), 0), what="nothing is pending")
    assert await seats.seqs() == {id: [1, 2, 3] for id in ids}
    record = (await seats.records())[0]
    event = decode(record.key, record.value, record.headers)
    assert isinstance(event.data, SeatsChanged)
    assert event.data.taken == event.seq
    attributes = {name: value.decode() for name, value in record.headers}
    assert attributes.pop("traceparent").split("-")[1] == trace
    assert datetime.fromisoformat(attributes.pop("ce_time")) == c.NOON
    id = record.key.decode()
    assert attributes == {
        "ce_specversion": "1.0",
        "ce_id": f"{id}:1",
        "ce_source": "applications",
        "ce_type": "seats.changed.v1",
        "ce_subject": id,
        "ce_partitionkey": id,
        "content-type": "application/json",
    }


async def test_taking_off_leaves_version_and_later_events_alone(settings: Settings, store: Store[c.Counter]) -> None:
    id = new_id("pst")
    await count(store, id, 2)
    async with relaying(settings, store):
        await eventually(k.is_equal(lambda: left(store), 0))
    await count(store, id, 1)
    row = await store.collection.find_one({"_id": id})
    assert row is not None
    assert (row["version"], row["seq"], [event["seq"] for event in row["pending"]]) == (3, 3, [3])


async def test_a_crash_between_publishing_and_taking_off_publishes_again_and_loses_nothing(
    settings: Settings, store: Store[c.Counter], seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = new_id("pst")
    await count(store, id, 2)
    published = asyncio.Event()

    async def die(*_: Any) -> None:
        published.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(Relay, "_take_off", die)
        killed = Mortal(settings, store)
        await asyncio.wait_for(published.wait(), 10)
        await killed.kill()
    await end_terms(store.mongo)
    await count(store, id, 1)
    async with relaying(settings, store):
        await eventually(k.is_equal(lambda: left(store), 0))
    assert await seats.seqs() == {id: [1, 2, 1, 2, 3]}


async def test_a_paused_relay_that_publishes_late_takes_nothing_off_that_it_did_not_publish(
    settings: Settings, store: Store[c.Counter], seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood still between reading and sending; meanwhile another relay took its shards and published more."""
    id = new_id("pst")
    await count(store, id, 2)
    read, go_on = asyncio.Event(), asyncio.Event()
    publish = Relay._publish

    async def stand_still(self: Relay, *work: Any) -> None:
        read.set()
        await go_on.wait()
        await publish(self, *work)

    with monkeypatch.context() as patch:
        patch.setattr(Relay, "_publish", stand_still)
        paused = Mortal(settings, store)
        await asyncio.wait_for(read.wait(), 10)
    monkeypatch.setattr(paused.relay._leases, "renew", asyncio.Event().wait)
    await end_terms(store.mongo)
    await count(store, id, 1)
    async with relaying(settings, store):
        await eventually(k.is_equal(lambda: left(store), 0))
    await count(store, id, 1)
    go_on.set()
    await eventually(k.is_equal(seats.seqs, {id: [1, 2, 3, 1, 2]}), what="the paused relay has published late")
    await paused.kill()
    row = await store.collection.find_one({"_id": id})
    assert row is not None
    assert [event["seq"] for event in row["pending"]] == [4]


async def test_a_produce_error_replaces_the_producer_and_the_work_goes_on(
    settings: Settings, store: Store[c.Counter], seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [new_id("pst") for _ in range(3)]
    await asyncio.gather(*(count(store, id, 2) for id in ids))
    made: list[Any] = []
    start = relay.start_producer

    async def start_and_fail_first(kafka: str, client_id: str) -> Any:
        producer = await start(kafka, client_id)
        if not made:
            send = producer.send

            async def failing_send(*arguments: Any, key: bytes, **more: Any) -> Any:
                sent = await send(*arguments, key=key, **more)
                if key == ids[0].encode():
                    sent = asyncio.get_running_loop().create_future()
                    sent.set_exception(KafkaError("示例"))
                return sent

            monkeypatch.setattr(producer, "send", failing_send)
        made.append(producer)
        return producer

    monkeypatch.setattr(relay, "start_producer", start_and_fail_first)
    async with relaying(settings, store):
        await eventually(k.is_equal(lambda: left(store), 0))
    assert len(made) == 2
    assert made[0]._closed
    assert {id: sorted(set(seqs)) for id, seqs in (await seats.seqs()).items()} == {id: [1, 2] for id in ids}


async def test_a_lost_reply_of_the_database_publishes_again_and_loses_nothing(
    settings: Settings, store: Store[c.Counter], seats: k.Topic
) -> None:
    id = new_id("pst")
    await count(store, id, 2)
    async with CuttingProxy(settings.mongo) as proxy:
        cut_off = Mongo(proxy.uri, settings.database("test"))
        proxy.cut_replies_to(b"$pull", times=1)
        async with relaying(settings, c.counters(cut_off)):
            await eventually(k.is_equal(lambda: left(store), 0))
            await count(store, id, 1)
            await eventually(k.is_equal(lambda: left(store), 0))
        assert proxy.cuts == 1
        await cut_off.close()
    assert sorted(set((await seats.seqs())[id])) == [1, 2, 3]


async def test_events_wait_while_kafka_is_away(settings: Settings, store: Store[c.Counter], seats: k.Topic) -> None:
    id = new_id("pst")
    await count(store, id, 1)
    away = settings.model_copy(update={"kafka": "127.0.0.1:1"})
    tried = Mortal(away, store)
    await eventually(lambda: gauge("applications"), what="the relay has seen the event")
    await tried.kill()
    assert await left(store) == 1
    await end_terms(store.mongo)
    async with relaying(settings, store):
        await eventually(k.is_equal(lambda: left(store), 0))
    assert await seats.seqs() == {id: [1]}


async def gauge(service: str) -> float:
    return float(observe.PENDING_EVENTS.labels(service)._value.get())


async def test_metrics_count_what_was_published_and_forget_what_is_no_longer_pending(settings: Settings, store: Store[c.Counter]) -> None:
    service = new_id("svc")
    await count(store, new_id("pst"), 3)
    async with relaying(settings, store, service=service):
        await eventually(k.is_equal(lambda: left(store), 0))
        await eventually(k.is_equal(lambda: gauge(service), 0.0), what="the gauge falls back")
    assert observe.PUBLISHED_EVENTS.labels(service, "seats")._value.get() == 3


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


async def test_a_wake_publishes_at_once_although_the_relay_was_resting(
    settings: Settings, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pauses of a minute only the wake of the same process can bring an event out within seconds."""
    monkeypatch.setattr(relay, "_SHORTEST_PAUSE", 60.0)
    monkeypatch.setattr(relay, "_LONGEST_PAUSE", 60.0)
    async with relaying(settings, store) as running:
        store.committed = running.wake
        await eventually(lambda: held(store.mongo))
        id = new_id("pst")
        await count(store, id, 1)
        await eventually(k.is_equal(lambda: left(store), 0), what="the first, which also starts the producer")
        began = time.monotonic()
        await count(store, id, 1)
        await eventually(k.is_equal(lambda: left(store), 0))
        assert time.monotonic() - began < 1


async def test_a_worker_is_woken_by_writes_of_another_process(
    settings: Settings, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_SHORTEST_PAUSE", 60.0)
    monkeypatch.setattr(relay, "_LONGEST_PAUSE", 60.0)
    elsewhere = Mongo(settings.mongo, settings.database("test"))
    async with relaying(settings, store, watch=True) as running:
        woken = asyncio.Event()
        monkeypatch.setattr(running, "wake", lambda: (woken.set(), Relay.wake(running)))

        async def watching() -> bool:
            await count(c.counters(elsewhere), new_id("pst"), 1)
            return woken.is_set()

        await eventually(lambda: held(store.mongo))
        await eventually(watching, what="the change stream is open")
        await count(c.counters(elsewhere), new_id("pst"), 2)
        await eventually(k.is_equal(lambda: left(store), 0))
    await elsewhere.close()
