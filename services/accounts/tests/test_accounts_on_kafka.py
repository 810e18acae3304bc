"""The whole worker on real Kafka: a request out, an officer's decision in, the recognised unit out."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from accounts.app import build
from accounts.settings import AccountsSettings
from aiokafka import AIOKafkaConsumer
from common.contracts.base import Message
from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import decode, headers
from common.contracts.topics import topic_of
from common.contracts.words import CaseKind
from common.keys import Keys
from common.messaging.broker import start_producer
from common.messaging.topics import create_topics
from common.reference import package_items
from common.testing.eventually import eventually

from .builders import COUNTY, application, case, decision
from .conftest import Desk, officer


@pytest.fixture
async def running(accounts_settings: AccountsSettings, keys: Keys) -> AsyncIterator[Desk]:
    """The service in role all, its topics created and the reference data on its way."""
    await create_topics(accounts_settings.kafka, accounts_settings.namespace, partitions=2)
    service = build(accounts_settings)
    app = service.app("all")
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as client:
        yield Desk(service, accounts_settings, keys, client)
        await service.mongo.client.drop_database(service.mongo.database)


async def say(settings: AccountsSettings, facts: list[tuple[str, Message]]) -> None:
    producer = await start_producer(settings.kafka, "test")
    for aggregate, fact in facts:
        await producer.send_and_wait(
            settings.topic(topic_of(type(fact)).name),
            key=aggregate.encode(),
            value=fact.model_dump_json().encode(),
            headers=headers(aggregate, 1, fact.ce_type(), "test", "2026-11-24T04:00:00+00:00", ""),
        )
    await producer.stop()


async def heard(settings: AccountsSettings, topic: str, count: int) -> list[tuple[str, str]]:
    """Key and type of the first events on a topic, as another service reads them."""
    consumer = AIOKafkaConsumer(settings.topic(topic), bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        events = [decode(record.key, record.value, record.headers) for record in [await consumer.getone() for _ in range(count)]]
    finally:
        await consumer.stop()
    return sorted((event.id, event.data.ce_type()) for event in events)


@pytest.mark.rule("R15", "R24", "G1", "G2")
async def test_facts_on_kafka_recognise_a_unit_and_open_a_person_to_its_office(running: Desk, accounts_settings: AccountsSettings) -> None:
    wanted = [item for item in package_items() if item.kind == "policy" or item.key == COUNTY or item.kind == "choices"]
    items = [ReferenceItemSet(kind=i.kind, key=i.key, item_version=i.version, value=i.value) for i in wanted]
    await say(accounts_settings, [(f"{item.kind}:{item.key}", item) for item in items])

    async def reference_heard() -> bool:
        return len((await running.parts.reference.current()).latest) == len(items)

    await eventually(reference_heard, within=20, what="the reference data arrives")
    user, intern = await running.requested(), await running.intern(resume=True)
    assert user.unit_id
    cases = [(f"cas_{user.unit_id}_1", decision(user.unit_id)), ("cas_check", case(intern.id, CaseKind.UNEMPLOYMENT))]
    await say(accounts_settings, [*cases, (intern.id, application(intern.id, user.unit_id))])

    async def recognised() -> bool:
        return bool((await running.ok("GET", "/units/me", user))["status"] == "RECOGNISED")

    async def related() -> bool:
        answers = [await running.call("GET", f"/people/{intern.id}", reader) for reader in (user, officer())]
        return all(answer.status_code == 200 for answer in answers)

    await eventually(recognised, within=20, what="the decision is applied")
    await eventually(related, within=20, what="unit and office see the person")
    assert await heard(accounts_settings, "units", 4) == [
        (f"{user.unit_id}:1", "unit.registered.v1"),
        (f"{user.unit_id}:2", "unit.recognition_requested.v1"),
        (f"{user.unit_id}:3", "unit.status_changed.v1"),
        (f"{user.unit_id}:4", "unit.status_changed.v1"),
    ]
    assert await heard(accounts_settings, "people", 3) == [
        (f"{intern.id}:1", "person.registered.v1"),
        (f"{intern.id}:2", "person.verified.v1"),
        (f"{intern.id}:3", "resume.saved.v1"),
    ]
