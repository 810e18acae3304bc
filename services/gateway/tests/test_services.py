"""The table and the services agree in both directions. Only here does a test of this service look into the others."""

import importlib
import inspect
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from common.contracts.words import Role
from common.service import Service
from common.settings import Settings
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import OpenAPI
from fastapi.routing import APIRoute
from gateway.openapi import Document, merge
from gateway.routes import GATEWAY, TABLE

from .conftest import SERVICES


@pytest.fixture
async def build(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[str], Service]]:
    built: list[Service] = []
    for name, value in {**settings.model_dump(exclude_none=True), **keys_of(settings)}.items():
        monkeypatch.setenv(f"JIANXI_{name.upper()}", str(value))

    def of(name: str) -> Service:
        built.append(importlib.import_module(f"{name}.app").build())
        return built[-1]

    yield of
    for service in built:
        await service.mongo.close()


def keys_of(settings: Settings) -> dict[str, Any]:
    """What accounts needs beside the common settings."""
    directory = settings.token_public_key_file.parent
    return {
        "token_private_key_file": directory / "token_private.pem",
        "data_key_file": directory / "data.key",
        "sms_file": directory / "sms.jsonl",
    }


def served(document: Document) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}


@pytest.mark.parametrize("name", SERVICES)
async def test_the_table_has_exactly_the_routes_that_the_service_serves(build: Callable[[str], Service], name: str) -> None:
    table = {(route.method, route.path) for route in TABLE if route.service == name}
    assert served(build(name).app("api").openapi()) == table


def test_every_route_of_the_table_belongs_to_a_service_that_is_known() -> None:
    assert {route.service for route in TABLE} == {*SERVICES, GATEWAY}


@pytest.mark.parametrize("name", SERVICES)
async def test_the_roles_of_the_table_are_those_that_the_service_lets_in(build: Callable[[str], Service], name: str) -> None:
    routes = [route for router in build(name).routers for route in router.routes if isinstance(route, APIRoute)]
    asked = {(method, route.path): roles_of(route.dependant) for route in routes for method in route.methods or ()}
    table = {(route.method, route.path): route.roles for route in TABLE if route.service == name}
    assert {key: asked.get(key) for key in table} == table


async def test_schemas_of_one_name_are_one_schema_and_the_merged_document_is_whole(build: Callable[[str], Service]) -> None:
    documents = {name: build(name).app("api").openapi() for name in SERVICES}
    merged = merge(documents)
    named = [(name, schema) for document in documents.values() for name, schema in document["components"]["schemas"].items()]
    public = merged["components"]["schemas"]
    assert [name for name, schema in named if name in public and schema != public[name]] == []
    OpenAPI.model_validate(merged)
    for kind, name in re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(merged)):
        assert name in merged["components"][kind]
    assert served(merged) == {(route.method, route.path) for route in TABLE if route.service != GATEWAY}


def roles_of(dependant: Dependant) -> frozenset[Role]:
    """The roles that the dependency `common.web.command.actor` of a route asks for; none where anybody may call."""
    if dependant.call is not None and getattr(dependant.call, "__name__", "") == "authenticate":
        return frozenset(inspect.getclosurevars(dependant.call).nonlocals["roles"])
    return frozenset().union(*(roles_of(part) for part in dependant.dependencies))
