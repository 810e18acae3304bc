"""The audit service in-process on a real database: HTTP by ASGI, events handed to its subscriptions."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from audit.app import Deps, build
from audit.reference.handlers import seed
from common.contracts.base import MESSAGES, Message
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.topics import CASES
from common.contracts.words import CaseKind, CaseStatus, Role, Verdict
from common.decision import Actor
from common.ids import derived_id, new_id
from common.keys import Keys
from common.service import Service
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import Document
from common.testing.tokens import sign
from common.tokens import TokenVerifier
from jianxi_local.servers import Servers

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def officer(region: str = "520102", id: str = "stf_a") -> Actor:
    return Actor(id=id, role=Role.OFFICER, region=region)


def case_id(kind: str, subject: str, version: int = 1, application: str = "") -> str:
    """The id that the case of this question has."""
    return derived_id("cas", kind, subject, application, str(version))


class Audit:
    """The service under test."""

    def __init__(self, service: Service, keys: Keys, client: httpx2.AsyncClient) -> None:
        self.service, self._keys, self._client = service, keys, client
        self.deps: Deps = service.deps

    async def call(
        self, method: str, path: str, who: Actor | None = None, body: Any = None, *, key: str | None = None, **query: Any
    ) -> httpx2.Response:
        headers = {"Idempotency-Key": key or new_id("key")} if method != "GET" else {}
        if who:
            headers["Authorization"] = f"Bearer {sign(self._keys.token_private, who)}"
        return await self._client.request(method, f"/api/v1{path}", json=body, headers=headers, params=query)

    async def hear(self, aggregate: str, seq: int, message: Message, *, source: str = "test", after: timedelta = timedelta()) -> Event:
        """Hand the message to whoever subscribes to cases' facts, as a batch of one."""
        event = Event(aggregate, seq, source, NOON + after, message)
        await self.service.subscriptions[0].handle([event])
        return event

    async def tell(self, store: Store[Any], id: str, seq: int) -> None:
        """Hand an event that an aggregate of this service has said to all who subscribe to its topic here, as the relay would."""
        row = await store.collection.find_one({"_id": id})
        assert row is not None
        (said,) = [event for event in row["pending"] if event["seq"] == seq]
        kind = next(kind for kind in MESSAGES.values() if kind.ce_type() == said["type"])
        event = Event(id, seq, "audit", said["time"], kind.model_validate_json(said["data"]))
        await self.service.subscriptions[0].handle([event])

    async def decide_proposal(
        self, id: str, verdict: Verdict = Verdict.APPROVE, *, seq: int = 3, reason_code: str | None = None
    ) -> CaseStatusChanged:
        """The province officer's decision about a proposal, as its case says it."""
        message = CaseStatusChanged(
            case_id=case_id("policy", id),
            kind=CaseKind.POLICY,
            from_=CaseStatus.CLAIMED,
            to=CaseStatus.DECIDING,
            region="520000",
            subject=id,
            subject_version=1,
            verdict=verdict,
            reason_code=reason_code,
            officer_region="520000",
        )
        await self.service.subscriptions[0].handle([Event(message.case_id, seq, "audit", NOON, message)])
        return message

    async def status(self, id: str) -> CaseStatus | None:
        case = await self.deps.cases.store.get(id)
        return case.status if case else None

    async def events(self, id: str) -> list[dict[str, Any]]:
        """What a case has said so far, oldest first (nothing relays in these tests)."""
        row = await self.deps.cases.store.collection.find_one({"_id": id})
        kind = next(iter(CASES.messages))
        return [kind.model_validate_json(event["data"]).model_dump(mode="json") for event in row["pending"]] if row else []


@pytest.fixture(scope="session")
async def seeded(servers: Servers, keys: Keys, clock_file: Path) -> list[Document]:
    """What seeding leaves behind, made once: half a second for every test otherwise."""
    settings = Settings(
        environment="local",
        mongo=servers.mongo_address,
        kafka=servers.kafka_address,
        namespace=f"{new_id('n')[-12:]}_",
        port=0,
        token_public_key_file=keys.token_public,
        clock_file=clock_file,
    )
    service = build(settings)
    await service.deps.reference.store.prepare()
    await seed(service.deps.reference)
    documents: list[Document] = await service.deps.reference.store.collection.find().to_list()
    await service.mongo.client.drop_database(service.mongo.database)
    await service.mongo.close()
    return documents


@pytest.fixture
async def audit(settings: Settings, keys: Keys, seeded: list[Document]) -> AsyncIterator[Audit]:
    """The service with its reference data seeded."""
    service = build(settings)
    app = service.app("api")
    app.state.verifier = TokenVerifier(settings.token_public_key_file)
    for part in (*service.stores, *service.collections):
        await part.prepare()
    await service.deps.reference.store.collection.insert_many(seeded)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://audit") as client:
        yield Audit(service, keys, client)
    await service.mongo.client.drop_database(service.mongo.database)
    await service.mongo.close()
