"""The whole worker on real Kafka: facts in, cases open, decisions said, everything in the ledger."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from audit.app import build
from common.contracts.envelope import headers
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.messaging.broker import start_producer
from common.messaging.topics import create_topics
from common.settings import Settings
from common.testing.eventually import eventually

from .conftest import Audit, case_id, officer
from .messages import requested

AUDITOR = Actor(id="stf_audit", role=Role.AUDIT_ADMIN)


@pytest.fixture
async def running(settings: Settings, keys: Keys) -> AsyncIterator[Audit]:
    """The service in role all, its topics created."""
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    service = build(settings)
    app = service.app("all")
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://audit") as client:
        yield Audit(service, keys, client)
        await service.mongo.client.drop_database(service.mongo.database)


async def test_a_request_on_kafka_becomes_a_decision_on_kafka_and_both_are_in_the_ledger(running: Audit, settings: Settings) -> None:
    id = case_id("recognition", unit := new_id("unt"))
    producer = await start_producer(settings.kafka, "test")
    said = requested(unit)
    await producer.send_and_wait(
        settings.topic("units"),
        key=unit.encode(),
        value=said.model_dump_json().encode(),
        headers=headers(unit, 1, said.ce_type(), "accounts", "2026-11-24T04:00:00+00:00", ""),
    )
    unknown = headers("x_1", 1, "unit.painted.v1", "accounts", "2026-11-24T04:00:00+00:00", "")
    await producer.send_and_wait(settings.topic("units"), key=b"x_1", value=b"{}", headers=unknown)
    await producer.stop()
    await eventually(lambda: running.status(id), within=20, what="the case opens")
    assert (await running.call("POST", f"/cases/{id}/approve", officer())).json()["status"] == "DECIDING"

    async def ledgered() -> bool:
        rows = (await running.call("GET", "/ledger", AUDITOR, subject=id)).json()["items"]
        return [row["event"] for row in rows] == [f"{id}:1", f"{id}:2"]

    await eventually(ledgered, within=20, what="both events of the case are in the ledger")
    assert [row["type"] for row in (await running.call("GET", "/ledger", AUDITOR, subject="x_1")).json()["items"]] == ["unit.painted.v1"]
    result = (await running.call("POST", "/ledger/verify", AUDITOR)).json()
    assert (result["whole"], result["missing"]) == (True, [])
