"""The embedded servers are real, keep their data, and never outlive who started them."""

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from jianxi_local.errors import LocalError
from jianxi_local.servers import Kafka, Mongo, Servers
from pymongo import AsyncMongoClient

START_AND_WAIT = """
import pathlib, sys, threading
from jianxi_local.servers import Servers
Servers(pathlib.Path(sys.argv[1])).start()
print("ready", flush=True)
threading.Event().wait()
"""
NoneLeft = Callable[[], Awaitable[bool]]


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever servers the rest of the run uses, here they are our own."""
    monkeypatch.delenv("JIANXI_MONGO", raising=False)
    monkeypatch.delenv("JIANXI_KAFKA", raising=False)


def connect(mongo: Mongo) -> AsyncMongoClient[dict[str, Any]]:
    return AsyncMongoClient(mongo.address)


async def test_mongodb_keeps_its_data_over_kill_restart_and_change_of_port(tmp_path: Path) -> None:
    with Mongo(tmp_path) as mongo:
        async with connect(mongo) as client, client.start_session() as session, await session.start_transaction():
            await client.test.things.insert_one({"_id": "kept"}, session=session)
        mongo.kill()
        mongo.start()
        async with connect(mongo) as client:
            assert await client.test.things.count_documents({}) == 1
    with Mongo(tmp_path) as elsewhere:
        assert elsewhere.port != mongo.port
        async with connect(elsewhere) as client:
            assert await client.test.things.find_one() == {"_id": "kept"}


async def test_kafka_keeps_its_records_over_kill_and_change_of_port(tmp_path: Path) -> None:
    with Kafka(tmp_path) as kafka:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.address)
        await admin.start()
        await admin.create_topics([NewTopic("things", 1, 1)])
        await admin.close()
        async with AIOKafkaProducer(bootstrap_servers=kafka.address, acks="all", enable_idempotence=True) as producer:
            await producer.send_and_wait("things", b"kept")
        kafka.kill()
    with Kafka(tmp_path) as elsewhere:
        consumer = AIOKafkaConsumer(bootstrap_servers=elsewhere.address, enable_auto_commit=False)
        consumer.assign([TopicPartition("things", 0)])
        async with consumer:
            await consumer.seek_to_beginning(TopicPartition("things", 0))
            assert (await consumer.getone()).value == b"kept"


async def test_a_busy_port_fails_the_start_with_one_sentence_and_leaves_nothing(tmp_path: Path, none_left: NoneLeft) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"{port}.*Kafka"):
            Servers(tmp_path, kafka_port=port).start()
    await none_left()


async def test_a_server_that_fails_while_starting_says_why(tmp_path: Path, none_left: NoneLeft) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "storage.bson").write_text("not of MongoDB")
    with pytest.raises(LocalError, match=r"MongoDB 启动后退出：.*server\.log"):
        Mongo(tmp_path).start()
    await none_left()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
async def test_nothing_outlives_the_process_that_started_it(tmp_path: Path, none_left: NoneLeft, ending: signal.Signals) -> None:
    command = [sys.executable, "-c", START_AND_WAIT, str(tmp_path)]
    parent = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"ready\n"
    parent.send_signal(ending)
    await parent.wait()
    await none_left()


def test_existing_servers_are_used_by_their_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANXI_MONGO", "mongodb://mongo.example:27017/?replicaSet=rs0")
    monkeypatch.setenv("JIANXI_KAFKA", "kafka.example:9092")
    with Servers(tmp_path) as servers:
        assert servers.mongo_address == "mongodb://mongo.example:27017/?replicaSet=rs0"
        assert servers.kafka_address == "kafka.example:9092"
    assert list(tmp_path.iterdir()) == []
