"""From Kafka to the streams and the door: every process hears everything and stores nothing.

Changes of status are heard from now on, changes of rights from as far back as a token may live: a restart forgets none.
"""

import asyncio

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError
from common.contracts.envelope import Event, Undecodable, UnknownType, decode
from common.contracts.people import AccountRightsChanged
from common.contracts.topics import ACCOUNTS, APPLICATIONS, CASES
from common.messaging.broker import start_tail
from common.messaging.spans import processing
from common.metrics import CONSUMED_EVENTS, DEPENDENCY_UP

from gateway.frames import frame
from gateway.live import Live
from gateway.rights import KEPT_SECONDS, Rights
from gateway.settings import GatewaySettings

_NAME = "gateway.live"
_RETRY_SECONDS = 1.0
_POLL_MS = 1_000
log = structlog.get_logger()


async def follow(settings: GatewaySettings, live: Live, rights: Rights) -> None:
    """Until cancelled. While Kafka is away the streams stay open and silent; whenever it is back they are told to read again."""
    while True:
        try:
            await _listen(settings, live, rights)
        except Exception as error:
            DEPENDENCY_UP.labels("gateway", "kafka").set(0)
            log.warning("waiting_for_kafka", error=type(error).__name__)
        await asyncio.sleep(_RETRY_SECONDS)


async def _listen(settings: GatewaySettings, live: Live, rights: Rights) -> None:
    topics = [settings.topic(topic.name) for topic in (ACCOUNTS, APPLICATIONS, CASES)]
    consumer = await start_tail(settings.kafka, _NAME, topics, since={topics[0]: KEPT_SECONDS})
    try:
        live.resync()
        while True:
            heard = await consumer.getmany(timeout_ms=_POLL_MS)
            for records in heard.values():
                for record in records:
                    if live or record.topic == topics[0]:
                        CONSUMED_EVENTS.labels(_NAME, _take(live, rights, record)).inc()
            DEPENDENCY_UP.labels("gateway", "kafka").set(bool(heard) or await _answers(consumer))
    finally:
        await consumer.stop()


async def _answers(consumer: AIOKafkaConsumer) -> bool:
    """Asked, since a consumer does not say that its Kafka is gone: it hears nothing and goes on when Kafka is back."""
    try:
        await consumer.topics()
    except KafkaError:
        return False
    return True


def _take(live: Live, rights: Rights, record: ConsumerRecord) -> str:
    """What became of the record: handled, skipped, or dead (audit keeps the unreadable ones)."""
    try:
        event = decode(record.key, record.value, record.headers)
    except UnknownType:
        return "skipped"
    except Undecodable:
        return "dead"
    with processing(event, _NAME):
        return _tell(live, rights, event)


def _tell(live: Live, rights: Rights, event: Event) -> str:
    if isinstance(event.data, AccountRightsChanged):
        rights.changed(event.data.account_id, event.data.rights)
        live.part(event.data.account_id)
        return "handled"
    found = frame(event)
    if found is None:
        return "skipped"
    live.tell(*found)
    return "handled"
