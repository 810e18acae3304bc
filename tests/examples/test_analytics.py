"""The examples for other teams do what they say, on records that come twice, of unknown types and after a first run."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from common.contracts.envelope import headers
from common.messaging.broker import start_producer
from common.messaging.topics import create_topics
from common.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples" / "analytics"
CHANGED = "application.status_changed.v1"


async def say(settings: Settings, records: Sequence[tuple[str, int, str, str]]) -> None:
    """Records as (person, number, type, status)."""
    producer = await start_producer(settings.kafka, "test")
    for person, seq, type, to in records:
        value = json.dumps({"application_id": f"app_{person}", "to": to}).encode()
        about = headers(person, seq, type, "applications", "2026-11-24T04:00:00+00:00", "")
        await producer.send(settings.topic("applications"), key=person.encode(), value=value, headers=about)
    await producer.flush()
    await producer.stop()


def run(name: str, settings: Settings) -> dict[str, int]:
    command = [sys.executable, str(EXAMPLES / name), settings.kafka, settings.namespace]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    counted: dict[str, int] = json.loads(done.stdout)
    return counted


async def test_both_examples_count_each_change_once(settings: Settings) -> None:
    await create_topics(settings.kafka, settings.namespace, partitions=3)
    first = [(f"per_{number}", 1, CHANGED, "PENDING") for number in range(20)]
    then = [(f"per_{number}", 2, CHANGED, "OFFERED") for number in range(5)]
    await say(settings, [*first, *first[:7], *then, *first[:3], ("per_0", 3, "application.praised.v1", "PRAISED")])
    assert await asyncio.to_thread(run, "with_aiokafka.py", settings) == {"OFFERED": 5, "PENDING": 15}
    assert await asyncio.to_thread(run, "with_librdkafka.py", settings) == {"OFFERED": 5, "PENDING": 20}
    await say(settings, [("per_19", 2, CHANGED, "REJECTED")])
    assert await asyncio.to_thread(run, "with_librdkafka.py", settings) == {"REJECTED": 1}
    assert await asyncio.to_thread(run, "with_aiokafka.py", settings) == {"OFFERED": 5, "PENDING": 14, "REJECTED": 1}
