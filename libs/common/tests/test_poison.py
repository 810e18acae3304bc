"""Records that can be read but not worked with: they hold up nobody else, and a bad build does not empty a topic."""

import asyncio
import contextlib
import json
from collections.abc import Iterator

import pytest
from aiokafka import ConsumerRecord
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import Event, Undecodable, decode, headers
from common.messaging import consumer
from common.messaging.consumer import BatchConsumer
from common.messaging.dead_letters import DeadLetters
from common.store.mongo import Mongo
from common.testing.eventually import eventually
from pymongo.errors import AutoReconnect
from structlog.testing import capture_logs

from . import kafka as k


def record(offset: int, *, time: str = k.AT, headcount: int = 9) -> ConsumerRecord:
    value = json.dumps({"posting_id": f"pst_{offset}", "headcount": headcount, "taken": 0, "closing": False}).encode()
    written = headers(f"pst_{offset}", 1, SeatsChanged.ce_type(), "test", time, "")
    return ConsumerRecord("seats", 0, offset, 0, 0, f"pst_{offset}".encode(), value, None, 0, len(value), tuple(written))


class Effect:
    """Fails with `error` for the events of the offsets in `bad`, as often as it meets them."""

    def __init__(self, error: Exception, *bad: int) -> None:
        self.error, self.bad = error, {f"pst_{offset}" for offset in bad}
        self.done: list[str] = []
        self.tries = 0

    async def __call__(self, events: list[Event]) -> None:
        self.tries += 1
        if any(event.aggregate in self.bad for event in events):
            raise self.error
        self.done += [event.aggregate for event in events]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short pauses, and no stack traces printed."""
    monkeypatch.setattr(consumer, "_FIRST_DELAY_SECONDS", 0.001)
    monkeypatch.setattr(consumer, "_LONGEST_DELAY_SECONDS", 0.01)
    with capture_logs():
        yield


async def buried(mongo: Mongo) -> dict[int, str]:
    rows = await mongo.collection("dead_letters").find({}).sort("offset").to_list()
    return {row["offset"]: row["reason"] for row in rows}


async def test_a_record_whose_effect_fails_for_what_it_holds_is_buried_and_the_others_go_on(mongo: Mongo) -> None:
    effect = Effect(OverflowError(), 2)
    await BatchConsumer("group", effect, DeadLetters(mongo))(tuple(map(record, range(5))))
    assert effect.done == ["pst_0", "pst_1", "pst_3", "pst_4"]
    assert await buried(mongo) == {2: "its effect fails: OverflowError"}


async def test_what_passes_is_waited_for(mongo: Mongo) -> None:
    effect = Effect(AutoReconnect(), 1)
    work = asyncio.create_task(BatchConsumer("group", effect, DeadLetters(mongo))((record(1),)))
    await eventually_many_tries(effect)
    assert await buried(mongo) == {}
    effect.bad.clear()
    await work
    assert effect.done == ["pst_1"]


async def test_a_build_that_fails_at_everything_buries_only_a_few(mongo: Mongo) -> None:
    effect = Effect(KeyError(), *range(20))
    work = asyncio.create_task(BatchConsumer("group", effect, DeadLetters(mongo))(tuple(map(record, range(20)))))
    try:

        async def five() -> bool:
            return len(await buried(mongo)) == 5

        await eventually(five, what="five are buried")
        await eventually_many_tries(effect)
        assert set(await buried(mongo)) == {0, 1, 2, 3, 4}
        effect.bad.clear()
        await work
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
    assert effect.done == [f"pst_{offset}" for offset in range(5, 20)]


@pytest.mark.parametrize(
    "bad", [record(1, time="9999-12-31T23:59:59+00:00"), record(1, time="0001-01-01T00:00:00+14:00"), record(1, headcount=10**30)]
)
def test_instants_and_numbers_that_no_store_keeps_cannot_be_read(bad: ConsumerRecord) -> None:
    with pytest.raises(Undecodable):
        decode(bad.key, bad.value, bad.headers)


def test_a_long_number_within_64_bits_is_read() -> None:
    sound = record(1, headcount=2**63 - 1)
    assert decode(sound.key, sound.value, sound.headers).data.model_dump()["headcount"] == 2**63 - 1


async def eventually_many_tries(effect: Effect) -> None:
    """Returns after the effect has been tried a dozen times more."""
    before = effect.tries

    async def dozen() -> bool:
        return effect.tries >= before + 12

    await eventually(dozen, what="it is tried again and again")
