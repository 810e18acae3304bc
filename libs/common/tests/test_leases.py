"""Leases on the real database: each shard has one owner, shares are fair, the dead are replaced."""

import asyncio

import pytest
from common.ids import new_id
from common.messaging import leases
from common.messaging.leases import Leases
from common.store.mongo import Mongo
from common.testing.eventually import eventually


@pytest.fixture
def group() -> str:
    return new_id("grp")


def member(mongo: Mongo, group: str, owner: str) -> Leases:
    return Leases(mongo, owner, 8, group)


async def settle(*members: Leases) -> list[set[int]]:
    """Two rounds: the first lets go of what is too much, the second takes what became free."""
    for one in members:
        await one.renew()
    return [await one.renew() for one in members]


async def test_one_member_holds_every_shard_and_keeps_it(mongo: Mongo, group: str) -> None:
    alone = member(mongo, group, "a")
    assert await alone.renew() == set(range(8))
    assert await alone.renew() == set(range(8))


async def test_members_share_evenly_and_no_shard_has_two_owners(mongo: Mongo, group: str) -> None:
    members = [member(mongo, group, owner) for owner in "abc"]
    await members[0].renew()
    held = await settle(*members)
    assert sorted(len(shards) for shards in held) == [2, 3, 3]
    assert sorted(shard for shards in held for shard in shards) == list(range(8))


async def test_two_that_start_together_never_hold_the_same_shard(mongo: Mongo, group: str) -> None:
    held = await asyncio.gather(*(member(mongo, group, owner).renew() for owner in "abcd"))
    shards = [shard for one in held for shard in one]
    assert len(shards) == len(set(shards))


async def test_what_is_released_is_free_at_once(mongo: Mongo, group: str) -> None:
    first, second = member(mongo, group, "a"), member(mongo, group, "b")
    await first.renew()
    await first.release_all()
    assert await second.renew() == set(range(8))


async def test_a_dead_members_shards_are_taken_after_its_term_and_its_row_goes(
    mongo: Mongo, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time is the database's: the test waits for that clock, not for its own."""
    monkeypatch.setattr(leases, "LEASE_SECONDS", 1)
    dead, living = member(mongo, group, "dead"), member(mongo, group, "living")
    await dead.renew()
    assert await living.renew() == set()

    async def taken_over() -> bool:
        return await living.renew() == set(range(8))

    await eventually(taken_over, what="the term of the dead one ends")
    rows = await mongo.collection("lease_members").find({"group": group}).to_list()
    assert [row["_id"] for row in rows] == [f"{group}/living"]


async def test_groups_do_not_touch_each_other(mongo: Mongo, group: str) -> None:
    assert await member(mongo, group, "a").renew() == set(range(8))
    assert await member(mongo, f"{group}_other", "b").renew() == set(range(8))
