"""Live status on real Kafka, over HTTP: from a fact to the screens of those it concerns."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from common.contracts.base import Message
from common.contracts.envelope import headers
from common.contracts.topics import topic_of
from common.contracts.words import Role
from common.decision import Actor
from common.messaging.broker import start_producer, start_tail
from common.messaging.topics import create_topics
from common.settings import Settings
from common.testing.eventually import eventually
from structlog.testing import capture_logs

from .conftest import NOWHERE, Door, Opener, actor
from .test_live import CASE, changed

EVENTS = "/api/v1/me/events"
SECONDS = 15


class Listener:
    """One open stream."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The fields of the next event; empty when the stream has ended. Heartbeats and the opening are passed over."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(SECONDS):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name in ("id", "event", "data"):
                    fields[name] = value
                elif not line and fields:
                    return fields
        return {}


@asynccontextmanager
async def listening(door: Door, who: Actor, *, seconds: float = 600, rights: int = 1) -> AsyncIterator[Listener]:
    headers = door.bearer(who, seconds=seconds, rights=rights)
    async with door.client.stream("GET", EVENTS, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        yield Listener(answer)


async def say(settings: Settings, key: str, seq: int, message: Message) -> None:
    producer = await start_producer(settings.kafka, "test")
    await producer.send_and_wait(
        settings.topic(topic_of(type(message)).name),
        key=key.encode(),
        value=message.model_dump_json().encode(),
        headers=headers(key, seq, message.ce_type(), "test", "2026-11-24T04:00:00+00:00", ""),
    )
    await producer.stop()


@pytest.mark.rule("G14")
async def test_a_change_reaches_the_intern_the_unit_and_the_office_and_nobody_else(open_gateway: Opener, settings: Settings) -> None:
    """The topics are made after the streams are open: all are told to read again as soon as the gateway hears."""
    intern, user, officer = actor(Role.INTERN), actor(Role.UNIT), actor(Role.OFFICER, region="520100")
    async with (
        open_gateway({"accounts": [f"http://{NOWHERE}"]}, kafka=settings.kafka, namespace=settings.namespace) as door,
        listening(door, intern) as at_intern,
        listening(door, user) as at_unit,
        listening(door, officer) as at_office,
        listening(door, actor(Role.INTERN)) as at_other,
    ):
        everybody = (at_intern, at_unit, at_office, at_other)
        await create_topics(settings.kafka, settings.namespace, partitions=2)
        assert [(await listener.next())["event"] for listener in everybody] == ["resync"] * 4
        await say(settings, intern.id, 1, changed(person_id=intern.id, unit_id=user.unit_id))
        for listener in (at_intern, at_unit):
            told = await listener.next()
            assert (told["id"], told["event"]) == (f"{intern.id}:1", "application.status_changed")
        await say(settings, CASE.case_id, 1, CASE)
        assert (await at_office.next())["event"] == "case.status_changed"
        door.running.should_exit = True
        assert [await listener.next() for listener in everybody] == [{}] * 4


async def test_what_was_said_before_is_not_heard_and_what_is_said_later_is(settings: Settings) -> None:
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    await say(settings, "per_1", 1, changed())
    tail = await start_tail(settings.kafka, "test", [settings.topic("applications"), settings.topic("cases")])
    await say(settings, "per_1", 2, changed())
    async with asyncio.timeout(SECONDS):
        heard = await tail.getone()
    assert dict(heard.headers)["ce_id"] == b"per_1:2"
    await tail.stop()


async def test_what_cannot_be_read_harms_no_listener(open_gateway: Opener, settings: Settings) -> None:
    intern = actor(Role.INTERN)
    async with (
        open_gateway({"accounts": [f"http://{NOWHERE}"]}, kafka=settings.kafka, namespace=settings.namespace) as door,
        listening(door, intern) as listener,
    ):
        await create_topics(settings.kafka, settings.namespace, partitions=1)
        assert (await listener.next())["event"] == "resync"
        producer = await start_producer(settings.kafka, "test")
        unknown = headers(intern.id, 1, "application.painted.v1", "test", "2026-11-24T04:00:00+00:00", "")
        for head in (unknown, [], [("ce_type", b"\xff")]):
            await producer.send_and_wait(settings.topic("applications"), key=b"x", value=b"{", headers=head)
        await producer.stop()
        await say(settings, intern.id, 2, changed(person_id=intern.id))
        assert (await listener.next())["id"] == f"{intern.id}:2"


async def test_streams_open_while_kafka_is_away_and_end_at_once_at_shutdown(open_gateway: Opener) -> None:
    async with open_gateway({"accounts": [f"http://{NOWHERE}"]}) as door:
        assert (await door.client.get("/readyz")).status_code == 200
        async with listening(door, actor(Role.INTERN)) as listener:
            assert listener.answer.headers["Content-Type"].startswith("text/event-stream")
            assert listener.answer.headers["Cache-Control"] == "no-store"
            began = time.monotonic()
            door.running.should_exit = True
            assert await listener.next() == {}
    assert time.monotonic() - began < 3


async def test_the_log_says_what_kind_of_error_keeps_it_waiting_and_nothing_of_its_words(open_gateway: Opener) -> None:
    with capture_logs() as lines:

        async def waiting() -> list[object]:
            return [line["error"] for line in lines if line["event"] == "waiting_for_kafka"]

        async with open_gateway({"accounts": [f"http://{NOWHERE}"]}):
            await eventually(waiting, what="it waits for Kafka")
    assert set(await waiting()) == {"KafkaConnectionError"}


async def test_a_stream_ends_when_its_token_is_over(door: Door) -> None:
    async with listening(door, actor(Role.OFFICER), seconds=1.5) as listener:
        assert await listener.next() == {}


@pytest.mark.parametrize("role", Role)
async def test_interns_units_and_officers_may_listen(door: Door, role: Role) -> None:
    allowed = role in (Role.INTERN, Role.UNIT, Role.OFFICER)
    async with door.client.stream("GET", EVENTS, headers=door.bearer(actor(role))) as answer:
        assert answer.status_code == (200 if allowed else 403)


async def test_one_account_has_at_most_five_streams_and_leaving_makes_room(door: Door) -> None:
    who = actor(Role.INTERN)
    async with listening(door, who), listening(door, who), listening(door, who), listening(door, who):
        async with listening(door, who):
            refused = await door.client.get(EVENTS, headers=door.bearer(who))
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
            assert "Retry-After" in refused.headers

        async def room() -> bool:
            async with door.client.stream("GET", EVENTS, headers=door.bearer(who)) as answer:
                return answer.status_code == 200

        await eventually(room, what="there is room again")
