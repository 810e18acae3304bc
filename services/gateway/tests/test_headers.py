"""What is told on and what is not: headers of one hop, addresses, ids of request and trace."""

import json

import pytest
from aiohttp import web
from gateway.door import is_inside

from .conftest import NOWHERE, Door, Opener
from .replica import Replica

SPOOFED = b"""\
X-Forwarded-For: 203.0.113.7\r
X-Forwarded-Proto: https\r
X-Forwarded-Host: evil.example\r
Forwarded: for=203.0.113.7\r
X-Real-IP: 203.0.113.7\r
"""
OF_ONE_HOP = b"""\
Keep-Alive: timeout=5\r
TE: trailers\r
Proxy-Authorization: Basic eA==\r
Upgrade: h2c\r
Cookie: session=x\r
X-Mine: y\r
"""


async def told(door: Door, headers: bytes) -> dict[str, list[str]]:
    """The headers that reach the service when a caller sends these."""
    answer = await door.raw(b"GET /api/v1/postings HTTP/1.1\r\nHost: door.example\r\n" + headers + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200"), answer
    found: dict[str, list[str]] = {}
    for name, value in json.loads(answer.partition(b"\r\n\r\n")[2])["headers"]:
        found.setdefault(name.lower(), []).append(value)
    return found


async def test_headers_of_one_hop_and_cookies_are_not_passed_on(door: Door, replica: Replica) -> None:
    found = await told(door, OF_ONE_HOP + b"Connection: close, X-Mine\r\nAccept: text/plain\r\n")
    assert found.keys() == {"host", "accept", "x-forwarded-for", "x-request-id", "traceparent"}
    assert found["host"] != ["door.example"]


async def test_an_address_that_the_caller_claims_is_not_believed(door: Door, replica: Replica) -> None:
    found = await told(door, SPOOFED + b"Connection: close\r\n")
    assert found["x-forwarded-for"] == ["127.0.0.1"]
    assert not found.keys() & {"x-forwarded-proto", "x-forwarded-host", "forwarded", "x-real-ip"}


async def test_an_address_that_a_trusted_proxy_names_is_believed(open_gateway: Opener, replica: Replica) -> None:
    async with open_gateway({"postings": [replica.address]}, trusted_proxies="127.0.0.1") as door:
        found = await told(door, SPOOFED + b"Connection: close\r\n")
    assert found["x-forwarded-for"] == ["203.0.113.7"]


async def test_the_service_hears_the_request_id_that_the_answer_carries(door: Door, replica: Replica) -> None:
    answers = [await door.client.get("/api/v1/postings") for _ in range(2)]
    ids = [answer.headers.get_list("X-Request-Id") for answer in answers]
    assert ids == [request.headers.getall("X-Request-Id") for request in replica.asked]
    assert ids[0] != ids[1]


async def test_a_trace_goes_on(door: Door, replica: Replica) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    await door.client.get("/api/v1/postings", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    [passed] = replica.asked[0].headers.getall("traceparent")
    assert passed.split("-")[1] == trace
    assert passed.split("-")[2] != "b7ad6b7169203331"


async def test_an_answer_loses_the_headers_of_one_hop_and_keeps_the_others(door: Door, replica: Replica) -> None:
    async def chatty(request: web.Request) -> web.StreamResponse:
        headers = {"Connection": "X-Inner", "X-Inner": "1", "Server": "inner/1", "X-Request-Id": "inner", "Content-Disposition": "inline"}
        return web.Response(text="好", headers=headers)

    replica.handler = chatty
    answer = await door.client.get("/api/v1/postings")
    assert answer.text == "好"
    expected = {"date", "content-length", "content-type", "content-disposition", "x-request-id"}
    assert {name.lower() for name in answer.headers} == expected
    assert len(answer.headers.get_list("Date")) == 1
    assert answer.headers["X-Request-Id"] != "inner"


@pytest.mark.parametrize("trusted", ["", "127.0.0.1"])
async def test_metrics_do_not_pass_a_proxy_and_health_does(open_gateway: Opener, trusted: str) -> None:
    async with open_gateway({"accounts": [f"http://{NOWHERE}"]}, trusted_proxies=trusted) as door:
        for caller in ("198.51.100.7", "10.0.0.7"):
            answer = await door.client.get("/metrics", headers={"X-Forwarded-For": caller})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            assert (await door.client.get("/livez", headers={"X-Forwarded-For": caller})).status_code == 200


@pytest.mark.parametrize(
    ("client", "inside"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("::1", True), ("fd00::1", True), ("8.8.8.8", False), ("2606:4700::1", False), (None, False)],
)
def test_who_asks_from_the_private_network_is_inside(client: str | None, inside: bool) -> None:
    assert is_inside({"client": client and (client, 1), "headers": []}) is inside


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_health_and_metrics_are_the_gateways_own(door: Door, replica: Replica, path: str) -> None:
    assert (await door.client.get(path)).status_code == 200
    assert not replica.asked
