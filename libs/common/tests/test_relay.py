"""The relay on the real Kafka and MongoDB: at least once, in order, nothing lost."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from aiokafka.errors import KafkaError
from common import metrics
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import decode
from common.contracts.people import PersonRegistered
from common.contracts.topics import PEOPLE
from common.decision import Decision
from common.ids import new_id
from common.messaging import relay
from common.messaging.broker import start_producer
from common.messaging.relay import Relay
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import Mongo
from common.testing.eventually import eventually
from common.testing.proxy import CuttingProxy
from common.tracing import entering, trace_id

from . import counters as c
from . import kafka as k
from .relays import Mortal, count, end_terms, left, relaying

pytestmark = pytest.mark.usefixtures("seats")


async def test_all_pending_events_are_published_in_order_as_cloudevents(
    settings: Settings, store: Store[c.Counter], seats: k.Topic
) -> None:
    ids = [new_id("pst") for _ in range(5)]
    with entering("test", "internal", "", {}):
        trace = trace_id()
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


async def test_records_of_confidential_topics_are_salted(settings: Settings, mongo: Mongo) -> None:
    people = Store(mongo, "people", c.Counter, PEOPLE)
    await people.prepare()
    for id in (new_id("per") for _ in range(3)):
        decision = Decision(c.Counter(count=1), (PersonRegistered(person_id=id),))
        await people.execute(id, c.command(), partial(lambda decided, _: decided, decision))
    async with relaying(settings, people), k.topic(settings, "people") as topic:
        await eventually(k.is_equal(lambda: left(people), 0), what="nothing is pending")
        salts = {dict(record.headers)["salt"] for record in await topic.records()}
    assert [len(salt) for salt in salts] == [32] * 3


async def test_a_confidential_event_that_is_published_again_is_the_same_record(settings: Settings, mongo: Mongo) -> None:
    people, id = Store(mongo, "people", c.Counter, PEOPLE), new_id("per")
    await people.prepare()
    await people.execute(id, c.command(), lambda _: Decision(c.Counter(count=1), (PersonRegistered(person_id=id),)))
    before = await people.collection.find_one({"_id": id})
    assert before
    async with relaying(settings, people), k.topic(settings, "people") as topic:
        for _ in range(2):
            await people.collection.update_one({"_id": id}, {"$set": {"pending": before["pending"]}})
            await eventually(k.is_equal(lambda: left(people), 0), what="nothing is pending")
        first, again = [record for record in await topic.records() if record.key == id.encode()]
    assert (first.value, first.headers) == (again.value, again.headers)


async def test_a_store_without_a_topic_is_passed_over(settings: Settings, mongo: Mongo, store: Store[c.Counter], seats: k.Topic) -> None:
    id = new_id("pst")
    await count(store, id, 1)
    async with relaying(settings, Store(mongo, "silent", c.Counter), store):
        await eventually(k.is_equal(lambda: left(store), 0))
    assert await seats.seqs() == {id: [1]}


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
        patch.setattr(Relay, "_pull", die)
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
    read, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()
    publish = Relay._publish

    async def stand_still(self: Relay, *work: Any) -> None:
        read.set()
        await go_on.wait()
        await publish(self, *work)
        done.set()
        await asyncio.Event().wait()

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
    await asyncio.wait_for(done.wait(), 10)
    await paused.kill()
    assert await seats.seqs() == {id: [1, 2, 3, 1, 2]}
    row = await store.collection.find_one({"_id": id})
    assert row is not None
    assert [event["seq"] for event in row["pending"]] == [4]


async def test_a_produce_error_replaces_the_producer_and_the_work_goes_on(
    settings: Settings, store: Store[c.Counter], seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [new_id("pst") for _ in range(3)]
    await asyncio.gather(*(count(store, id, 2) for id in ids))
    made: list[Any] = []
    start = start_producer

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
    before, tried = await failures("applications"), Mortal(away, store)
    await eventually(k.is_greater(lambda: failures("applications"), before), what="the relay has tried")
    await tried.kill()
    assert await left(store) == 1
    await end_terms(store.mongo)
    async with relaying(settings, store):
        await eventually(k.is_equal(lambda: left(store), 0))
    assert await seats.seqs() == {id: [1]}


async def failures(service: str) -> float:
    return float(metrics.RELAY_FAILURES.labels(service)._value.get())


async def test_metrics_count_what_was_published(settings: Settings, store: Store[c.Counter]) -> None:
    service = new_id("svc")
    await count(store, new_id("pst"), 3)
    async with relaying(settings, store, service=service):
        await eventually(k.is_equal(lambda: left(store), 0))
    assert metrics.PUBLISHED_EVENTS.labels(service, "seats")._value.get() == 3
