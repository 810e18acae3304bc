"""The time limit of a command: kept whatever holds it up, and after it the command has been written or never will be."""

import asyncio
import contextlib
import time
from dataclasses import replace
from typing import Any

import pytest
from common.contracts.topics import SEATS
from common.errors import Refusal
from common.ids import new_id
from common.settings import Settings
from common.store import group_commit
from common.store.aggregate import Loaded, Store
from common.store.group_commit import OutcomeUnknown
from common.store.mongo import Mongo
from common.testing.proxy import CuttingProxy

from . import counters as c


async def test_an_unknown_outcome_is_answered_as_unavailable_and_the_same_key_may_come_again(
    settings: Settings, mongo: Mongo, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: Any) -> bool:
        raise OutcomeUnknown

    id, command = new_id("pst"), c.command("key-0001")
    with monkeypatch.context() as patch:
        patch.setattr(group_commit.GroupCommit, "write", unknown)
        with pytest.raises(Refusal, match="unavailable"):
            await store.execute(id, command, c.add_one(id), c.answer)
    assert await store.execute(id, command, c.add_one(id), c.answer) == {"count": 1}


async def test_a_command_that_cannot_win_in_time_is_answered_as_unavailable(
    mongo: Mongo, store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: Any) -> bool:
        await asyncio.sleep(0)
        return False

    monkeypatch.setattr(group_commit.GroupCommit, "write", lose)
    monkeypatch.setattr(store, "_limit", 0.2)
    id = new_id("pst")
    with pytest.raises(Refusal, match="unavailable"):
        await store.execute(id, c.command(), c.add_one(id), c.answer)


async def test_the_time_limit_holds_although_the_driver_drops_a_cancellation(
    store: Store[c.Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`asyncio.wait_for` of Python 3.11 does that inside the driver."""

    async def dropping(id: str) -> Loaded[c.Counter]:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return Loaded(id, None)

    async def lose(*_: Any) -> bool:
        return False

    monkeypatch.setattr(group_commit.GroupCommit, "write", lose)
    monkeypatch.setattr(store, "load", dropping)
    monkeypatch.setattr(store, "_limit", 0.1)
    with pytest.raises(Refusal, match="unavailable"):
        await asyncio.wait_for(store.execute("pst_1", c.command(), c.add_one("pst_1")), 5)


async def test_the_time_limit_counts_from_the_beginning_of_the_command(store: Store[c.Counter]) -> None:
    """What its handler read before counts too."""
    id, command = new_id("pst"), c.command()
    with pytest.raises(Refusal, match="unavailable"):
        await store.execute(id, replace(command, begun=command.begun - 4), c.add_one(id), c.answer)
    assert (await store.load(id)).version == 0


async def test_a_connection_that_hangs_costs_a_quarter_of_the_limit_and_no_command(settings: Settings, mongo: Mongo) -> None:
    async with CuttingProxy(settings.mongo) as proxy:
        through = Mongo(proxy.uri, settings.database("test"))
        store = Store(through, "counters", c.Counter, SEATS, limit_seconds=2)
        ids = [new_id("pst") for _ in range(3)]
        for id in ids:
            await store.execute(id, c.command(), c.add_one(id), c.answer)
        proxy.hang_at(ids[0].encode(), times=1)
        began = time.monotonic()
        assert await asyncio.gather(*(store.execute(id, c.command(), c.add_one(id), c.answer) for id in ids)) == [{"count": 2}] * 3
        assert 0.5 <= time.monotonic() - began < 2
        assert proxy.cuts == 1
        await through.close()
