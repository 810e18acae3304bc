"""The registry of topics, and what it creates in Kafka."""

import asyncio
from collections import Counter

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import InvalidReplicationFactorError
from common.contracts.base import MESSAGES, Message
from common.contracts.topics import TOPICS, topic_of
from common.messaging import topics
from common.messaging.topics import create_topics
from common.settings import Settings
from confluent_kafka import Producer


def test_each_message_travels_on_one_topic() -> None:
    said = Counter(message for topic in TOPICS.values() for message in topic.messages)
    assert set(said) == set(MESSAGES.values())
    assert set(said.values()) == {1}
    assert all(topic_of(message) in TOPICS.values() for message in said)


def test_a_message_cannot_be_declared_twice() -> None:
    with pytest.raises(ValueError, match="declared twice"):

        class Again(Message, type="seats.changed", version=1):
            posting_id: str


def test_a_message_of_no_topic_cannot_be_said() -> None:
    class Stray(Message, type="stray.said", version=1):
        id: str

    try:
        with pytest.raises(KeyError, match=r"stray\.said\.v1"):
            topic_of(Stray)
    finally:
        del MESSAGES["stray.said", 1]


async def test_topics_are_created_with_their_partitions_and_kept_for_ever_and_again_is_harmless(settings: Settings) -> None:
    await create_topics(settings.kafka, settings.namespace)
    await create_topics(settings.kafka, settings.namespace, partitions=1)
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        names = [settings.topic(name) for name in TOPICS]
        found = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics(names)}
        configs = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, names[0], {"retention.ms": ""})])
    finally:
        await admin.close()
    assert found == {settings.topic(topic.name): topic.partitions for topic in TOPICS.values()}
    assert [entry[1] for entry in configs[0].resources[0][4] if entry[0] == "retention.ms"] == ["-1"]


async def test_a_topic_that_cannot_be_created_is_an_error(settings: Settings) -> None:
    with pytest.raises(InvalidReplicationFactorError):
        await create_topics(settings.kafka, settings.namespace, replication=5)


def test_the_command_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"KAFKA": "k:1", "NAMESPACE": "n_", "TOPIC_PARTITIONS": "24", "TOPIC_REPLICATION": "3"}
    for name, value in given.items():
        monkeypatch.setenv(f"JIANXI_{name}", value)
    called: list[object] = []
    monkeypatch.setattr(topics, "create_topics", lambda *arguments, **named: called.append((arguments, named)))
    monkeypatch.setattr(asyncio, "run", lambda _: None)
    topics.main()
    assert called == [(("k:1", "n_"), {"partitions": 24, "replication": 3})]


@pytest.mark.parametrize("packed", ["lz4", "snappy", "zstd", "gzip"])
async def test_what_a_producer_packed_is_stored_so_that_every_client_reads_it(settings: Settings, packed: str) -> None:
    await create_topics(settings.kafka, settings.namespace, partitions=1)
    topic = settings.topic("seats")
    sent: list[bytes] = [b"x" * 1000] * 5
    await asyncio.to_thread(send_packed, settings.kafka, topic, packed, sent)
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(10):
            assert [(await anext(consumer)).value for _ in sent] == sent
    finally:
        await consumer.stop()


def send_packed(kafka: str, topic: str, packed: str, values: list[bytes]) -> None:
    producer = Producer({"bootstrap.servers": kafka, "compression.type": packed, "linger.ms": 50})
    for value in values:
        producer.produce(topic, value)
    assert producer.flush(10) == 0
