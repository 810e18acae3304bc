"""The checkers of the fault matrix find what they are there for: parts that are broken on purpose, on the real servers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from audit.ledger.chain import Head, link
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import headers
from common.contracts.topics import SEATS
from common.contracts.words import Role
from common.decision import Actor, Command, Decision
from common.ids import new_id
from common.messaging.outbox import Waiting
from common.messaging.relay import Relay
from common.messaging.topics import create_topics
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import Document, Mongo
from common.tasks import end_tasks
from common.testing.eventually import eventually
from common.values import Value
from pymongo import MongoClient

from . import checkers, evidence, figures
from .checkers import Aggregate, Said, Verdict
from .ledger import Try

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PLACES = {"test.counters": "seats"}
AGGREGATE = Aggregate("test.counters", "pst_1", 3, 3, keys=("a", "b", "c"), versions=(1, 2, 3))
SAID = [Said("seats", "pst_1", seq) for seq in (1, 2, 3)]
TRY = Try("a", "POST", "/me/applications", 201, '{"id": "app_1"}', at=1.0, seconds=0.1)


class Counter(Value):
    count: int = 0


class TakesOffFirst(Relay):
    """Broken: takes events off before they are published, and falls the first time in between."""

    fell = False

    async def _publish(self, waiting: Mapping[Store[Any], Waiting]) -> None:
        if not self.fell:
            self.fell = True
            for store, documents in waiting.items():
                await self._pull(store, {id: events[-1]["seq"] for id, events in documents.items()})
            raise ConnectionError
        await super()._publish(waiting)


@pytest.fixture
async def store(mongo: Mongo, settings: Settings) -> Store[Counter]:
    """With three aggregates of two events each, on a topic of its own."""
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    store = Store(mongo, "counters", Counter, SEATS)
    await store.prepare()
    for id in [new_id("pst") for _ in range(3)] * 2:
        command = Command("count", Actor(id="per_a", role=Role.INTERN), new_id("key"), NOW, "")
        await store.execute(id, command, lambda counter, id=id: add_one(counter, id))  # type: ignore[misc]
    return store


def add_one(counter: Counter | None, id: str) -> Decision[Counter]:
    after = Counter(count=(counter or Counter()).count + 1)
    return Decision(after, (SeatsChanged(posting_id=id, headcount=9, taken=after.count, closing=False),))


@pytest.mark.parametrize(("kind", "lost"), [(Relay, 0), (TakesOffFirst, 6)])
async def test_a_relay_that_takes_off_before_it_publishes_is_found(
    kind: type[Relay], lost: int, settings: Settings, store: Store[Counter]
) -> None:
    relay = kind("test", settings, store.mongo, [store])
    work = asyncio.create_task(relay.run())

    async def nothing_waits() -> bool:
        return await store.collection.count_documents({"pending.seq": {"$exists": True}}) == 0

    await eventually(nothing_waits)
    await end_tasks([work])
    await relay.stop()
    with MongoClient[Document](settings.mongo, tz_aware=True) as client:
        aggregates = list(evidence.aggregates_of(client[store.mongo.database.name], "test"))
    said = evidence.said_on(settings.kafka, settings.namespace, ("seats",))
    assert len(aggregates) == 3
    assert len(checkers.unsaid(aggregates, PLACES, said)) == lost


async def consume_and_fall(settings: Settings, rows: list[Document], *, commits_first: bool) -> None:
    """One run of a consumer that keeps a row of each event, and falls between its effect and its commit."""
    consumer = AIOKafkaConsumer(
        settings.topic("seats"), bootstrap_servers=settings.kafka, group_id=settings.group("rows"),
        enable_auto_commit=False, auto_offset_reset="earliest",
    )  # fmt: skip
    async with consumer:
        records = [record async for record in first(consumer, 3)]
        if commits_first:
            await consumer.commit()
        else:
            rows += [{"topic": "seats", "event": dict(record.headers)["ce_id"].decode()} for record in records]


async def first(consumer: AIOKafkaConsumer, count: int) -> AsyncIterator[ConsumerRecord]:
    for _ in range(count):
        yield await consumer.getone()


@pytest.mark.parametrize("commits_first", [True, False])
async def test_a_consumer_that_commits_before_its_effect_is_found_and_one_that_repeats_it(settings: Settings, commits_first: bool) -> None:
    await create_topics(settings.kafka, settings.namespace, partitions=1)
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka) as producer:
        for seq in (1, 2, 3):
            said = headers("pst_1", seq, SeatsChanged.ce_type(), "test", "2026-03-02T04:00:00+00:00", "")
            value = SeatsChanged(posting_id="pst_1", headcount=9, taken=seq, closing=False).model_dump_json().encode()
            await producer.send_and_wait(settings.topic("seats"), key=b"pst_1", value=value, headers=said)
    rows: list[Document] = []
    await consume_and_fall(settings, rows, commits_first=commits_first)
    if not commits_first:
        await consume_and_fall(settings, rows, commits_first=False)
    log = evidence.said_on(settings.kafka, settings.namespace, ("seats",))
    assert len(checkers.unheard(log, rows)) == (3 if commits_first else 0)
    assert len(checkers.heard_twice(rows)) == (0 if commits_first else 3)


async def test_a_limit_that_counts_and_then_inserts_is_found(mongo: Mongo) -> None:
    pending = mongo.collection("pending")

    async def submit() -> None:
        if await pending.count_documents({"intern": "per_1"}) < 10:
            await pending.insert_one({"intern": "per_1"})

    await asyncio.gather(*(submit() for _ in range(40)))
    count = await pending.count_documents({})
    assert checkers.over_limit({"per_1": count}, {"per_1": 10}) == [f"per_1: {count} of 10"]
    assert checkers.over_limit({"per_1": 10}, {"per_1": 10}) == []


def test_an_acknowledged_command_that_no_document_knows_is_lost() -> None:
    assert checkers.lost_commands([TRY], [AGGREGATE], ("/me/applications",)) == []
    assert checkers.lost_commands([replace(TRY, status=0)], [], ("/me/applications",)) == []
    assert checkers.lost_commands([replace(TRY, key="z")], [AGGREGATE], ("/me/applications",)) == [
        "POST /me/applications: acknowledged and not stored"
    ]


def test_a_key_with_two_answers_or_two_effects_is_found() -> None:
    assert checkers.unlike_answers([TRY, replace(TRY, status=0, answer=""), TRY]) == []
    assert len(checkers.unlike_answers([TRY, replace(TRY, answer='{"id": "app_2"}')])) == 1
    assert checkers.doubled_commands([AGGREGATE]) == []
    assert len(checkers.doubled_commands([replace(AGGREGATE, keys=("a", "a"))])) == 1
    assert len(checkers.doubled_commands([replace(AGGREGATE, versions=(1, 3))])) == 1


def test_order_is_judged_after_repeats_are_dropped() -> None:
    assert checkers.disordered([*SAID, *SAID]) == []
    assert len(checkers.disordered([SAID[0], SAID[2], SAID[1]])) == 1


def test_events_that_are_nowhere_or_were_never_stored_are_found() -> None:
    assert checkers.unsaid([AGGREGATE], PLACES, SAID) == []
    assert checkers.unsaid([replace(AGGREGATE, pending=(3,))], PLACES, SAID[:2]) == []
    assert len(checkers.unsaid([AGGREGATE], PLACES, SAID[:2])) == 1
    assert len(checkers.unsaid([replace(AGGREGATE, seq=2)], PLACES, SAID)) == 1


def test_a_chain_with_a_changed_row_is_found() -> None:
    head, rows = Head(), []
    for offset in range(3):
        row, head = link(head, {"chain": "seats-0", "topic": "seats", "event": f"pst_1:{offset + 1}", "offset": offset})
        rows.append(row)
    assert checkers.broken_chains(rows) == []
    rows[1]["event"] = "pst_1:9"
    assert checkers.broken_chains(rows) == ["seats-0: altered at seats-0:000000000002"]


def test_the_table_has_each_row_once_as_it_last_came(tmp_path: Path) -> None:
    page = tmp_path / "reliability.md"
    page.write_text(f"before\n{figures.BEGIN}{figures.END}after\n")
    tries = [replace(TRY, key=str(number), at=float(number)) for number in (1, 2, 6)]
    for row, faults in (("F10", 1), ("F2", 1), ("F2", 7)):
        figures.write(figures.of(row, faults, tries, Verdict(lost=["x"]), (0.0, 8.0), 1.5, "", "seed"), page)
    before, *table, after = page.read_text().splitlines()
    assert (before, after) == ("before", "after")
    assert [line.split(" | ")[:6] for line in table if line.startswith("| F")] == [
        ["| F2", "7", "3", "0", "1", "0"],
        ["| F10", "1", "3", "0", "1", "0"],
    ]
    assert figures.longest_gap(tries, 0.0, 8.0) == 4.0
