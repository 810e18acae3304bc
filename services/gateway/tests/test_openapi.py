"""The merged description of the API and the page that shows it."""

import re
from typing import Any

import pytest
from aiohttp import web
from common.contracts.base import MESSAGES
from common.contracts.topics import TOPICS
from common.contracts.words import Role
from gateway import documents
from gateway.openapi import merge
from gateway.routes import TABLE

from .conftest import Door, Opener
from .replica import Replica

ROW = {"type": "object", "properties": {"place": {"$ref": "#/components/schemas/Place"}}}
PAGE = {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}}}
KEY = {"name": "Idempotency-Key", "in": "header", "required": False}
POSTINGS: dict[str, Any] = {
    "paths": {
        "/api/v1/postings": {"get": {"tags": ["x"], "responses": {"200": {"schema": {"$ref": "#/components/schemas/Page"}}, "422": {}}}},
        "/api/v1/units/me/postings": {
            "post": {"parameters": [KEY], "responses": {"201": {}, "422": {"$ref": "#/components/schemas/HTTPValidationError"}}}
        },
        "/api/v1/internal": {"get": {"responses": {"200": {"$ref": "#/components/schemas/Secret"}}}},
    },
    "components": {"schemas": {"Page": PAGE, "Row": ROW, "Place": {"type": "string"}, "Secret": {}, "HTTPValidationError": {}}},
}


def test_only_what_the_table_makes_public_is_described() -> None:
    merged = merge({"postings": POSTINGS})
    assert {path: list(operations) for path, operations in merged["paths"].items()} == {
        "/api/v1/postings": ["get"],
        "/api/v1/units/me/postings": ["post"],
    }
    assert set(merged["components"]["schemas"]) == {"Page", "Row", "Place", "Problem"}


def test_each_operation_has_its_audience_its_security_and_problems_for_errors() -> None:
    merged = merge({"postings": POSTINGS})
    search, create = merged["paths"]["/api/v1/postings"]["get"], merged["paths"]["/api/v1/units/me/postings"]["post"]
    assert (search["tags"], search["security"]) == (["任何人"], [{}, {"bearer": []}])
    assert (create["tags"], create["security"]) == (["见习单位"], [{"bearer": []}])
    assert create["parameters"] == [KEY | {"required": True}]
    assert set(search["responses"]) == {"200", "422", "429", "503", "default"}
    assert set(create["responses"]) == {"201", "429", "503", "default"}
    assert list(merged["components"]["responses"]["Problem"]["content"]) == ["application/problem+json"]


def test_every_role_of_the_table_is_an_audience_with_a_description() -> None:
    operation: dict[str, Any] = {"responses": {}}
    everything: dict[str, Any] = {}
    for route in TABLE:
        everything.setdefault(route.service, {"paths": {}})["paths"].setdefault(route.path, {})[route.method.lower()] = operation
    merged = merge(everything)
    used = {tag for path in merged["paths"].values() for operation in path.values() for tag in operation["tags"]}
    assert {tag["name"] for tag in merged["tags"] if tag["description"]} == used
    assert len(used) == 1 + len({role for route in TABLE for role in route.roles} & set(Role))


def test_an_audience_without_operations_is_left_out() -> None:
    assert [tag["name"] for tag in merge({"postings": POSTINGS})["tags"]] == ["任何人", "见习单位"]


async def describe(request: web.Request) -> web.StreamResponse:
    return web.json_response(POSTINGS if request.path == "/openapi.json" else {})


async def test_the_document_is_cached_and_says_which_service_is_away(
    open_gateway: Opener, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "RETRY_SECONDS", 0.0)
    replica.handler = describe
    away = "http://127.0.0.1:1"
    async with Replica() as late:
        late.handler = drop_all
        async with open_gateway({"postings": [away, replica.address], "audit": [late.address]}) as door:
            first = await door.client.get("/api/v1/openapi.json")
            late.handler = describe
            second, third = [await door.client.get("/api/v1/openapi.json") for _ in range(2)]
    assert first.json()["x-missing"] == ["audit"]
    assert "audit" in first.json()["info"]["description"]
    assert first.headers["Cache-Control"] == "no-store"
    assert {"/api/v1/postings", "/api/v1/me/events", "/api/v1/openapi.json"} <= first.json()["paths"].keys()
    assert "x-missing" not in second.json()
    assert second.headers["Cache-Control"] == "public, max-age=60"
    assert second.content == third.content
    assert len(late.asked) == 2


async def drop_all(request: web.Request) -> web.StreamResponse:
    return web.Response(status=503)


async def test_a_service_that_went_away_stays_described(open_gateway: Opener, replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "FRESH_SECONDS", 0.0)
    replica.handler = describe
    async with open_gateway({"postings": [replica.address]}) as door:
        first = await door.client.get("/api/v1/openapi.json")
        replica.handler = drop_all
        assert (await door.client.get("/api/v1/openapi.json")).json() == first.json()
    assert len(replica.asked) == 2


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/events"])
async def test_the_pages_need_nothing_from_outside(door: Door, path: str) -> None:
    page = await door.client.get(path)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    named = re.findall(r'(?:src|href)="([^"#][^"]*)"', page.text)
    assert named
    for address in named:
        assert address.startswith("/api/"), address
        assert (await door.client.get(address)).status_code == 200, address
    assert "<script>" not in page.text
    script = (await door.client.get("/api/docs/start.js")).text
    assert not re.search(r"https?:", script + page.text)


async def test_the_catalogue_of_messages_is_served_to_machines_and_to_people(door: Door) -> None:
    document = (await door.client.get("/api/v1/asyncapi.json")).json()
    assert document["asyncapi"] == "3.0.0"
    assert set(document["components"]["messages"]) == {message.ce_type() for message in MESSAGES.values()}
    page = (await door.client.get("/api/docs/events")).text
    assert all(f"<code>{topic.name}</code>" in page and f'<h2 id="{topic.name}">' in page for topic in TOPICS.values())
    assert page.count("<pre>") == len(MESSAGES)
