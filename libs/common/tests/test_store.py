"""The write path on the real database: races, repeats, limits, unique values, lost connections."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from common.contracts.words import Role
from common.decision import Actor, Decision
from common.errors import Refusal
from common.ids import new_id
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import Mongo
from common.testing.proxy import CuttingProxy
from common.web.command import by_the_clock, caused_by

from . import counters as c


@pytest.fixture
async def replicas(settings: Settings) -> AsyncIterator[list[Store[c.Counter]]]:
    """Two processes' worth of stores on one database: they share nothing but the database."""
    mongos = [Mongo(settings.mongo, settings.database("test")) for _ in range(2)]
    yield [c.counters(mongo) for mongo in mongos]
    for mongo in mongos:
        await mongo.close()


async def document(store: Store[Any], id: str) -> dict[str, Any]:
    found = await store.collection.find_one({"_id": id})
    assert found is not None
    return found


@pytest.mark.rule("R20")
async def test_a_command_writes_state_history_record_and_event_together(store: Store[c.Counter]) -> None:
    id = new_id("pst")
    assert await store.execute(id, c.command("key-0001"), c.add_one(id), c.answer) == {"count": 1}
    written = await document(store, id)
    assert (written["version"], written["seq"], written["state"]["count"]) == (1, 1, 1)
    assert [entry["to"] for entry in written["history"]] == ["counted"]
    assert written["history"][0]["actor"] == {"id": "per_alice", "role": "intern"}
    assert [record["key"] for record in written["commands"]] == ["key-0001"]
    assert [(event["seq"], event["type"]) for event in written["pending"]] == [(1, "seats.changed.v1")]


async def test_a_store_without_a_topic_writes_the_same_but_has_nothing_to_say(mongo: Mongo, store: Store[c.Counter]) -> None:
    silent = Store(mongo, "silent", c.Counter)
    await silent.prepare()
    id = new_id("pst")
    one = Decision(c.Counter(count=1))
    assert await silent.execute(id, c.command("key-0001"), lambda _: one, c.answer) == {"count": 1}
    with pytest.raises(ValueError, match="does not travel on the topic of silent"):
        await silent.execute(id, c.command(), c.add_one(id))
    assert "pending" in await store.collection.index_information()
    assert "pending" not in await silent.collection.index_information()


async def test_a_command_that_never_comes_again_leaves_no_record(store: Store[c.Counter]) -> None:
    """It is found neither in the document it makes nor in one it changes, and does its work each time."""
    id = new_id("pst")
    for count in (1, 2):
        assert await store.execute(id, by_the_clock("tidy", c.NOON), c.add_one(id), c.answer) == {"count": count}
        assert (await document(store, id))["commands"] == []
    await store.execute(id, caused_by("follow", "pst_1:7", c.NOON), c.add_one(id), c.answer)
    await store.execute(id, by_the_clock("tidy", c.NOON), c.add_one(id), c.answer)
    written = await document(store, id)
    assert [record["key"] for record in written["commands"]] == ["pst_1:7"]
    assert [entry["command"] for entry in written["history"]] == ["tidy", "tidy", "follow", "tidy"]


async def test_parallel_commands_on_two_replicas_lose_no_update(replicas: list[Store[c.Counter]]) -> None:
    id = new_id("pst")
    await asyncio.gather(*(replicas[n % 2].execute(id, c.command(), c.add_one(id), c.answer) for n in range(60)))
    written = await document(replicas[0], id)
    assert (written["state"]["count"], written["version"], written["seq"]) == (60, 60, 60)
    assert [event["seq"] for event in written["pending"]] == list(range(1, 61))


async def test_a_limit_holds_exactly_under_contention(replicas: list[Store[c.Counter]]) -> None:
    id = new_id("pst")
    work = [replicas[n % 2].execute(id, c.command(), c.add_one(id, limit=10), c.answer) for n in range(50)]
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    assert sum(1 for outcome in outcomes if isinstance(outcome, dict)) == 10
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Refusal)} == {"counter_full"}
    assert (await document(replicas[0], id))["state"]["count"] == 10


@pytest.mark.rule("R20")
async def test_the_same_key_twenty_times_at_once_has_one_effect_and_one_answer(replicas: list[Store[c.Counter]]) -> None:
    id = new_id("pst")
    work = [replicas[n % 2].execute(id, c.command("same-key"), c.add_one(id), c.answer) for n in range(20)]
    assert await asyncio.gather(*work) == [{"count": 1}] * 20
    assert (await document(replicas[0], id))["state"]["count"] == 1


@pytest.mark.rule("R20")
async def test_a_key_used_for_another_body_is_refused_and_changes_nothing(store: Store[c.Counter]) -> None:
    id = new_id("pst")
    await store.execute(id, c.command("one-key", body="a"), c.add_one(id), c.answer)
    with pytest.raises(Refusal, match="idempotency_key_reused"):
        await store.execute(id, c.command("one-key", body="b"), c.add_one(id), c.answer)
    assert (await document(store, id))["state"]["count"] == 1


async def test_two_people_may_use_the_same_key(store: Store[c.Counter]) -> None:
    id = new_id("pst")
    await store.execute(id, c.command("one-key", actor=c.ALICE), c.add_one(id), c.answer)
    assert await store.execute(id, c.command("one-key", actor=c.BOB), c.add_one(id), c.answer) == {"count": 2}


async def test_a_refusal_changes_nothing_and_is_not_recorded(store: Store[c.Counter]) -> None:
    id = new_id("pst")
    await store.execute(id, c.command(), c.add_one(id), c.answer)
    before = await document(store, id)
    with pytest.raises(Refusal, match="counter_full"):
        await store.execute(id, c.command("refused-key"), c.add_one(id, limit=1), c.answer)
    assert await document(store, id) == before
    assert await store.execute(id, c.command("refused-key"), c.add_one(id), c.answer) == {"count": 2}


@pytest.mark.rule("R20")
async def test_records_are_kept_for_a_day_and_then_make_room(store: Store[c.Counter]) -> None:
    id = new_id("pst")
    await store.execute(id, c.command("first-key"), c.add_one(id), c.answer)
    later = c.NOON + timedelta(hours=24, seconds=1)
    await store.execute(id, c.command("second-key", at=later), c.add_one(id), c.answer)
    assert [record["key"] for record in (await document(store, id))["commands"]] == ["second-key"]


@pytest.mark.rule("R20")
async def test_the_two_hundred_first_command_of_a_day_is_refused_but_the_system_and_others_go_on(store: Store[c.Counter]) -> None:
    id = new_id("pst")
    for _ in range(200):
        await store.execute(id, c.command(), c.add_one(id), c.answer)
    with pytest.raises(Refusal, match="too_many_commands"):
        await store.execute(id, c.command(), c.add_one(id), c.answer)
    system, another = Actor(id="system", role=Role.SYSTEM), Actor(id="usr_another", role=Role.UNIT)
    assert await store.execute(id, c.command(actor=system), c.add_one(id), c.answer) == {"count": 201}
    assert await store.execute(id, c.command(actor=another), c.add_one(id), c.answer) == {"count": 202}


async def test_a_unique_value_is_given_once_and_the_other_is_told_so(store: Store[c.Counter]) -> None:
    def named(_: c.Counter | None) -> Decision[c.Counter]:
        return Decision(c.Counter(name="示例", count=1))

    ids = [new_id("pst") for _ in range(8)]
    outcomes = await asyncio.gather(*(store.execute(id, c.command(), named, c.answer) for id in ids), return_exceptions=True)
    assert sum(1 for outcome in outcomes if outcome == {"count": 1}) == 1
    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)] == ["counter_name_taken"] * 7


async def test_an_event_on_a_foreign_topic_cannot_be_written(store: Store[c.Counter]) -> None:
    from common.contracts.people import PersonRegistered

    id = new_id("pst")
    with pytest.raises(ValueError, match="does not travel"):
        await store.execute(id, c.command(), lambda _: Decision(c.Counter(count=1), (PersonRegistered(person_id=id),)))
    assert await store.get(id) is None


async def test_commands_of_many_aggregates_share_one_bulk_write(store: Store[c.Counter]) -> None:
    ids = [new_id("pst") for _ in range(40)]
    answers = await asyncio.gather(*(store.execute(id, c.command(), c.add_one(id), c.answer) for id in ids for _ in range(3)))
    assert sorted(answer["count"] for answer in answers) == [1] * 40 + [2] * 40 + [3] * 40


@pytest.mark.parametrize("cuts", [1, 3])
async def test_a_reply_lost_after_the_write_leaves_one_effect_and_a_true_answer(settings: Settings, mongo: Mongo, cuts: int) -> None:
    """The connection is cut after the database got the write and before it could answer."""
    id = new_id("pst")
    async with CuttingProxy(settings.mongo) as proxy:
        cut_off = Mongo(proxy.uri, settings.database("test"))
        store = c.counters(cut_off)
        assert await store.execute(id, c.command("k-before"), c.add_one(id), c.answer) == {"count": 1}
        proxy.cut_replies_to(b"history", times=cuts)
        assert await store.execute(id, c.command("k-cut-off"), c.add_one(id), c.answer) == {"count": 2}
        assert proxy.cuts == cuts
        await cut_off.close()
    written = await document(c.counters(mongo), id)
    assert (written["state"]["count"], written["seq"]) == (2, 2)
    assert [event["seq"] for event in written["pending"]] == [1, 2]
