"""How far each consumer group is behind: records waiting, and since when."""

import asyncio
import time
from argparse import ArgumentParser, Namespace
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from common.messaging.broker import start_reader
from common.ops.settings import OpsSettings
from common.ops.table import Row, show

_COLUMNS = {"group": "消费组", "topic": "主题", "waiting": "待处理", "behind_seconds": "最早的已等待（秒）"}
_POLL_MS = 200
_LOOK_SECONDS = 3.0


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--group", help="只看这一消费组")


async def run(settings: OpsSettings, arguments: Namespace) -> int:
    show(await lag(settings, arguments.group), _COLUMNS, as_json=arguments.json)
    return 0


async def lag(settings: OpsSettings, group: str | None = None) -> list[Row]:
    """One row per group and topic of this stack: {group, topic, waiting, behind_seconds}."""
    committed = await _committed(settings, group)
    consumer = await start_reader(settings.kafka, "ops")
    try:
        places = sorted({place for offsets in committed.values() for place in offsets})
        ends = await consumer.end_offsets(places) if places else {}
        starts = await consumer.beginning_offsets(places) if places else {}
        rows = []
        for name, offsets in sorted(committed.items()):
            behind = {place: max(offset, starts[place]) for place, offset in offsets.items() if offset < ends[place]}
            oldest = await _oldest(consumer, behind)
            for topic in sorted({place.topic for place in offsets}):
                of_topic = {place: offset for place, offset in behind.items() if place.topic == topic}
                waits = [oldest[place] for place in of_topic if place in oldest]
                rows.append(
                    {
                        "group": name.removeprefix(settings.namespace),
                        "topic": topic.removeprefix(settings.namespace),
                        "waiting": sum(ends[place] - offset for place, offset in of_topic.items()),
                        "behind_seconds": round(time.time() - min(waits), 1) if waits else 0,
                    }
                )
        return rows
    finally:
        await consumer.stop()


async def _committed(settings: OpsSettings, group: str | None) -> dict[str, dict[TopicPartition, int]]:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        names = [name for name, *_ in await admin.list_consumer_groups() if name.startswith(settings.namespace)]
        wanted = [name for name in names if group is None or name == f"{settings.namespace}{group}"]
        found: list[dict[TopicPartition, Any]] = await asyncio.gather(*(admin.list_consumer_group_offsets(name) for name in wanted))
    finally:
        await admin.close()
    ours = {
        name: {place: at.offset for place, at in offsets.items() if at.offset >= 0} for name, offsets in zip(wanted, found, strict=True)
    }
    return {name: {p: o for p, o in offsets.items() if p.topic.startswith(settings.namespace)} for name, offsets in ours.items()}


async def _oldest(consumer: AIOKafkaConsumer, behind: dict[TopicPartition, int]) -> dict[TopicPartition, float]:
    """When the first record that waits in each partition was written (seconds since 1970), as far as found in a moment."""
    if not behind:
        return {}
    consumer.assign(list(behind))
    for place, offset in behind.items():
        consumer.seek(place, offset)
    found: dict[TopicPartition, float] = {}
    until = time.monotonic() + _LOOK_SECONDS
    while len(found) < len(behind) and time.monotonic() < until:
        for place, records in (await consumer.getmany(timeout_ms=_POLL_MS, max_records=100)).items():
            found.setdefault(place, records[0].timestamp / 1000)
            consumer.pause(place)
    return found
