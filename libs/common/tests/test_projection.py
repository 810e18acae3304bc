"""Projections: only a newer event replaces a row; a reader may wait a moment for one."""

import asyncio
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from common.contracts.envelope import Event
from common.store.mongo import Mongo
from common.store.projection import Projection, wait_for
from common.values import Value
from pymongo import IndexModel

from . import kafka as k


class Row(Value):
    name: str = ""
    until: date | None = None
    count: int = 0


def event(seq: int, aggregate: str = "unt_1") -> Event:
    return Event(aggregate, seq, "test", datetime(2026, 3, 2, tzinfo=UTC), k.seats("x", seq))


@pytest.fixture
def rows(mongo: Mongo) -> Projection[Row]:
    return Projection(mongo, "rows", Row, [IndexModel("state.name")])


async def test_a_row_is_replaced_by_a_newer_event_only(rows: Projection[Row]) -> None:
    for seq in (2, 1, 3, 3, 2):
        await rows.put([(event(seq), Row(name=f"after {seq}", until=date(2026, 1, seq)))])
    assert await rows.get("unt_1") == Row(name="after 3", until=date(2026, 1, 3))


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (1, 3, 2)])
async def test_of_one_batch_the_newest_stays_whatever_the_order(rows: Projection[Row], order: tuple[int, ...]) -> None:
    await rows.put([(event(seq), Row(count=seq)) for seq in order])
    assert await rows.get("unt_1") == Row(count=3)


async def test_two_writers_at_once_leave_the_newest(rows: Projection[Row]) -> None:
    await asyncio.gather(*(rows.put([(event(seq), Row(count=seq))]) for seq in range(1, 31)), return_exceptions=True)
    await rows.put([(event(seq), Row(count=seq)) for seq in range(1, 31)])
    assert await rows.get("unt_1") == Row(count=30)


async def test_merging_sets_only_the_fields_given_and_only_when_newer(rows: Projection[Row]) -> None:
    await rows.put([(event(1), Row(name="示例", count=1))])
    await rows.merge([(event(2), {"count": 2})])
    await rows.merge([(event(1), {"name": "late"})])
    assert await rows.get("unt_1") == Row(name="示例", count=2)


async def test_text_that_looks_like_an_expression_is_kept_as_text(rows: Projection[Row]) -> None:
    await rows.put([(event(1), Row(name="$count"))])
    assert await rows.get("unt_1") == Row(name="$count")


async def test_rows_of_others_stay_and_an_unknown_one_is_none(rows: Projection[Row]) -> None:
    await rows.put([(event(1, "unt_1"), Row(count=1)), (event(1, "unt_2"), Row(count=2))])
    await rows.put([])
    assert [await rows.get(id) for id in ("unt_1", "unt_2", "unt_3")] == [Row(count=1), Row(count=2), None]


async def test_preparing_makes_the_indexes_and_may_be_repeated(mongo: Mongo, rows: Projection[Row]) -> None:
    for _ in range(2):
        await rows.prepare()
        await Projection(mongo, "bare", Row).prepare()
    assert "state.name_1" in await rows.collection.index_information()


async def test_waiting_ends_as_soon_as_there_is_something() -> None:
    found: list[Any] = []

    async def probe() -> Any:
        found.append(len(found) >= 3 and "there")
        return found[-1]

    assert await wait_for(probe) == "there"
    assert len(found) == 4


async def test_waiting_gives_up_after_a_second_with_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()

    async def probe() -> int | None:
        return None

    assert await wait_for(probe) is None
    assert 1 <= time.monotonic() - began < 3
