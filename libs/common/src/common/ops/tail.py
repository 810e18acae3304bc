"""Show records of the topics as they are, or as they come."""

import asyncio
import json
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from common.contracts.envelope import Undecodable, UnknownType, decode
from common.contracts.topics import TOPICS
from common.messaging.broker import start_tail
from common.ops.settings import OpsSettings

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_POLL_MS = 500


def seconds(text: str) -> float:
    """90s, 10m, 2h, 7d. ValueError for anything else."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None:
        raise ValueError(text)
    return float(found[1]) * _UNITS[found[2]]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--topic", action="append", choices=sorted(TOPICS), help="只看这些主题（可重复）")
    parser.add_argument("--type", action="append", default=[], help="只看这些类型，如 seats.changed（可重复）")
    parser.add_argument("--key", help="只看这一聚合的事件")
    parser.add_argument("--since", type=seconds, default=0.0, metavar="10m", help="从这么久以前看起；不写则从现在起")
    parser.add_argument("--all", action="store_true", help="从头看起")
    parser.add_argument("--stop", action="store_true", help="看完现有的就停止")
    parser.add_argument("--values", action="store_true", help="也显示保密主题的内容")


async def run(settings: OpsSettings, arguments: Namespace) -> int:
    topics = [settings.topic(name) for name in arguments.topic or sorted(TOPICS)]
    consumer = await start_tail(settings.kafka, "ops", topics, dict.fromkeys(topics, arguments.since) if arguments.since else {})
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        if arguments.all:
            await consumer.seek_to_beginning()
        while not (arguments.stop and await _reached(consumer, ends)):
            for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
                for line in _lines(records, settings, arguments):
                    sys.stdout.write(line + "\n")
            sys.stdout.flush()
    finally:
        await consumer.stop()
    return 0


async def _reached(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> bool:
    positions = await asyncio.gather(*(consumer.position(place) for place in ends))
    return all(position >= end for position, end in zip(positions, ends.values(), strict=True))


def _lines(records: list[ConsumerRecord], settings: OpsSettings, arguments: Namespace) -> Iterator[str]:
    for record in records:
        name = record.topic.removeprefix(settings.namespace)
        attributes = {key: (value or b"").decode("utf-8", "replace") for key, value in record.headers}
        type_ = attributes.get("ce_type", "?")
        if arguments.type and not any(type_ == wanted or type_.startswith(f"{wanted}.v") for wanted in arguments.type):
            continue
        if arguments.key and (record.key or b"").decode("utf-8", "replace") != arguments.key:
            continue
        hidden = TOPICS[name].confidential and not arguments.values
        shown = "（保密）" if hidden else _value(record)
        yield "  ".join((attributes.get("ce_time", "?"), name, type_, attributes.get("ce_id", "?"), shown))


def _value(record: ConsumerRecord) -> str:
    """In one line; what cannot be read says why."""
    try:
        return json.dumps(decode(record.key, record.value, record.headers).data.model_dump(mode="json", by_alias=True), ensure_ascii=False)
    except UnknownType:
        return (record.value or b"").decode("utf-8", "replace")
    except Undecodable as error:
        return f"（无法读取：{error}）"
