"""The whole worker on real Kafka: a unit and a decision in, the life of a posting out."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from common.contracts.applications import SeatsDrained
from common.contracts.base import Message
from common.contracts.envelope import headers
from common.contracts.topics import topic_of
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.messaging.broker import start_producer
from common.messaging.topics import create_topics
from common.settings import Settings
from common.testing.eventually import eventually
from common.testing.in_process import reference_events
from postings.app import build

from .builders import NOON, decided, unit_changed
from .conftest import MANAGER, Zone


@pytest.fixture
async def running(settings: Settings, keys: Keys) -> AsyncIterator[Zone]:
    """The service in role all, its topics created."""
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    service = build(settings)
    app = service.app("all")
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://zone") as client:
        yield Zone(service, keys, client)
        await service.mongo.client.drop_database(service.mongo.database)


async def say(settings: Settings, facts: list[tuple[str, Message]]) -> None:
    producer = await start_producer(settings.kafka, "test")
    for aggregate, fact in facts:
        await producer.send_and_wait(
            settings.topic(topic_of(type(fact)).name),
            key=aggregate.encode(),
            value=fact.model_dump_json().encode(),
            headers=headers(aggregate, 1, fact.ce_type(), "test", "2026-11-24T04:00:00+00:00", ""),
        )
    await producer.stop()


@pytest.mark.rule("G15", "R9", "R16")
async def test_facts_on_kafka_carry_a_posting_from_submission_to_closed(running: Zone, settings: Settings) -> None:
    user = Actor(id=new_id("usr"), role=Role.UNIT, unit_id=(unit := new_id("unt")), permissions=MANAGER)
    reference = [(event.aggregate, event.data) for event in reference_events(NOON)]
    await say(settings, [(unit, unit_changed(unit)), *reference])

    async def everything_heard() -> bool:
        return bool(await running.parts.units.get(unit)) and len((await running.parts.reference.current()).latest) == len(reference)

    await eventually(everything_heard, within=20, what="the unit and the reference data arrive")
    id = await running.submitted(user)
    await say(settings, [(f"cas_{id}", decided(id))])
    await eventually(lambda: is_in(running, id, "PUBLISHED"), within=20, what="the decision is applied")
    assert [item["id"] for item in (await running.call("GET", "/postings")).json()["items"]] == [id]
    await running.call("POST", f"/units/me/postings/{id}/close", user)
    await say(settings, [(id, SeatsDrained(posting_id=id))])
    await eventually(lambda: is_in(running, id, "CLOSED"), within=20, what="the drained posting is closed")

    async def all_said() -> bool:
        return await running.said(id) == []

    await eventually(all_said, within=20, what="the relay has published everything")


async def is_in(zone: Zone, id: str, status: str) -> bool:
    return await zone.status(id) == status
