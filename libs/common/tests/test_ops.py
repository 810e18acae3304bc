"""What an operator sees of the messaging and does about dead letters, and that a consumer stops before a topic drains into them."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from common.clock import Clock
from common.contracts.envelope import Event, headers
from common.ids import new_id
from common.messaging import consumer
from common.messaging.broker import start_producer
from common.messaging.consumer import Subscription
from common.messaging.topics import create_topics
from common.ops import tail
from common.service import Service
from common.settings import Settings
from common.store.mongo import Mongo
from common.testing.eventually import eventually

from . import counters as c
from . import kafka as k
from .running import Running, running

Run = Callable[..., Coroutine[Any, Any, tuple[int, str]]]


@asynccontextmanager
async def seats_consumer(settings: Settings, heard: list[str]) -> AsyncIterator[Running]:
    """A worker of applications that hears `seats`; its database goes with it."""

    async def handle(events: list[Event]) -> None:
        heard.extend(event.id for event in events)

    mongo = Mongo(settings.mongo, settings.database("applications"))
    subscription = Subscription(("seats",), "applications.seats", handle)
    service = Service("applications", settings, mongo, Clock(), None, stores=[c.counters(mongo)], subscriptions=[subscription])
    async with running(service, "worker") as worker:
        yield worker


@pytest.fixture
async def topics(settings: Settings) -> AsyncIterator[k.Topic]:
    """All topics of the registry; bad records go to `seats`."""
    await create_topics(settings.kafka, settings.namespace, partitions=1)
    producer = await start_producer(settings.kafka, "test")
    try:
        yield k.Topic(settings, "seats", producer)
    finally:
        await producer.stop()


@pytest.fixture
async def ops(settings: Settings) -> AsyncIterator[Run]:
    """The command as an operator gives it, in a process of its own: exit status and output."""
    own = {"MONGO": settings.mongo, "KAFKA": settings.kafka, "NAMESPACE": settings.namespace}
    environment = os.environ | {f"JIANXI_{name}": value for name, value in own.items()}

    async def run(*arguments: str) -> tuple[int, str]:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "common.ops", *arguments, env=environment, stdout=pipe, stderr=pipe
        )
        output, errors = await process.communicate()
        return process.returncode or 0, (output or errors).decode()

    yield run
    mongo = Mongo(settings.mongo, settings.database("applications"))
    await mongo.client.drop_database(mongo.database)
    await mongo.close()


async def say_badly(topic: k.Topic, count: int) -> str:
    """So many records of one aggregate in a version that is not known; the aggregate."""
    id = new_id("pst")
    for seq in range(1, count + 1):
        await topic.send(id.encode(), b"{}", headers(id, seq, "seats.changed.v9", "test", k.AT, ""))
    return id


def rows(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.usefixtures("hurry")
async def test_a_consumer_stops_at_the_limit_and_goes_on_once_an_operator_has_looked(settings: Settings, topics: k.Topic, ops: Run) -> None:
    heard: list[str] = []
    await say_badly(topics, 3)
    good = new_id("pst")
    await topics.say(good, 1, k.seats(good, 1))
    async with seats_consumer(settings.model_copy(update={"dead_letter_limit": 2}), heard) as worker:

        async def stopped() -> bool:
            status, body = await worker.get("/readyz")
            return status == 503 and body["failed"] == {"dead_letters": "DeadLettersFull"}

        await eventually(stopped)
        assert f'jianxi_consumer_stopped{{group="{settings.group("applications.seats")}"}} 1.0' in await worker.metrics()
        assert (await worker.get("/livez"))[0] == 200
        kept = rows((await ops("dead", "--json", "list"))[1])
        assert [letter["reason"] for letter in kept] == ["unknown version of a known type: seats.changed.v9"] * 2
        status, said = await ops("dead", "discard", kept[0]["id"], kept[1]["id"], "--reason", "not_ours")
        assert (status, said.count("已丢弃")) == (0, 2)
        await eventually(worker.ready)
        await eventually(k.is_equal(lambda: topics.committed("applications.seats"), 4))
    assert heard == [f"{good}:1"]
    assert len(rows((await ops("dead", "--json", "list"))[1])) == 1
    assert len(rows((await ops("dead", "--json", "list", "--resolved", "--group", "applications.seats"))[1])) == 3


async def test_a_record_sent_again_is_handled_once_its_reason_is_gone_and_the_deed_is_noted_first(
    settings: Settings, topics: k.Topic, ops: Run
) -> None:
    heard: list[str] = []
    id = new_id("pst")
    await topics.send(id.encode(), b"{", headers(id, 1, "seats.changed.v1", "test", k.AT, ""))
    async with seats_consumer(settings, heard):

        async def letters() -> list[dict[str, Any]]:
            return rows((await ops("dead", "--json", "list"))[1])

        (letter,) = await eventually(letters)
        shown = json.loads((await ops("dead", "show", letter["id"]))[1])
        assert (shown["value"], shown["headers"]["ce_type"], shown["offset"]) == ("{", "seats.changed.v1", 0)
        mongo = Mongo(settings.mongo, settings.database("applications"))
        mended = k.seats(id, 1).model_dump_json().encode()
        await mongo.collection("dead_letters").update_one({"_id": letter["id"]}, {"$set": {"value": mended}})
        await mongo.close()
        assert (await ops("dead", "reinject", letter["id"], "--reason", "mended"))[0] == 0
        await eventually(lambda: _is(heard == [f"{id}:1"]))
    assert (await ops("dead", "reinject", letter["id"], "--reason", "mended"))[0] == 1
    notes = (await ops("tail", "--all", "--stop", "--topic", "security", "--values"))[1].splitlines()
    assert len(notes) == 1
    assert "dead_letter_reinject" in notes[0]
    assert letter["id"] in notes[0]
    assert "（保密）" in (await ops("tail", "--all", "--stop", "--topic", "security"))[1]


async def test_the_tail_shows_what_is_asked_for(topics: k.Topic, ops: Run) -> None:
    id, other = new_id("pst"), new_id("pst")
    for aggregate in (id, other):
        await topics.say(aggregate, 1, k.seats(aggregate, 1))
    await topics.send(id.encode(), b"{}", headers(id, 2, "seats.drained.v9", "test", k.AT, ""))
    everything = (await ops("tail", "--all", "--stop"))[1].splitlines()
    assert len(everything) == 3, everything
    assert "（无法读取：unknown version of a known type: seats.drained.v9）" in everything[2]
    (one,) = (await ops("tail", "--since", "1h", "--stop", "--topic", "seats", "--type", "seats.changed", "--key", id))[1].splitlines()
    assert one.startswith(f"{k.AT}  seats  seats.changed.v1  {id}:1  {{")
    assert (await ops("tail", "--stop"))[1] == ""


async def test_lag_and_backlog_are_counted_with_their_age(settings: Settings, topics: k.Topic, ops: Run) -> None:
    heard: list[str] = []
    first, second = new_id("pst"), new_id("pst")
    await topics.say(first, 1, k.seats(first, 1))
    async with seats_consumer(settings, heard) as worker:
        await eventually(k.is_equal(lambda: topics.committed("applications.seats"), 1))
        assert [row["pending"] for row in rows((await ops("backlog", "--json"))[1]) if row["service"] == "applications"] == [0]
        worker.task("relay").cancel()
        await worker.service.stores[0].execute(second, c.command(), c.add_one(second), c.answer)
        waiting = [row for row in rows((await ops("backlog", "--json"))[1]) if row["pending"]]
        assert [(row["service"], row["pending"]) for row in waiting] == [("applications", 1)]
        assert waiting[0]["oldest_seconds"] > 0
    await topics.say(second, 1, k.seats(second, 1))
    (row,) = rows((await ops("lag", "--json", "--group", "applications.seats"))[1])
    assert (row["group"], row["topic"], row["waiting"]) == ("applications.seats", "seats", 2), "what was published in leaving, and this"
    assert 0 < row["behind_seconds"] < 600
    assert "待处理" in (await ops("lag"))[1]


@pytest.mark.parametrize(("text", "wanted"), [("90s", 90), ("10m", 600), ("2h", 7_200), ("7d", 604_800)])
def test_durations_are_read(text: str, wanted: float) -> None:
    assert tail.seconds(text) == wanted


@pytest.mark.parametrize("text", ["", "10", "m", "-1m", "1w", "1.5h"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        tail.seconds(text)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "_LONGEST_DELAY_SECONDS", 0.05)


async def _is(true: bool) -> bool:
    return true
