"""Every service's own copy of the reference data."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event
from common.messaging.consumer import by_type, facts
from common.reference import Reference, package_items
from common.store import reference
from common.store.mongo import Mongo
from common.store.reference import ReferenceData

AT = datetime(2026, 3, 2, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
async def data(mongo: Mongo, monkeypatch: pytest.MonkeyPatch) -> ReferenceData:
    """Reads again at every question."""
    monkeypatch.setattr(reference, "_FRESH_SECONDS", -1.0)
    data = ReferenceData(mongo)
    await data.prepare()
    return data


async def hear(data: ReferenceData, *items: ReferenceItemSet, seq: int = 1) -> None:
    await by_type(data.effects())([Event(f"{item.kind}:{item.key}", seq, "audit", AT, item) for item in items])


def policy(version: int, pending: int, **changes: Any) -> ReferenceItemSet:
    value = {"region": "520000", "effective": "2026-01-01", "changes": {"max_pending": pending, **changes}}
    return ReferenceItemSet(kind="policy", key="520000:2026-01-01", item_version=version, value=value)


async def test_before_anything_is_heard_the_defaults_answer(data: ReferenceData) -> None:
    assert (await data.current()).policy("520102", DAY).max_pending == 10


async def test_everything_the_package_ships_comes_back_the_same(data: ReferenceData) -> None:
    await hear(data, *(ReferenceItemSet(kind=i.kind, key=i.key, item_version=i.version, value=i.value) for i in package_items()))
    assert (await data.current()).latest == Reference.sample().latest


async def test_a_new_version_takes_the_place_of_the_old_and_a_late_old_one_does_not(data: ReferenceData) -> None:
    await hear(data, policy(1, 10), seq=1)
    await hear(data, policy(2, 7), seq=2)
    await hear(data, policy(1, 10), seq=1)
    assert (await data.current()).policy("520102", DAY).max_pending == 7


async def test_the_value_is_built_again_only_when_something_changed(data: ReferenceData) -> None:
    await hear(data, policy(1, 7))
    first = await data.current()
    assert await data.current() is first
    await hear(data, policy(2, 8), seq=2)
    assert await data.current() is not first


async def test_between_two_looks_the_last_value_answers(data: ReferenceData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "_FRESH_SECONDS", 60.0)
    first = await data.current()
    await hear(data, policy(1, 7))
    assert await data.current() is first


@pytest.mark.parametrize(
    "unreadable",
    [
        ReferenceItemSet(kind="a_kind_to_come", key="x", item_version=1, value={}),
        ReferenceItemSet(kind="policy", key="520100:2026-01-01", item_version=1, value={"a": "shape to come"}),
        ReferenceItemSet(kind="region", key="520199", item_version=1, value={"code": "520102", "name": "示例", "since": 2000}),
    ],
)
async def test_an_item_this_build_cannot_read_waits_and_stops_nobody(
    data: ReferenceData, mongo: Mongo, unreadable: ReferenceItemSet
) -> None:
    await hear(data, unreadable, policy(1, 7))
    assert (await data.current()).policy("520102", DAY).max_pending == 7
    assert await mongo.collection("reference_items").count_documents({}) == 2


def test_each_service_listens_as_a_group_of_its_own(mongo: Mongo) -> None:
    subscription = facts("accounts", ReferenceData(mongo).effects())
    assert (subscription.topics, subscription.group) == (("reference",), "accounts.facts")


async def test_entries_that_do_not_go_together_stop_nobody(data: ReferenceData) -> None:
    narrow = ReferenceItemSet(
        kind="policy",
        key="520102:2026-01-01",
        item_version=1,
        value={"region": "520102", "effective": "2026-01-01", "changes": {"age_min": 23}},
    )
    await hear(data, policy(1, 7, age_max=20), narrow)
    in_force = (await data.current()).policy("520102", DAY)
    assert (in_force.age_min, in_force.age_max, in_force.max_pending) == (16, 20, 7)


async def test_the_newest_is_read_whenever_it_is_asked_for(mongo: Mongo) -> None:
    data = ReferenceData(mongo)
    await data.prepare()
    assert (await data.current()).policy("520102", DAY).max_pending == 10
    await hear(data, policy(1, 7))
    assert (await data.newest()).policy("520102", DAY).max_pending == 7
