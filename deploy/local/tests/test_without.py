"""What the benchmark does without: the same outcomes, by one command a write, two collections, a verification a request."""

import asyncio
import subprocess
import sys
import time
from typing import Any
from unittest.mock import Mock

import jwt
import pytest
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.store.group_commit import GroupCommit, UniqueViolation, Write
from common.store.mongo import Mongo
from common.testing.tokens import sign
from common.tokens import TokenVerifier
from jianxi_local import without
from pymongo import InsertOne, UpdateOne

WRITERS = {(): [3], ("group-commit",): [1, 1, 1], ("one-document",): [1, 1, 1]}
"""How many writes travel together when three wait."""


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all that travelled."""
    sizes: list[int] = []
    commit = GroupCommit._commit

    async def counted(self: GroupCommit, batch: list[Write]) -> None:
        sizes.append(len(batch))
        await commit(self, batch)

    monkeypatch.setattr(GroupCommit, "_commit", counted)
    return sizes


def do_without(monkeypatch: pytest.MonkeyPatch, *choices: str) -> None:
    for choice in choices:
        for replaced in without.CHOICES[choice]:
            monkeypatch.setattr(*replaced)


def insert(id: str, **fields: Any) -> Write:
    attempt = new_id("att")
    document = {"_id": id, "version": 1, "history": [{"attempt": attempt}], "pending": [{"seq": 1}], **fields}
    return Write(id, attempt, InsertOne(document), time.monotonic() + 4)


def update(id: str, version: int) -> Write:
    attempt = new_id("att")
    push = {"history": {"$each": [{"attempt": attempt}]}, "pending": {"$each": [{"seq": version + 1}]}}
    change = {"$set": {"version": version + 1}, "$push": push}
    return Write(id, attempt, UpdateOne({"_id": id, "version": version}, change), time.monotonic() + 4)


async def outcomes(commit: GroupCommit, *writes: Write) -> list[Any]:
    return await asyncio.gather(*(commit.write(write) for write in writes), return_exceptions=True)


@pytest.mark.parametrize("choices", WRITERS)
async def test_each_write_has_the_same_outcome_and_travels_alone_where_there_is_no_group(
    mongo: Mongo, batches: list[int], monkeypatch: pytest.MonkeyPatch, choices: tuple[str, ...]
) -> None:
    do_without(monkeypatch, *choices)
    await mongo.collection("rows").create_index("name", name="name", unique=True, sparse=True)
    commit = GroupCommit(mongo, "rows", 4.0)
    assert await outcomes(commit, insert("a", name="示例")) == [True]
    batches.clear()
    won, lost, taken = await outcomes(commit, update("a", 1), update("b", 7), insert("c", name="示例"))
    assert (won, lost, batches) == (True, False, WRITERS[choices])
    assert isinstance(taken, UniqueViolation)
    assert (await mongo.collection("rows").find_one({}, {"history": 0, "pending": 0})) == {"_id": "a", "version": 2, "name": "示例"}


async def test_the_second_collection_has_the_events_of_what_was_written_and_of_nothing_else(
    mongo: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    do_without(monkeypatch, "one-document")
    commit = GroupCommit(mongo, "rows", 4.0)
    written = [insert("a"), insert("b")]
    await outcomes(commit, *written)
    later = [update("a", 1), update("b", 7), insert("a")]
    assert await outcomes(commit, *later) == [True, False, False]
    rows = await mongo.collection("rows_outbox").find().to_list()
    told = {row["_id"]: (row["aggregate"], row["events"]) for row in rows}
    assert told == {
        **{write.attempt: (write.id, [{"seq": 1}]) for write in written},
        later[0].attempt: ("a", [{"seq": 2}]),
    }


@pytest.mark.parametrize(("choices", "times"), [((), 1), (("token-cache",), 2)])
def test_a_token_is_verified_once_or_for_every_request(
    keys: Keys, monkeypatch: pytest.MonkeyPatch, choices: tuple[str, ...], times: int
) -> None:
    do_without(monkeypatch, *choices)
    decode = Mock(wraps=jwt.decode)
    monkeypatch.setattr(jwt, "decode", decode)
    actor, verifier = Actor(id="per_1", role=Role.INTERN), TokenVerifier(keys.token_public)
    token = sign(keys.token_private, actor)
    assert [verifier.actor(token), verifier.actor(token)] == [actor, actor]
    assert decode.call_count == times


def test_a_service_is_started_without_it_as_with_it() -> None:
    command = [sys.executable, *without.launcher(["group-commit", "token-cache"]), "applications", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--role {api,worker,all}" in done.stdout
    assert without.launcher([]) == ("-m",)
