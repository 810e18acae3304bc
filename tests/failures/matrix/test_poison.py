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
from jianxi_local.stack import SERVICES, Stack
from pymongo import MongoClient

from .conftest import Try_

LARGE = 2 * 1024 * 1024
ROUNDS = 5
GROUPS = {"accounts": ("facts", "notices"), "audit": ("facts",), "analytics": ("history",)}
"""Groups that read the topic, and whose dead letters are looked at."""
KNOWN, AT = "application.status_changed.v1", "2026-03-02T04:00:00+00:00"
Poison = tuple[bytes | None, bytes, list[tuple[str, bytes]]]


def poison(number: int) -> dict[str, Poison]:
    """Key, value and headers by what is wrong with them."""

    def well(id: str, name: str = KNOWN) -> list[tuple[str, bytes]]:
        return headers(id, 1, name, "test", AT, "")

    who = [f"per_poison{number}{letter}" for letter in "abcdef"]  # one each: two contents under one id would be another alarm
    return {
        "bad json": (who[0].encode(), b"{not json", well(who[0])),
        "unknown version": (who[1].encode(), b"{}", well(who[1], "application.status_changed.v99")),
        "unknown type": (who[2].encode(), b"{}", well(who[2], "nobody.knows_this.v1")),
        "too large": (who[3].encode(), json.dumps({"text": "x" * LARGE}).encode(), well(who[3])),
        "no key": (None, b"{}", well(who[4])),
        "wrong key": (b"per_other", b"{}", well(who[5])),
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
    """What is sent again comes back as a dead letter of its new place: it is as bad as before. Then all are discarded."""
    group = f"{stack.namespace}accounts.facts"
    kept = letters(stack, "accounts", group=group, resolved=None)
    resolve(stack, "reinject", [kept[0]["_id"]], "mended")
    until(lambda: len(letters(stack, "accounts", group=group)) > len(kept) or None, "it has been sent again")
    assert [letter["resolved"]["how"] for letter in letters(stack, "accounts", _id=kept[0]["_id"])] == ["reinject"]
    until(lambda: discard_all(stack) or None, "none is left")


def discard_all(stack: Stack) -> bool:
    """True when there is none."""
    left = [letter["_id"] for service in SERVICES for letter in letters(stack, service, resolved=None)]
    if left:
        resolve(stack, "discard", left, "not_ours")
    return not left


def resolve(stack: Stack, deed: str, ids: list[str], reason: str) -> None:
    command = [sys.executable, "-m", "common.ops", "dead", deed, *ids, "--reason", reason]
    environment = stack.environment("accounts", stack.port)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
