"""The same in the idiom of librdkafka, which C, C++, Go, .NET, PHP and Ruby clients share: subscribe, poll, store, commit.

    python with_librdkafka.py localhost:9092 [prefix-of-topics]

Needs confluent-kafka and nothing of jianxi. Unlike its neighbour it is a member of a consumer group: run it again and it goes on where it
stopped, so it prints what was new. Offsets are committed only after what they stand for has been counted: at least once, never lost.
"""

import json
import sys
from collections import Counter
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException

GROUP = "example-librdkafka"


def count(servers: str, topic: str) -> Counter[str]:
    consumer = Consumer({
        "bootstrap.servers": servers, "group.id": f"{topic}.{GROUP}", "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "enable.partition.eof": True,
    })  # fmt: skip
    consumer.subscribe([topic])
    changes: Counter[str] = Counter()
    seen: set[bytes] = set()
    at_end: set[int | None] = set()
    try:
        partitions = len(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
        while len(at_end) < partitions:
            record = consumer.poll(1.0)
            if record is None:
                continue
            if (error := record.error()) and error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
            if error:
                at_end.add(record.partition())
                continue
            headers: dict[str, Any] = dict(record.headers() or [])
            once = headers["ce_id"]
            if headers["ce_type"] == b"application.status_changed.v1" and once not in seen:
                changes[json.loads(record.value() or b"{}")["to"]] += 1
            seen.add(once)
        if seen:
            consumer.commit(asynchronous=False)
        return changes
    finally:
        consumer.close()


if __name__ == "__main__":
    prefix = sys.argv[2] if len(sys.argv) > 2 else ""
    counted = count(sys.argv[1], f"{prefix}applications")
    sys.stdout.write(json.dumps(dict(sorted(counted.items()))) + "\n")
