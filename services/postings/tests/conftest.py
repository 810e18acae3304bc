"""The postings service in-process on a real database: HTTP by ASGI, events handed to its subscriptions."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from common.contracts.base import MESSAGES, Message
from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event
from common.contracts.topics import topic_of
from common.contracts.words import Permission, Role, UnitStatus, Verdict
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.service import Service
from common.settings import Settings
from common.testing.in_process import in_process, reference_events
from common.testing.tokens import sign
from postings.app import build
from postings.repository import Postings

from .builders import NOON, content, decided, unit_changed

MANAGER = frozenset({Permission.MANAGE_POSTINGS})


class Zone:
    """The service under test."""

    def __init__(self, service: Service, keys: Keys, client: httpx2.AsyncClient) -> None:
        self.service, self._keys, self._client = service, keys, client
        self.parts: Postings = service.deps
        self._seq = itertools.count(1)

    async def call(
        self, method: str, path: str, who: Actor | None = None, body: Any = None, *, key: str | None = None, **query: Any
    ) -> httpx2.Response:
        headers = {"Idempotency-Key": key or new_id("key")} if method != "GET" else {}
        if who:
            headers["Authorization"] = f"Bearer {sign(self._keys.token_private, who)}"
        return await self._client.request(method, f"/api/v1{path}", json=body, headers=headers, params=query)

    async def hear(self, aggregate: str, message: Message, *, seq: int | None = None) -> Event:
        """Hand the message to whoever subscribes to its topic, as a batch of one."""
        event = Event(aggregate, seq or next(self._seq), "test", NOON, message)
        for subscription in self.service.subscriptions:
            if topic_of(type(message)).name in subscription.topics:
                await subscription.handle([event])
        return event

    async def said(self, id: str) -> list[dict[str, Any]]:
        """What a posting has said so far, oldest first (nothing relays in these tests)."""
        row = await self.parts.store.collection.find_one({"_id": id})
        classes = {kind.ce_type(): kind for kind in MESSAGES.values()}
        return [classes[e["type"]].model_validate_json(e["data"]).model_dump(mode="json") for e in row["pending"]] if row else []

    async def set_policy(self, **changes: Any) -> None:
        """What the province allows from now on."""
        value = {"region": "520000", "effective": "2026-01-01", "changes": changes}
        await self.hear("policy", ReferenceItemSet(kind="policy", key="520000:2026-01-01", item_version=1, value=value))
        await self.parts.reference.newest()

    async def recognised_unit(self, staff: int | None = None) -> Actor:
        """A user of a new recognised unit that insures so many people."""
        unit_id = new_id("unt")
        await self.hear(unit_id, unit_changed(unit_id, UnitStatus.RECOGNISED, staff=staff))
        return Actor(id=new_id("usr"), role=Role.UNIT, unit_id=unit_id, permissions=MANAGER)

    def body(self, **changes: Any) -> dict[str, Any]:
        """The body of a new posting, open for a hundred days from today."""
        deadline = self.parts.clock.today() + timedelta(days=100)
        return content(**{"deadline": deadline, **changes}).model_dump(mode="json")

    async def drafted(self, user: Actor, **changes: Any) -> str:
        answer = await self.call("POST", "/units/me/postings", user, self.body(**changes))
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    async def submitted(self, user: Actor, **changes: Any) -> str:
        id = await self.drafted(user, **changes)
        answer = await self.call("POST", f"/units/me/postings/{id}/submit", user)
        assert answer.status_code == 200, answer.text
        return id

    async def published(self, user: Actor | None = None, **changes: Any) -> str:
        id = await self.submitted(user or await self.recognised_unit(), **changes)
        await self.hear(f"cas_{id}", decided(id, Verdict.APPROVE))
        return id

    async def status(self, id: str) -> str:
        posting = await self.parts.store.get(id)
        assert posting is not None
        return posting.status


@pytest.fixture
async def zone(settings: Settings, keys: Keys) -> AsyncIterator[Zone]:
    """The service with the package's reference data heard."""
    service = build(settings)
    async with in_process(service, reference_events(NOON)) as client:
        yield Zone(service, keys, client)
