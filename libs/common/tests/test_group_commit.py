"""Group commit: each caller learns the outcome of its own write, and an unknown one is never guessed."""

import asyncio
import time
from typing import Any

import pymongo
import pytest
from common.decision import Decision
from common.ids import new_id
from common.store.aggregate import Store
from common.store.group_commit import GroupCommit, OutcomeUnknown, UniqueViolation, Write
from common.store.mongo import Mongo
from pymongo import InsertOne, UpdateOne
from pymongo._csot import get_timeout as pymongo_timeout
from pymongo.errors import AutoReconnect, BulkWriteError

from . import counters as c

LIMIT = 4.0


@pytest.fixture
def commit(mongo: Mongo) -> GroupCommit:
    return GroupCommit(mongo, "rows", LIMIT)


def insert(id: str, left: float = LIMIT, **fields: Any) -> Write:
    """With so many seconds left."""
    attempt = new_id("att")
    operation = InsertOne({"_id": id, "version": 1, "history": [{"attempt": attempt}], **fields})
    return Write(id, attempt, operation, time.monotonic() + left)


def update(id: str, version: int, change: dict[str, Any] | None = None) -> Write:
    attempt = new_id("att")
    push = {"$push": {"history": {"attempt": attempt}}, "$set": {"version": version + 1}}
    return Write(id, attempt, UpdateOne({"_id": id, "version": version}, change or push), time.monotonic() + LIMIT)


async def outcomes(commit: GroupCommit, *writes: Write) -> list[Any]:
    return await asyncio.gather(*(commit.write(write) for write in writes), return_exceptions=True)


async def test_in_one_batch_each_learns_its_own_outcome(commit: GroupCommit, mongo: Mongo) -> None:
    await mongo.collection("rows").create_index("name", name="name", unique=True, sparse=True)
    await outcomes(commit, insert("a"), insert("b", name="示例"))
    won, lost, taken, twice, wrong = await outcomes(
        commit, update("a", 1), update("b", 7), insert("c", name="示例"), insert("d"), update("e", 1)
    )
    assert (won, lost, twice, wrong) == (True, False, True, False)
    assert isinstance(taken, UniqueViolation)
    assert taken.index == "name"
    assert await outcomes(commit, insert("a")) == [False]


async def test_two_writes_of_one_document_never_share_a_batch(commit: GroupCommit) -> None:
    """They go one after the other, so the second still fits."""
    assert await outcomes(commit, insert("a"), update("a", 1), update("a", 2), update("a", 2)) == [True, True, True, False]


async def test_an_error_of_the_database_itself_is_told_to_its_caller_only(commit: GroupCommit) -> None:
    await outcomes(commit, insert("a"), insert("b"))
    fine, broken = await outcomes(commit, update("a", 1), update("b", 1, {"$push": {"version": 1}}))
    assert fine is True
    assert isinstance(broken, RuntimeError)
    assert str(broken).startswith("write error")


async def test_a_write_without_a_majority_is_issued_again(commit: GroupCommit, mongo: Mongo, monkeypatch: pytest.MonkeyPatch) -> None:
    collection = mongo.collection("rows")
    real, calls = collection.bulk_write, 0

    async def not_durable_at_first(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        result = await real(*arguments, **named)
        if calls == 1:
            raise BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]})
        return result

    monkeypatch.setattr(commit, "_collection", _With(collection, not_durable_at_first))
    assert await outcomes(commit, insert("a")) == [True]
    assert calls == 2
    assert await collection.count_documents({"_id": "a"}) == 1


class _With:
    """A collection whose bulk write is another."""

    def __init__(self, collection: Any, bulk_write: Any) -> None:
        self.find, self.bulk_write = collection.find, bulk_write


async def test_after_the_time_limit_the_outcome_is_unknown_and_later_writes_go_on(
    commit: GroupCommit, mongo: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(*_: Any, **__: Any) -> Any:
        raise AutoReconnect("示例")

    with monkeypatch.context() as patch:
        patch.setattr(commit, "_collection", _With(mongo.collection("rows"), cut))
        first, second = await outcomes(commit, insert("a", left=LIMIT / 4 + 0.1), insert("b", left=LIMIT / 4 + 0.2))
    assert isinstance(first, OutcomeUnknown)
    assert isinstance(second, OutcomeUnknown)
    assert await outcomes(commit, insert("a")) == [True]


async def test_a_write_with_too_little_time_left_is_never_issued(commit: GroupCommit, mongo: Mongo) -> None:
    late, early = await outcomes(commit, insert("a", left=LIMIT / 4 - 0.1), insert("b"))
    assert isinstance(late, OutcomeUnknown)
    assert early is True
    assert [row["_id"] async for row in mongo.collection("rows").find()] == ["b"]


@pytest.mark.parametrize("issued_before", [False, True])
async def test_a_write_whose_caller_has_gone_is_not_issued_or_not_again(
    commit: GroupCommit, mongo: Mongo, monkeypatch: pytest.MonkeyPatch, issued_before: bool
) -> None:
    """Its caller has answered that the outcome is unknown: nothing may be written long after."""
    reached, goes_on = asyncio.Event(), asyncio.Event()

    async def cut_once(*arguments: Any, **named: Any) -> Any:
        if not goes_on.is_set():
            reached.set()
            await goes_on.wait()
            raise AutoReconnect("示例")
        return await mongo.collection("rows").bulk_write(*arguments, **named)

    monkeypatch.setattr(commit, "_collection", _With(mongo.collection("rows"), cut_once))
    gone = insert("gone")
    first = asyncio.create_task(commit.write(gone if issued_before else insert("first")))
    await reached.wait()
    second = asyncio.create_task(commit.write(insert("second") if issued_before else gone))
    await asyncio.sleep(0)
    caller, other = (first, second) if issued_before else (second, first)
    caller.cancel()
    goes_on.set()
    assert await other is True
    assert await outcomes(commit, insert("last")) == [True]
    assert await mongo.collection("rows").count_documents({"_id": "gone"}) == 0


async def test_the_server_has_no_more_time_than_one_issue(commit: GroupCommit, mongo: Mongo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes too long ends the write itself: it lands no later, when nobody waits any more."""
    seen: list[Any] = []

    async def note(*arguments: Any, **named: Any) -> Any:
        seen.append(pymongo_timeout())
        return await mongo.collection("rows").bulk_write(*arguments, **named)

    monkeypatch.setattr(commit, "_collection", _With(mongo.collection("rows"), note))
    with pymongo.timeout(0.001):  # the first caller's own time is not that of the writer
        assert await outcomes(commit, insert("a"), insert("b")) == [True, True]
    assert seen
    assert all(seconds == LIMIT / 4 for seconds in seen)


async def test_time_over_in_the_server_is_an_unknown_outcome(commit: GroupCommit, mongo: Mongo, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    async def over_at_first(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise BulkWriteError({"writeErrors": [{"index": 0, "code": 50, "errmsg": "示例"}], "writeConcernErrors": []})
        return await mongo.collection("rows").bulk_write(*arguments, **named)

    monkeypatch.setattr(commit, "_collection", _With(mongo.collection("rows"), over_at_first))
    assert await outcomes(commit, insert("a"), insert("b")) == [True, True]
    assert calls == 2


async def test_a_decision_that_changes_nothing_writes_nothing_and_answers(store: Store[c.Counter]) -> None:
    id = new_id("pst")
    await store.execute(id, c.command(), c.add_one(id), c.answer)
    assert await store.execute(id, c.command(), lambda state: Decision(state or c.Counter()), c.answer) == {"count": 1}
    assert (await store.load(id)).version == 1
