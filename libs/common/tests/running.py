"""A small service at work in the test's own process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from common.clock import Clock
from common.contracts.envelope import Event
from common.messaging.consumer import Subscription
from common.service import Service
from common.settings import Settings
from common.store.mongo import Mongo
from fastapi import FastAPI

from . import counters as c


def counting(settings: Settings, **parts: Any) -> Service:
    """A small service with a store; its database goes with it."""
    mongo = Mongo(settings.mongo, settings.database("test"))
    return Service("applications", settings, mongo, Clock(), None, stores=[c.counters(mongo)], **parts)


class Running:
    def __init__(self, service: Service, app: FastAPI, client: httpx2.AsyncClient) -> None:
        self.service, self.app, self._client = service, app, client

    async def get(self, path: str) -> tuple[int, Any]:
        answer = await self._client.get(path)
        return answer.status_code, answer.json()

    async def ready(self) -> bool:
        return await self.get("/readyz") == (200, {"ready": True, "failed": {}})

    async def metrics(self) -> str:
        return (await self._client.get("/metrics")).text

    def task(self, name: str) -> "asyncio.Task[None]":
        return next(task for task in self.service.tasks if task.get_name() == name)

    async def stopped(self) -> list[str]:
        status, body = await self.get("/livez")
        assert (status, body["alive"]) == ((503, False) if body["stopped"] else (200, True))
        assert body["stuck"] == []
        return list(body["stopped"])


@asynccontextmanager
async def running(service: Service, role: str) -> AsyncIterator[Running]:
    app = service.app(role)
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client:
        yield Running(service, app, client)


def heard(into: list[int]) -> Subscription:
    async def handle(events: list[Event]) -> None:
        into.extend(event.seq for event in events)

    return Subscription(("seats",), "test.seats", handle)


async def value(of: Any) -> Any:
    return of
