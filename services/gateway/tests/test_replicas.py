"""Replicas of a service: they take turns, some are dead or dying, others come and go."""

import json
import socket
from collections.abc import Awaitable
from pathlib import Path

from common.testing.eventually import eventually

from .conftest import Opener
from .replica import Replica, drop


async def test_with_one_replica_dead_every_call_succeeds(open_gateway: Opener, replica: Replica) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = "http://{}:{}".format(*taken.getsockname())
    async with open_gateway({"accounts": [dead, replica.address], "postings": [dead, replica.address]}) as door:
        reads = [await door.client.get("/api/v1/postings") for _ in range(10)]
        commands = [await door.client.post("/api/v1/tokens", json={"login": "示例"}) for _ in range(10)]
    assert {answer.status_code for answer in reads + commands} == {200}


async def test_with_all_replicas_dead_nothing_was_done_and_that_is_what_is_said(open_gateway: Opener) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = "http://{}:{}".format(*taken.getsockname())
    async with open_gateway({"accounts": [dead]}) as door:
        answers = [await door.client.post("/api/v1/tokens", json={}), await door.client.get("/api/v1/postings")]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "service_away")] * 2


async def test_replicas_take_turns(open_gateway: Opener, replica: Replica) -> None:
    async with Replica() as other, open_gateway({"postings": [replica.address, other.address]}) as door:
        for _ in range(10):
            await door.client.get("/api/v1/postings")
        assert (len(replica.asked), len(other.asked)) == (5, 5)


async def test_replicas_come_and_go_by_a_file(open_gateway: Opener, replica: Replica, tmp_path: Path) -> None:
    file = tmp_path / "upstreams.json"

    def tell(*addresses: str) -> None:
        draft = tmp_path / "draft"
        draft.write_text(json.dumps({"postings": addresses}))
        draft.replace(file)

    tell(replica.address)
    async with Replica() as other, open_gateway({}, upstreams_file=file) as door:

        async def asked(one: Replica) -> bool:
            before = len(one.asked)
            assert (await door.client.get("/api/v1/postings")).status_code == 200
            return len(one.asked) > before

        assert await asked(replica)
        tell(replica.address, other.address)
        await eventually(lambda: asked(other))
        tell(other.address + "/")
        await eventually(lambda: both(asked(other), asked(other)))
        file.write_text("{")
        assert await both(asked(other), asked(other))


async def both(first: Awaitable[bool], second: Awaitable[bool]) -> bool:
    """One after the other: replicas take turns."""
    return [await first, await second] == [True, True]


async def test_a_read_that_got_no_answer_is_asked_of_another_replica_and_a_command_is_not(open_gateway: Opener, replica: Replica) -> None:
    async with Replica(drop) as dying:
        both = [replica.address, dying.address]
        async with open_gateway({"accounts": both, "postings": both}) as door:
            commands = [await door.client.post("/api/v1/tokens", json={}) for _ in range(4)]
            reads = [await door.client.get("/api/v1/postings") for _ in range(4)]
    assert sorted(answer.status_code for answer in commands) == [200, 200, 503, 503]
    assert {answer.json()["code"] for answer in commands if answer.status_code == 503} == {"unavailable"}
    assert {answer.status_code for answer in reads} == {200}
