"""The whole worker on real Kafka: facts and a decision in, the life of an application and of its seats out."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer
from applications.app import build
from common.contracts.base import Message
from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import decode, headers
from common.contracts.people import PersonVerified, ResumeSaved
from common.contracts.topics import APPLICATIONS, SEATS, topic_of
from common.contracts.words import Permission, PostingStatus, Role
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.messaging.broker import start_producer
from common.messaging.topics import create_topics
from common.reference import package_items
from common.settings import Settings
from common.testing.eventually import eventually

from .builders import decided, posting_changed, unit_changed, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import NOON, PERSON


@pytest.fixture
async def running(settings: Settings, keys: Keys, tmp_path: Path) -> AsyncIterator[Programme]:
    """The service in role all, its topics created."""
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    service = build(settings.model_copy(update={"clock_file": tmp_path / "clock.json"}))
    app = service.app("all")
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://apps") as client:
        programme = Programme([service], [client], keys, tmp_path / "clock.json")
        programme.at(NOON)
        yield programme
        await service.mongo.client.drop_database(service.mongo.database)


async def say(settings: Settings, *facts: tuple[str, int, Message]) -> None:
    producer = await start_producer(settings.kafka, "test")
    for aggregate, seq, fact in facts:
        await producer.send_and_wait(
            settings.topic(topic_of(type(fact)).name),
            key=aggregate.encode(),
            value=fact.model_dump_json().encode(),
            headers=headers(aggregate, seq, fact.ce_type(), "test", "2026-11-02T04:00:00+00:00", ""),
        )
    await producer.stop()


async def heard(settings: Settings, *topics: str) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Everything on these topics by aggregate, repeats dropped: (seq, data) as an outside team would read it."""
    consumer = AIOKafkaConsumer(*map(settings.topic, topics), bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
    found: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    async with consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    event = decode(record.key, record.value, record.headers)
                    found[event.aggregate][event.seq] = json.loads(record.value)
    return {aggregate: sorted(events.items()) for aggregate, events in found.items()}


@pytest.mark.rule("G4", "G6", "G7", "G8", "R8", "R9")
async def test_facts_on_kafka_carry_an_application_from_intent_to_approval_and_its_posting_to_drained(
    running: Programme, settings: Settings
) -> None:
    intern = Actor(id=new_id("per"), role=Role.INTERN)
    unit = Actor(id=new_id("usr"), role=Role.UNIT, unit_id=(unit_id := new_id("unt")), permissions=frozenset(Permission))
    posting_id, case_id = new_id("pst"), new_id("cas")
    items = [ReferenceItemSet(kind=i.kind, key=i.key, item_version=i.version, value=i.value) for i in package_items()]
    assert PERSON.birth_date
    await say(
        settings,
        *((f"{item.kind}:{item.key}", 1, item) for item in items),
        (intern.id, 1, PersonVerified(person_id=intern.id, birth_date=PERSON.birth_date)),
        (intern.id, 2, ResumeSaved(person_id=intern.id, resume_version=1)),
        (unit_id, 1, unit_changed(unit_id)),
        (posting_id, 1, posting_changed(posting_id, unit_id, headcount=1)),
    )

    async def everything_heard() -> bool:
        known = [
            await running.parts.people.get(intern.id),
            await running.parts.units.get(unit_id),
            await running.parts.seats.get(posting_id),
        ]
        return all(known) and len((await running.parts.data.current()).latest) == len(items)

    await eventually(everything_heard, within=30, what="person, unit, posting and reference data arrive")
    await running.do("PUT", "/me/intent", intern, youth())
    id = await running.submit(intern, posting_id)
    await running.do("POST", f"{UNIT}/{id}/offer", unit)
    await running.do("POST", f"{ME}/{id}/accept", intern)
    await say(settings, (f"{case_id}0", 1, decided(intern.id, case_id=f"{case_id}0")))
    await eventually(lambda: is_checked(running, intern), within=20, what="the check is applied")
    await say(settings, (case_id, 1, decided(intern.id, application_id=id, case_id=case_id)))
    await eventually(lambda: is_in(running, intern, id, "APPROVED"), within=20, what="the decision is applied")
    await say(settings, (posting_id, 2, posting_changed(posting_id, unit_id, PostingStatus.CLOSING, headcount=1)))
    await eventually(lambda: is_closing(running, posting_id), within=20, what="the seats close")
    running.at(NOON + timedelta(minutes=1))
    await eventually(lambda: is_drained(running, posting_id), within=30, what="the closing posting is drained")
    await eventually(lambda: all_said(running, intern.id, posting_id), within=20, what="the relay has published everything")

    said = await heard(settings, APPLICATIONS.name, SEATS.name)
    assert [seq for seq, _ in said[intern.id]] == [1, 2, 3, 4, 5, 6]
    assert [event["to"] for _, event in said[intern.id] if "to" in event] == ["PENDING", "OFFERED", "WILLING", "APPROVED"]
    assert [event["check"] for _, event in said[intern.id] if "check" in event] == ["CHECKING", "PASSED"]
    seats = [(event.get("taken"), event.get("closing")) for _, event in said[posting_id]]
    assert (seats, [seq for seq, _ in said[posting_id]]) == ([(0, False), (1, False), (1, True), (None, None)], [1, 2, 3, 4])


async def is_checked(running: Programme, intern: Actor) -> bool:
    return bool((await running.do("GET", "/me/intent", intern))["check"] == "PASSED")


async def is_in(running: Programme, intern: Actor, id: str, status: str) -> bool:
    return await running.status(intern, id) == status


async def is_closing(running: Programme, posting_id: str) -> bool:
    return (await running.seats(posting_id)).closing


async def is_drained(running: Programme, posting_id: str) -> bool:
    return (await running.seats(posting_id)).drained


async def all_said(running: Programme, *ids: str) -> bool:
    database = running.parts.candidacies.mongo
    waiting = {"_id": {"$in": list(ids)}, "pending.seq": {"$exists": True}}
    return not sum([await database.collection(name).count_documents(waiting) for name in ("candidacies", "seats")])
