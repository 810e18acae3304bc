"""The whole worker on real Kafka (R21): facts in duplicate tell once, and the message goes out."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from accounts.app import build
from accounts.settings import AccountsSettings
from common.contracts.envelope import headers
from common.contracts.topics import APPLICATIONS
from common.contracts.words import Status
from common.keys import Keys
from common.messaging.broker import start_producer
from common.messaging.topics import create_topics
from common.testing.eventually import eventually

from ..builders import application
from ..conftest import Desk
from .conftest import Post


@pytest.fixture
async def running(accounts_settings: AccountsSettings, keys: Keys) -> AsyncIterator[Post]:
    """The service in role all, its topics created, in the morning."""
    await create_topics(accounts_settings.kafka, accounts_settings.namespace, partitions=2)
    service = build(accounts_settings)
    app = service.app("all")
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as client:
        post = Post(Desk(service, accounts_settings, keys, client))
        post.until_ten()
        yield post
        await service.mongo.client.drop_database(service.mongo.database)


@pytest.mark.rule("R21")
async def test_a_fact_on_kafka_however_often_becomes_one_notice_and_one_message(running: Post, accounts_settings: AccountsSettings) -> None:
    desk = running.desk
    intern = await desk.intern()
    desk.later(minutes=2)
    steps = [application(intern.id, "unt_1", to) for to in (Status.PENDING, Status.OFFERED)]
    at = running.now.isoformat()
    producer = await start_producer(accounts_settings.kafka, "test")
    for seq in (1, 2, 1, 2, 2):
        fact = steps[seq - 1]
        await producer.send_and_wait(
            accounts_settings.topic(APPLICATIONS.name),
            key=intern.id.encode(),
            value=fact.model_dump_json().encode(),
            headers=headers(intern.id, seq, fact.ce_type(), "test", at, ""),
        )
    await producer.stop()

    async def sent() -> bool:
        return [row["status"] for row in await running.deliveries()] == ["sent"]

    async def all_heard() -> bool:
        return await running.parts.mongo.database["notice_applications"].count_documents({"seq": 2}) == 1

    await eventually(all_heard, within=20, what="the facts are heard")
    await eventually(sent, within=20, what="the message goes out")
    assert await running.templates(intern) == ["application.offered.intern"]
