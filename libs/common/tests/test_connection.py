"""What the Kafka client makes of a connection that uvloop has closed under it."""

import asyncio
import importlib

import pytest
import uvloop
from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.admin import ApiVersionRequest
from common.messaging import connection
from common.settings import Settings


@pytest.fixture
def unmended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AIOKafkaConnection, "send", connection._send)


async def write_to_the_closed(kafka: str) -> None:
    host, _, port = kafka.partition(",")[0].rpartition(":")
    opened = await create_conn(host, int(port))
    opened._writer.transport.abort()
    await asyncio.sleep(0)
    try:
        opened.send(ApiVersionRequest())
    finally:
        opened.close()
        await asyncio.sleep(0.1)


def on_uvloop(kafka: str) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(write_to_the_closed(kafka))


async def test_a_write_to_a_closed_connection_is_a_broken_connection(settings: Settings) -> None:
    importlib.import_module("common.messaging.broker")
    with pytest.raises(KafkaConnectionError):
        await asyncio.to_thread(on_uvloop, settings.kafka)


@pytest.mark.usefixtures("unmended")
async def test_the_client_by_itself_does_not_know_it(settings: Settings) -> None:
    """Once this fails, the mend may go."""
    with pytest.raises(RuntimeError, match="closed"):
        await asyncio.to_thread(on_uvloop, settings.kafka)
