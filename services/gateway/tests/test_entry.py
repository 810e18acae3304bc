"""Who gets in: paths and methods of the table, tokens, roles, rates, sizes. Every refusal has a code and a sentence."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import jwt
import pytest
from common.contracts.words import Role
from common.errors import REFUSALS, Refusal
from common.keys import Keys
from common.testing.tokens import sign
from gateway.rates import RATES, WINDOW_SECONDS, Rate, RateLimiter
from gateway.routes import GATEWAY, TABLE, Route

from .conftest import Door, Opener, actor
from .replica import Replica

MINE = "/api/v1/me"
PASSED_ON = [route for route in TABLE if route.service != GATEWAY]


def refused(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code, after a look at what every refusal has."""
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert body["status"] == answer.status_code == REFUSALS[body["code"]].status
    assert body["detail"]
    assert not body["detail"].isascii()
    assert body["ask"]
    return answer.status_code, body["code"]


@pytest.mark.parametrize("route", PASSED_ON, ids=lambda route: route.name)
async def test_exactly_the_roles_of_a_route_get_through(door: Door, replica: Replica, route: Route) -> None:
    path = route.path.replace("{", "").replace("}", "")
    for role in Role:
        answer = await door.client.request(route.method, path, headers=door.bearer(actor(role)))
        if not route.roles or role in route.roles:
            assert answer.status_code == 200, role
            assert answer.json()["path"] == path
        else:
            assert refused(answer) == (403, "forbidden"), role
    answer = await door.client.request(route.method, path)
    assert refused(answer) == (401, "unauthenticated") if route.roles else answer.status_code == 200


@pytest.mark.parametrize("path", [f"{MINE}/", f"{MINE}//", "/api/v1//me", "/api/v1/x", "/api/v1/", "/api/v1", "/", "/x", "/openapi.json",
                                  "/api/v1/postings/a/b", "/api/v2/me", "/API/V1/me"])  # fmt: skip
async def test_what_is_not_in_the_table_does_not_exist(door: Door, replica: Replica, path: str) -> None:
    assert refused(await door.client.get(path, headers=door.bearer(actor(Role.INTERN)))) == (404, "not_found")
    assert not replica.asked


@pytest.mark.parametrize(
    "target", ["/api/v1/postings/..", "/api/v1/postings/../me", "/api/v1/%6de", "/api/v1/postings/%2e%2e%2fme", "/api%2Fv1/regions",
               "/api/v1/postings/a%00", "/api/v1/postings/a%0d%0aX:1", "/api/v1/./regions", "/api/v1/postings/a;b", "/api/v1/" + "a" * 600]
)  # fmt: skip
async def test_no_trick_with_a_path_gets_through(door: Door, replica: Replica, target: str) -> None:
    answer = await door.raw(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404")
    assert not replica.asked


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", MINE, "GET, PATCH"), ("HEAD", "/api/v1/postings", "GET"), ("GET", "/api/v1/tokens", "POST"), ("POST", "/api/docs", "GET")],
)
async def test_another_method_is_405_and_says_which_are_allowed(door: Door, method: str, path: str, allowed: str) -> None:
    answer = await door.client.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    if method != "HEAD":
        assert refused(answer) == (405, "method_not_allowed")


async def test_tokens_that_are_over_forged_or_none_are_refused(door: Door, replica: Replica, tmp_path: Path) -> None:
    intern = actor(Role.INTERN)
    others = Keys(tmp_path)
    others.ensure()
    forged = sign(others.token_private, intern)
    unsigned = jwt.encode({"iss": "jianxi", "sub": intern.id, "exp": 9e9, "actor": intern.model_dump(mode="json")}, "", algorithm="none")
    good = door.token(intern)
    headers = [f"Bearer {token}" for token in (door.token(intern, seconds=-1), forged, unsigned, good[:-4] + "AAAA", "x")]
    for header in [*headers, good, f"Basic {good}", "Bearer"]:
        assert refused(await door.client.get(MINE, headers={"Authorization": header})) == (401, "unauthenticated"), header
    assert not replica.asked
    assert (await door.client.get(MINE, headers={"Authorization": f"Bearer {good}"})).status_code == 200


async def test_a_token_in_the_address_is_no_token(door: Door, replica: Replica) -> None:
    token = door.token(actor(Role.INTERN))
    assert refused(await door.client.get(MINE, params={"access_token": token, "token": token})) == (401, "unauthenticated")


async def test_who_calls_too_often_is_told_how_long_to_wait(open_gateway: Opener, replica: Replica) -> None:
    async with open_gateway({"accounts": [replica.address]}, rate_factor=1, trusted_proxies="127.0.0.1") as door:

        async def ask(address: str) -> httpx2.Response:
            return await door.client.post("/api/v1/phone-codes", json={}, headers={"X-Forwarded-For": address})

        answers = [await ask("203.0.113.7") for _ in range(RATES[Rate.CODE] + 1)]
        assert [answer.status_code for answer in answers] == [200] * RATES[Rate.CODE] + [429]
        assert refused(answers[-1]) == (429, "rate_limited")
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert (await ask("203.0.113.8")).status_code == 200
    assert len(replica.asked) == RATES[Rate.CODE] + 1


async def test_accounts_are_counted_each_on_its_own_whatever_their_address(open_gateway: Opener, replica: Replica) -> None:
    async with open_gateway({"accounts": [replica.address]}, rate_factor=1) as door:
        first, second = door.bearer(actor(Role.INTERN)), door.bearer(actor(Role.INTERN))
        for _ in range(RATES[Rate.COMMAND]):
            await door.client.patch(MINE, json={}, headers=first)
        assert refused(await door.client.patch(MINE, json={}, headers=first)) == (429, "rate_limited")
        assert (await door.client.patch(MINE, json={}, headers=second)).status_code == 200
        assert (await door.client.get(MINE, headers=first)).status_code == 200


def test_a_new_minute_counts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    limiter = RateLimiter(factor=2)
    for _ in range(2):
        for _ in range(RATES[Rate.CODE] * 2):
            limiter.hit(Rate.CODE, "203.0.113.7")
        now += WINDOW_SECONDS - 0.5
        with pytest.raises(Refusal) as refusal:
            limiter.hit(Rate.CODE, "203.0.113.7")
        assert refusal.value.facts == {"seconds": 1}
        limiter.hit(Rate.READ, "203.0.113.7")
        limiter.hit(Rate.CODE, "203.0.113.8")
        now += 0.5


async def in_parts(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 1024):
        yield b"x" * 1024


@pytest.mark.parametrize(
    ("path", "kind", "size"),
    [("/api/v1/interns", "application/json", 65 * 1024),
     ("/api/v1/interns", "multipart/form-data; boundary=x", 65 * 1024),
     ("/api/v1/me/intent/documents", "application/json", 65 * 1024),
     ("/api/v1/me/intent/documents", "multipart/form-data; boundary=x", 10_300 * 1024)],
)  # fmt: skip
async def test_a_body_beyond_its_limit_is_413_whether_announced_or_not(
    door: Door, replica: Replica, path: str, kind: str, size: int
) -> None:
    headers = {"Content-Type": kind} | door.bearer(actor(Role.INTERN))
    for content in (b"x" * size, in_parts(size)):
        answer = await door.client.post(path, content=content, headers=headers)
        assert refused(answer) == (413, "body_too_large")
    assert (await door.client.post(path, content=b"x" * (size // 2), headers=headers)).status_code == 200


async def test_a_read_has_no_body(door: Door, replica: Replica) -> None:
    answer = await door.client.request("GET", "/api/v1/postings", content=b"x" * 1000)
    assert (answer.json()["body"], answer.status_code) == ("", 200)
