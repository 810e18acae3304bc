"""The consumer helper on the real Kafka: commits only after effects, keeps what it cannot read, goes on."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import Event, headers
from common.ids import new_id
from common.messaging import consumer
from common.messaging.consumer import Handler, by_type
from common.metrics import CONSUMED_EVENTS, CONSUMER_RETRIES
from common.settings import Settings
from common.store.mongo import Document, Mongo
from common.store.projection import Projection
from common.testing.eventually import eventually
from common.values import Value

from . import kafka as k


class Places(Value):
    taken: int


@pytest.fixture
def projection(mongo: Mongo) -> Projection[Places]:
    return Projection(mongo, "places", Places)


@pytest.fixture
def keeping(projection: Projection[Places]) -> Handler:
    async def changed(event: Event, message: SeatsChanged) -> None:
        await projection.put([(event, Places(taken=message.taken))])

    return by_type({SeatsChanged: changed})


def taken_of(projection: Projection[Places], id: str) -> Callable[[], Any]:
    async def read() -> int | None:
        row = await projection.get(id)
        return row.taken if row else None

    return read


def handled(settings: Settings, group: str, outcome: str) -> float:
    return float(CONSUMED_EVENTS.labels(settings.group(group), outcome)._value.get())


async def dead_letters(mongo: Mongo) -> list[Document]:
    return await mongo.collection("dead_letters").find({}).sort("offset").to_list()


async def test_repeats_late_repeats_and_disorder_leave_the_newest_state(
    settings: Settings, mongo: Mongo, seats: k.Topic, projection: Projection[Places], keeping: Handler
) -> None:
    id, end = new_id("pst"), new_id("pst")
    for seq in (1, 1, 3, 2, 3, 1):
        await seats.say(id, seq, k.seats(id, taken=seq))
    await seats.say(end, 1, k.seats(end, taken=5))
    async with k.consuming(settings, mongo, seats, keeping, "places"):
        await eventually(k.is_equal(taken_of(projection, end), 5), what="everything is heard")
        assert await taken_of(projection, id)() == 3
        await seats.say(id, 2, k.seats(id, taken=2))
        await seats.say(end, 2, k.seats(end, taken=6))
        await eventually(k.is_equal(taken_of(projection, end), 6))
    assert await taken_of(projection, id)() == 3
    assert await dead_letters(mongo) == []


def bad_records(id: str) -> list[tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]]:
    """Reason, key, value, headers of records that nobody can read."""
    key, value = id.encode(), k.seats(id, 9).model_dump_json().encode()
    good = dict(headers(id, 9, "seats.changed.v1", "test", k.AT, ""))

    def having(**changes: bytes) -> list[tuple[str, bytes]]:
        return list({**good, **changes}.items())

    return [
        ("not a seats.changed.v1: json_invalid", key, b"{", having()),
        ("not a seats.changed.v1: json_invalid", key, None, having()),
        ("not a seats.changed.v1: missing", key, b'{"posting_id": "x", "headcount": 1, "taken": 1}', having()),
        ("the record key is not the aggregate of ce_id", b"other", value, having()),
        ("the record key is not the aggregate of ce_id", None, value, having()),
        ("the record key is not the aggregate of ce_id", b"\xff", value, having()),
        ("ce_id is not <aggregate>:<seq>", key, value, having(ce_id=id.encode())),
        ("ce_id is not <aggregate>:<seq>", key, value, having(ce_id=f"{id}:0".encode())),
        ("ce_id is not <aggregate>:<seq>", key, value, having(ce_id=f"{id}:{10**18}".encode())),
        ("ce_time is not ISO 8601", key, value, having(ce_time=b"yesterday")),
        ("ce_time has no offset", key, value, having(ce_time=b"2026-03-02T04:00:00")),
        ("ce_type is not <type>.v<version>", key, value, [("ce_id", b"x:1")]),
        ("ce_type is not <type>.v<version>", key, value, having(ce_type=b"seats.changed\xff.v1")),
        ("unknown version of a known type: seats.changed.v2", key, value, having(ce_type=b"seats.changed.v2")),
    ]


async def test_unreadable_records_are_kept_with_reason_and_origin_and_the_rest_goes_on(
    settings: Settings, mongo: Mongo, seats: k.Topic, projection: Projection[Places], keeping: Handler
) -> None:
    id = new_id("pst")
    await seats.say(id, 1, k.seats(id, taken=1))
    for _, key, value, record_headers in bad_records(id):
        await seats.send(key, value, record_headers)
    await seats.say(id, 2, k.seats(id, taken=2))
    async with k.consuming(settings, mongo, seats, keeping, "places"):
        await eventually(k.is_equal(lambda: seats.committed("places"), len(bad_records(id)) + 2), what="all are committed")
    assert await taken_of(projection, id)() == 2
    kept = await dead_letters(mongo)
    assert [row["reason"] for row in kept] == [reason for reason, *_ in bad_records(id)]
    assert [(row["key"], row["value"]) for row in kept] == [(key, value) for _, key, value, _ in bad_records(id)]
    assert [[(name, bytes(raw)) for name, raw in row["headers"]] for row in kept] == [pairs for *_, pairs in bad_records(id)]
    first = kept[0]
    assert (first["group"], first["topic"], first["partition"], first["offset"]) == (
        settings.group("places"),
        settings.topic("seats"),
        0,
        1,
    )
    assert handled(settings, "places", "dead") == len(kept)


async def test_a_header_that_is_not_utf8_or_empty_does_not_hide_the_event(
    settings: Settings, mongo: Mongo, seats: k.Topic, projection: Projection[Places], keeping: Handler
) -> None:
    id = new_id("pst")
    pairs = [*headers(id, 1, "seats.changed.v1", "test", k.AT, ""), ("x-note", b"\xff\xfe"), ("x-empty", None)]
    await seats.send(id.encode(), k.seats(id, 4).model_dump_json().encode(), pairs)  # type: ignore[arg-type]
    async with k.consuming(settings, mongo, seats, keeping, "places"):
        await eventually(k.is_equal(taken_of(projection, id), 4))
    assert await dead_letters(mongo) == []


async def test_unknown_types_are_counted_and_skipped(
    settings: Settings, mongo: Mongo, seats: k.Topic, projection: Projection[Places], keeping: Handler
) -> None:
    id = new_id("pst")
    await seats.send(id.encode(), b"{}", headers(id, 1, "seats.painted.v1", "test", k.AT, ""))
    await seats.say(id, 2, k.seats(id, taken=2))
    async with k.consuming(settings, mongo, seats, keeping, "places"):
        await eventually(k.is_equal(taken_of(projection, id), 2))
        await eventually(k.is_equal(lambda: seats.committed("places"), 2))
    assert (handled(settings, "places", "skipped"), handled(settings, "places", "handled")) == (1, 1)
    assert await dead_letters(mongo) == []


async def test_a_raw_subscription_gets_unknown_types_too_and_still_keeps_the_unreadable(
    settings: Settings, mongo: Mongo, seats: k.Topic
) -> None:
    id = new_id("pst")
    seen: list[bytes] = []

    async def note(records: list[Any]) -> None:
        seen.extend(dict(record.headers)["ce_type"] for record in records)

    await seats.send(id.encode(), b"{}", headers(id, 1, "seats.painted.v1", "test", k.AT, ""))
    await seats.send(id.encode(), b"{", headers(id, 2, "seats.changed.v1", "test", k.AT, ""))
    await seats.say(id, 3, k.seats(id, taken=2))
    async with k.consuming(settings, mongo, seats, note, "ledger", raw=True, patient=True):
        await eventually(k.is_equal(lambda: seats.committed("ledger"), 3))
    assert seen == [b"seats.painted.v1", b"seats.changed.v1"]
    assert len(await dead_letters(mongo)) == 1


async def test_a_failing_handler_is_tried_again_with_growing_pauses_and_nothing_is_committed_before(
    settings: Settings, mongo: Mongo, seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = new_id("pst")
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note_pause(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(consumer, "asyncio", type("Asyncio", (), {"sleep": staticmethod(note_pause)}))
    committed: list[int] = []

    async def fail_eight_times(events: list[Event]) -> None:
        if len(pauses) < 8:
            committed.append(await seats.committed("failing") if len(pauses) in (0, 7) else 0)
            raise ConnectionError("示例")

    await seats.say(id, 1, k.seats(id, taken=1))
    async with k.consuming(settings, mongo, seats, fail_eight_times, "failing"):
        await eventually(k.is_equal(lambda: seats.committed("failing"), 1), what="committed in the end")
    assert pauses[:8] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert committed == [0] * 8
    assert CONSUMER_RETRIES.labels(settings.group("failing"))._value.get() == 8


async def test_a_restart_delivers_again_what_was_handled_but_not_committed(
    settings: Settings, mongo: Mongo, seats: k.Topic, projection: Projection[Places], keeping: Handler
) -> None:
    """The process dies in the middle of a batch: part of the effects are there, the offset is not."""
    id = new_id("pst")
    await seats.say(id, 1, k.seats(id, taken=1))
    half_done = asyncio.Event()

    async def die_in_the_middle(events: list[Event]) -> None:
        await keeping(events)
        half_done.set()
        await asyncio.Event().wait()

    async with k.consuming(settings, mongo, seats, die_in_the_middle, "places") as first:
        await asyncio.wait_for(half_done.wait(), 10)
        await first.crash()
    assert await seats.committed("places") == 0
    again: list[int] = []

    async def note(events: list[Event]) -> None:
        again.extend(event.seq for event in events)
        await keeping(events)

    await seats.say(id, 2, k.seats(id, taken=2))
    async with k.consuming(settings, mongo, seats, note, "places"):
        await eventually(k.is_equal(lambda: seats.committed("places"), 2))
    assert again == [1, 2]
    assert await taken_of(projection, id)() == 2


async def test_a_dead_letter_is_kept_once_however_often_it_is_read(settings: Settings, mongo: Mongo, seats: k.Topic) -> None:
    """Two groups keep their own; the same group, delivered to again, keeps one."""
    await seats.send(b"x", b"{", headers("x", 1, "seats.changed.v1", "test", k.AT, ""))
    await seats.say("y", 1, k.seats("y", 1))
    failed = asyncio.Event()

    async def fail_once(_: list[Event]) -> None:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("示例")

    for group in ("one", "two"):
        async with k.consuming(settings, mongo, seats, fail_once, group):
            await eventually(k.is_equal(lambda group=group: seats.committed(group), 2))  # type: ignore[misc]
    assert [row["group"] for row in await dead_letters(mongo)] == [settings.group("one"), settings.group("two")]
