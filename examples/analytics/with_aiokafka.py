"""A stranger's consumer in plain aiokafka: how many applications stand in which status. Needs aiokafka and nothing of jianxi.

    python with_aiokafka.py localhost:9092 [prefix-of-topics]

It reads `applications` from the first record to the end, and prints one line of JSON. What it relies on (docs/messages.md): the key is
the person, records of one key come in the order of the number that ends `ce_id`, and a repeated record has the same; unknown types are
passed over.
"""

import asyncio
import json
import sys
from collections import Counter

from aiokafka import AIOKafkaConsumer


async def count(servers: str, topic: str) -> Counter[str]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        statuses: dict[str, str] = {}
        newest: dict[bytes, int] = {}
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    headers = dict(record.headers)
                    seq = int(headers["ce_id"].rpartition(b":")[2])
                    if seq <= newest.get(record.key, 0):
                        continue
                    newest[record.key] = seq
                    if headers["ce_type"] == b"application.status_changed.v1":
                        said = json.loads(record.value)
                        statuses[said["application_id"]] = said["to"]
        return Counter(statuses.values())
    finally:
        await consumer.stop()


if __name__ == "__main__":
    prefix = sys.argv[2] if len(sys.argv) > 2 else ""
    counted = asyncio.run(count(sys.argv[1], f"{prefix}applications"))
    sys.stdout.write(json.dumps(dict(sorted(counted.items()))) + "\n")
