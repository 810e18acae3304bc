"""Records that nobody can handle come among the others: none holds up anybody, each that is no event is kept for an operator."""

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from common.contracts.envelope import headers
from common.contracts.topics import APPLICATIONS
from confluent_kafka import Producer
from jianxi_local.caller import Json
from jianxi_local.people import until
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack
from pymongo import MongoClient

from .conftest import Try_

LARGE = 2 * 1024 * 1024
ROUNDS = 5
GROUPS = {"accounts": ("applications", "notices"), "audit": ("cases",)}
"""Groups that read the topic, and whose dead letters are looked at."""
KNOWN, AT = "application.status_changed.v1", "2026-03-02T04:00:00+00:00"
Poison = tuple[bytes | None, bytes, list[tuple[str, bytes]]]


def poison(number: int) -> dict[str, Poison]:
    """Key, value and headers by what is wrong with them."""
    id = f"per_poison{number}"
    key, well = id.encode(), headers(id, 1, KNOWN, "test", AT, "")
    return {
        "bad json": (key, b"{not json", well),
        "unknown version": (key, b"{}", headers(id, 1, "application.status_changed.v99", "test", AT, "")),
        "unknown type": (key, b"{}", headers(id, 1, "nobody.knows_this.v1", "test", AT, "")),
        "too large": (key, json.dumps({"text": "x" * LARGE}).encode(), well),
        "no key": (None, b"{}", well),
        "wrong key": (b"per_other", b"{}", well),
    }


@pytest.fixture
async def producer(stack: Stack, own_servers: Servers) -> AsyncIterator[Producer]:
    """An independent client; the topic's limit of size is raised for it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=own_servers.kafka_address)
    await admin.start()
    resource = ConfigResource(ConfigResourceType.TOPIC, f"{stack.namespace}{APPLICATIONS.name}", {"max.message.bytes": str(2 * LARGE)})
    await admin.alter_configs([resource])
    await admin.close()
    settings = {"bootstrap.servers": own_servers.kafka_address, "message.max.bytes": 2 * LARGE, "partitioner": "murmur2_random"}
    producer = Producer(settings)
    yield producer
    producer.flush()


def letters(stack: Stack, service: str, **wanted: object) -> list[Json]:
    with MongoClient[Json](stack.servers.mongo_address) as client:
        return list(client[f"{stack.namespace}{service}"]["dead_letters"].find(wanted, {"value": 0}))


def test_f12_poison_is_kept_and_holds_up_nobody(trial: Try_, producer: Producer) -> None:
    with trial("F12") as under:
        sent = 0
        for number in range(ROUNDS):
            for key, value, record_headers in poison(number).values():
                producer.produce(f"{under.stack.namespace}{APPLICATIONS.name}", key=key, value=value, headers=list(record_headers))
                sent += 1
            producer.flush()
            under.did()
            under.pause(1, 2)
        under.faults = sent
        expected = sent * 5 // 6
        groups = {f"{under.stack.namespace}{service}.{name}": service for service, names in GROUPS.items() for name in names}
        began = time.monotonic()
        for group, service in groups.items():
            until(
                lambda group=group, service=service: len(letters(under.stack, service, group=group)) == expected or None,  # type: ignore[misc]
                f"{expected} dead letters of {group}",
            )
        under.other = f"kept by every group within {time.monotonic() - began:.1f} s of the last"
        reinject(under.stack)


def reinject(stack: Stack) -> None:
    """What is sent again comes back as a dead letter of its new place: it is as bad as before."""
    group = f"{stack.namespace}accounts.applications"
    first = letters(stack, "accounts", group=group, resolved=None)[0]
    count = len(letters(stack, "accounts", group=group))
    command = [sys.executable, "-m", "common.ops", "dead", "reinject", first["_id"], "--reason", "mended"]
    environment = stack.environment("accounts", stack.port, {})
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    until(lambda: len(letters(stack, "accounts", group=group)) > count or None, "it has been sent again")
    assert [letter["resolved"]["how"] for letter in letters(stack, "accounts", _id=first["_id"])] == ["reinject"]
