"""The whole worker on real Kafka: published records in, figures out; made anew while it runs, they are the same."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2
import pytest
from analytics import rebuild
from analytics.app import build
from analytics.domain.measures import MEASURES
from analytics.rebuild import RebuildSettings
from analytics.settings import AnalyticsSettings
from common.contracts.envelope import Event, headers
from common.contracts.topics import topic_of
from common.contracts.words import CaseStatus
from common.keys import Keys
from common.messaging.broker import start_producer
from common.messaging.topics import create_topics
from common.testing.eventually import eventually
from common.testing.in_process import reference_events

from .builders import BEGIN, S, case_told, published, told
from .conftest import Desk

DONE = (S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED, S.TERMINATED)


@pytest.fixture
async def running(analytics_settings: AnalyticsSettings, keys: Keys) -> AsyncIterator[Desk]:
    """The service in role all, its topics created, with the package's reference data on Kafka."""
    await create_topics(analytics_settings.kafka, analytics_settings.namespace, partitions=2)
    reference = reference_events(BEGIN)
    await say(analytics_settings, reference)
    service = build(analytics_settings)
    app = service.app("all")
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://stat") as client:
        desk = Desk(service, keys, client)

        async def everything_heard() -> bool:
            return len((await desk.parts.reference.current()).latest) == len(reference)

        await eventually(everything_heard, within=20, what="the reference data arrives")
        yield desk
        await service.mongo.client.drop_database(service.mongo.database)


async def say(settings: AnalyticsSettings, events: Sequence[Event], raw: Sequence[tuple[str, bytes]] = ()) -> None:
    producer = await start_producer(settings.kafka, "test")
    for event in events:
        await producer.send(
            settings.topic(topic_of(type(event.data)).name),
            key=event.aggregate.encode(),
            value=event.data.model_dump_json(by_alias=True).encode(),
            headers=headers(event.aggregate, event.seq, event.data.ce_type(), "test", event.time.isoformat(), ""),
        )
    for topic, value in raw:
        await producer.send(settings.topic(topic), key=b"x", value=value)
    await producer.flush()
    await producer.stop()


async def figures(desk: Desk) -> list[dict[str, Any]]:
    """Every measure by region, as of a day that is over."""
    return [await desk.lines(measure, by="region", as_of="2026-09-01") for measure in MEASURES]


async def submitted(desk: Desk) -> int:
    count = (await desk.lines("funnel"))["total"]["submitted"]
    return int(count or 0)


async def test_statistics_made_anew_from_the_first_record_are_the_live_ones(running: Desk, analytics_settings: AnalyticsSettings) -> None:
    dice = random.Random(7)
    stories = [told(DONE[: dice.randint(1, 6)], hours=dice.randint(1, 90), region=dice.choice(["520102", "520302"])) for _ in range(200)]
    events = [event for story in stories for event in story]
    events += [event for _ in range(20) for event in case_told(CaseStatus.OPEN)] + [event for _ in range(5) for event in published(taken=3)]
    await say(analytics_settings, events, raw=[("applications", b"not json")])

    async def all_counted() -> bool:
        return await submitted(running) == 200 and (await running.lines("open-cases"))["total"]["open"] == 20

    await eventually(all_counted, within=30, what="everything is counted")
    before = await figures(running)

    settings = RebuildSettings(
        mongo=analytics_settings.mongo, kafka=analytics_settings.kafka, namespace=analytics_settings.namespace
    )  # fmt: skip
    more = say(analytics_settings, [event for _ in range(50) for event in told(DONE[:3])])
    done, _ = await asyncio.gather(rebuild.rebuild(settings), more)

    assert (done.generation, done.unreadable) == (2, 1)
    assert len(events) <= done.events <= len(events) + 150

    async def also_what_came_meanwhile() -> bool:
        return await submitted(running) == 250

    await eventually(also_what_came_meanwhile, within=30, what="what came meanwhile is counted")
    live = await figures(running)
    assert live != before
    again = await rebuild.rebuild(settings)
    assert (again.generation, again.events) == (3, len(events) + 150)

    async def generation_is_live() -> bool:
        return (await running.parts.live()).generation == 3

    await eventually(generation_is_live, what="the new generation answers")
    assert await figures(running) == live
    names = await running.service.mongo.database.list_collection_names()
    assert sorted({name.rpartition(".")[2] for name in names if name.startswith("applications.")}) == ["2", "3"]
