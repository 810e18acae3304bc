"""Kafka records as the ledger's consumer gets them."""

import json
from typing import Any

from aiokafka import ConsumerRecord
from common.contracts.envelope import headers


def record(
    offset: int,
    aggregate: str,
    seq: int,
    *,
    topic: str = "applications",
    partition: int = 0,
    kind: str = "application.status_changed.v1",
    **data: Any,
) -> ConsumerRecord:
    value = json.dumps({"aggregate": aggregate, "seq": seq, **data}).encode()
    return ConsumerRecord(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=0,
        timestamp_type=0,
        key=aggregate.encode(),
        value=value,
        checksum=None,
        serialized_key_size=len(aggregate),
        serialized_value_size=len(value),
        headers=tuple(headers(aggregate, seq, kind, "test", "2026-11-24T04:00:00+00:00", "")),
    )
