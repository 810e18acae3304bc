"""Requests and answers on their way through: streamed, in time, to a replica that lives."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import httpx2
import pytest
from aiohttp import web
from common.contracts.words import Role
from common.testing.eventually import eventually
from common.web.middleware import ANSWER_WITHIN
from gateway import upstreams

from .conftest import Door, Opener, actor
from .replica import Replica, drop, echo

MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
PART = bytes(range(256)) * 4096
"""One mebibyte."""


async def test_a_request_reaches_its_service_as_it_came_and_the_answer_comes_back(door: Door, replica: Replica) -> None:
    async def created(request: web.Request) -> web.StreamResponse:
        answer = await echo(request)
        answer.set_status(201)
        answer.headers["X-Answer"] = "示例".encode().decode("latin-1")
        return answer

    replica.handler = created
    body = '{"login": "示例"}'
    answer = await door.client.post("/api/v1/interns?a=1&a=%2F%E8%B4%B5&b", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201
    assert answer.json()["path"] == "/api/v1/interns?a=1&a=%2F%E8%B4%B5&b"
    assert answer.json()["body"].encode("latin-1").decode() == body


@pytest.mark.parametrize("size", [0, 65_536, 65_537, 300_000])
async def test_every_size_of_answer_arrives_whole(door: Door, replica: Replica, size: int) -> None:
    async def sized(request: web.Request) -> web.StreamResponse:
        return web.Response(body=PART[:size])

    replica.handler = sized
    assert (await door.client.get("/api/v1/postings")).content == PART[:size]


async def test_an_answer_without_content_has_none(door: Door, replica: Replica) -> None:
    async def nothing(request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    replica.handler = nothing
    answer = await door.client.post("/api/v1/tokens/revoke", json={})
    assert (answer.status_code, answer.content) == (204, b"")


async def test_a_large_upload_goes_on_while_it_still_comes(door: Door, replica: Replica) -> None:
    arrived, digest = asyncio.Event(), hashlib.sha256()

    async def receive(request: web.Request) -> web.StreamResponse:
        async for part in request.content.iter_any():
            digest.update(part)
            arrived.set()
        return web.json_response({})

    async def parts() -> AsyncIterator[bytes]:
        yield PART
        await asyncio.wait_for(arrived.wait(), 5)
        for _ in range(8):
            yield PART

    replica.handler = receive
    headers = MULTIPART | door.bearer(actor(Role.INTERN))
    assert (await door.client.post("/api/v1/me/intent/documents", content=parts(), headers=headers)).status_code == 200
    assert digest.digest() == hashlib.sha256(PART * 9).digest()


async def test_a_slow_caller_has_longer_than_a_slow_service(open_gateway: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstreams, "ANSWER_SECONDS", 0.2)

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield PART[:1000]
            await asyncio.sleep(0.3)  # longer than a service may take: this is what is tested

    async with Replica() as replica, open_gateway({"applications": [replica.address]}) as door:
        headers = MULTIPART | door.bearer(actor(Role.INTERN))
        answer = await door.client.post("/api/v1/me/intent/documents", content=parts(), headers=headers)
    assert len(answer.json()["body"]) == 3000


async def test_a_big_download_comes_out_while_it_still_comes_in(door: Door, replica: Replica) -> None:
    seen = asyncio.Event()

    async def give(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(PART)
        await asyncio.wait_for(seen.wait(), 5)
        for _ in range(19):
            await answer.write(PART)
        await answer.write_eof()
        return answer

    replica.handler = give
    digest = hashlib.sha256()
    async with door.client.stream("GET", "/api/v1/postings") as answer:
        async for part in answer.aiter_bytes():
            digest.update(part)
            seen.set()
    assert digest.digest() == hashlib.sha256(PART * 20).digest()


@pytest.mark.parametrize("length", [len(PART), None], ids=["sized", "chunked"])
async def test_an_answer_that_breaks_off_is_never_ended_as_if_it_were_whole(door: Door, replica: Replica, length: int | None) -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.content_length = length
        await answer.prepare(request)
        await answer.write(PART[:100_000])
        return await drop(request)

    replica.handler = break_off
    with pytest.raises(httpx2.RemoteProtocolError):
        await door.client.get("/api/v1/postings")
    replica.handler = echo
    assert (await door.client.get("/api/v1/postings")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "code"), [("GET", "/api/v1/postings", "service_away"), ("POST", "/api/v1/tokens", "unavailable")]
)
async def test_a_service_that_does_not_answer_in_time_is_503_with_a_time_to_retry(
    open_gateway: Opener, replica: Replica, monkeypatch: pytest.MonkeyPatch, method: str, path: str, code: str
) -> None:
    monkeypatch.setattr(upstreams, "ANSWER_SECONDS", 0.1)

    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    replica.handler = hang
    async with open_gateway({"accounts": [replica.address] * 2, "postings": [replica.address] * 2}) as door:
        answer = await door.client.request(method, path)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, code, "1")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(replica.asked) == 1


async def test_a_route_may_give_its_service_longer(open_gateway: Opener, replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstreams, "ANSWER_SECONDS", 0.1)

    async def take_long(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)  # longer than a service may take: this is what is tested
        return web.Response()

    replica.handler = take_long
    async with open_gateway({"audit": [replica.address]}) as door:
        headers = door.bearer(actor(Role.AUDIT_ADMIN)) | {ANSWER_WITHIN: "9999"}  # what a caller says of it does not count
        answers = [
            await door.client.request(method, path, headers=headers)
            for method, path in (("GET", "/api/v1/ledger"), ("POST", "/api/v1/ledger/verify"))
        ]
    assert [answer.status_code for answer in answers] == [503, 200]
    assert [request.headers.get(ANSWER_WITHIN) for request in replica.asked] == [None, "300"]


async def test_replicas_that_break_off_one_after_the_other_have_no_longer_together(
    open_gateway: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstreams, "ANSWER_SECONDS", 0.2)

    async def drop_late(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.15)  # less than a service may take, twice is more: this is what is tested
        return await drop(request)

    async with Replica(drop_late) as dying, open_gateway({"postings": [dying.address] * 8}) as door:
        answer = await door.client.get("/api/v1/postings")
    assert (answer.status_code, answer.json()["code"], len(dying.asked)) == (503, "service_away", 2)


async def test_a_caller_who_leaves_in_the_middle_harms_nobody(door: Door, replica: Replica) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield PART[:1000]
        raise ConnectionAbortedError

    headers = MULTIPART | door.bearer(actor(Role.INTERN))
    with pytest.raises(ConnectionAbortedError):
        await door.client.post("/api/v1/me/intent/documents", content=parts(), headers=headers)

    async def broken_off() -> bool:
        return bool(replica.asked) and replica.asked[0].transport is None

    await eventually(broken_off, what="the service sees that the request broke off")
    assert (await door.client.get("/api/v1/postings")).status_code == 200
