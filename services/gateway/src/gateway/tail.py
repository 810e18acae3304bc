"""From Kafka to the streams: every process hears everything, from now on, and remembers nothing."""

import asyncio

import structlog
from aiokafka import ConsumerRecord
from common.contracts.envelope import Undecodable, UnknownType, decode
from common.contracts.topics import APPLICATIONS, CASES
from common.messaging.broker import start_tail
from common.observe import CONSUMED_EVENTS

from gateway.frames import frame
from gateway.live import Live
from gateway.settings import GatewaySettings

_NAME = "gateway.live"
_RETRY_SECONDS = 1.0
_POLL_MS = 1_000
log = structlog.get_logger()


async def follow(settings: GatewaySettings, live: Live) -> None:
    """Until cancelled. While Kafka is away the streams stay open and silent; whenever it is back they are told to read again."""
    while True:
        try:
            await _listen(settings, live)
        except Exception as error:
            log.warning("waiting_for_kafka", error=type(error).__name__)
        await asyncio.sleep(_RETRY_SECONDS)


async def _listen(settings: GatewaySettings, live: Live) -> None:
    topics = [settings.topic(topic.name) for topic in (APPLICATIONS, CASES)]
    consumer = await start_tail(settings.kafka, _NAME, topics)
    try:
        live.resync()
        while True:
            for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
                for record in records if live else ():
                    CONSUMED_EVENTS.labels(_NAME, _tell(live, record)).inc()
    finally:
        await consumer.stop()


def _tell(live: Live, record: ConsumerRecord) -> str:
    """What became of the record: told, skipped, or dead (audit keeps the unreadable ones)."""
    try:
        found = frame(decode(record.key, record.value, record.headers))
    except UnknownType:
        return "skipped"
    except Undecodable:
        return "dead"
    if found is None:
        return "skipped"
    live.tell(*found)
    return "handled"
