"""Commands that touch two documents: both or neither (R8)."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pymongo
import pytest
from common.decision import Command
from common.ids import new_id
from common.settings import Settings
from common.store import transaction
from common.store.aggregate import Store
from common.store.mongo import Mongo
from common.store.transaction import in_transaction
from pymongo.asynchronous.client_session import AsyncClientSession

from . import counters as c


@dataclass
class Pair:
    """Two counters that only ever move together."""

    mongo: Mongo
    store: Store[c.Counter]
    ids: tuple[str, str]

    async def add(self, *, win: bool = True, command: Command | None = None) -> bool:
        async def work(session: AsyncClientSession) -> bool:
            written = []
            for id in self.ids:
                loaded = await self.store.load(id)
                staged = self.store.stage(loaded, command or c.command(), c.add_one(id)(loaded.state), {})
                written.append(await self.store.write_in(session, staged))
            return all(written) and win

        return await in_transaction(self.mongo, work)

    async def counts(self) -> list[int]:
        return [state.count if state else 0 for state in [await self.store.get(id) for id in self.ids]]


@pytest.fixture
async def pair(mongo: Mongo, store: Store[c.Counter]) -> Pair:
    return Pair(mongo, store, (new_id("pst"), new_id("pst")))


@pytest.mark.rule("R8")
async def test_both_are_written_with_their_events(pair: Pair) -> None:
    assert await pair.add()
    assert await pair.add()
    assert await pair.counts() == [2, 2]
    rows = await pair.store.collection.find({}).to_list()
    assert [[event["seq"] for event in row["pending"]] for row in rows] == [[1, 2], [1, 2]]


@pytest.mark.rule("R8")
async def test_neither_is_written_when_the_work_says_no(pair: Pair) -> None:
    assert not await pair.add(win=False)
    assert await pair.counts() == [0, 0]


@pytest.mark.rule("R8")
async def test_neither_is_written_when_the_work_fails(pair: Pair) -> None:
    async def fail(session: AsyncClientSession) -> bool:
        loaded = await pair.store.load(pair.ids[0])
        await pair.store.write_in(session, pair.store.stage(loaded, c.command(), c.add_one(pair.ids[0])(loaded.state), {}))
        raise RuntimeError("示例")

    with pytest.raises(RuntimeError, match="示例"):
        await in_transaction(pair.mongo, fail)
    assert await pair.counts() == [0, 0]


@pytest.mark.rule("R8")
@pytest.mark.rule("R8")
async def test_many_at_once_lose_nothing_and_never_part(pair: Pair) -> None:
    await pair.add()
    await asyncio.gather(*(add_once(pair) for _ in range(10)))
    assert await pair.counts() == [11, 11]


async def add_once(pair: Pair) -> None:
    while not await pair.add():  # a lost race is decided again on what has been written meanwhile
        pass


async def test_a_write_on_an_old_version_loses(pair: Pair) -> None:
    id = pair.ids[0]
    await pair.add()
    old = await pair.store.load(id)
    await pair.store.execute(id, c.command(), c.add_one(id))

    async def late(session: AsyncClientSession) -> bool:
        return await pair.store.write_in(session, pair.store.stage(old, c.command(), c.add_one(id)(old.state), {}))

    assert not await in_transaction(pair.mongo, late)
    assert (await pair.counts())[0] == 2


async def give_up(pair: Pair) -> None:
    """Its time is over in the middle of a transaction, so the driver tells the server nothing."""
    (id, _) = pair.ids

    async def stand_still(session: AsyncClientSession) -> bool:
        loaded = await pair.store.load(id)
        await pair.store.write_in(session, pair.store.stage(loaded, c.command(), c.add_one(id)(loaded.state), {}))
        return await asyncio.Event().wait()

    with pytest.raises(TimeoutError), pymongo.timeout(0.5):
        async with asyncio.timeout(0.5):
            await in_transaction(pair.mongo, stand_still)


async def test_a_transaction_that_is_given_up_half_way_holds_up_no_other_replica(pair: Pair, settings: Settings) -> None:
    (id, _), elsewhere = pair.ids, Mongo(settings.mongo, settings.database("test"))
    await pair.add()
    await give_up(pair)
    await c.counters(elsewhere).execute(id, c.command(), c.add_one(id))
    assert await pair.counts() == [2, 1]
    await elsewhere.close()


async def test_a_transaction_that_is_given_up_half_way_takes_no_other_with_it(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gets its session before the server has ended it."""
    go_on, end = asyncio.Event(), transaction._end

    async def end_late(*about: Any) -> None:
        await go_on.wait()
        await end(*about)

    monkeypatch.setattr(transaction, "_end", end_late)
    await give_up(pair)
    tries = []

    async def work(session: AsyncClientSession) -> bool:
        for id in (new_id("pst"), new_id("pst")):
            loaded = await pair.store.load(id)
            tries.append(await pair.store.write_in(session, pair.store.stage(loaded, c.command(), c.add_one(id)(None), {})))
            go_on.set()
            await asyncio.gather(*transaction._ending)
        return True

    assert await in_transaction(pair.mongo, work)
    assert tries == [True, True]
