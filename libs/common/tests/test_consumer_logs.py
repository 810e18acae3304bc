"""What consumers log."""

from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import Event, headers
from common.messaging import consumer
from common.messaging.consumer import BatchConsumer, by_type
from common.messaging.dead_letters import DeadLetters
from common.store.mongo import Mongo
from common.tracing import current_traceparent
from structlog.testing import LogCapture

from . import kafka as k


async def test_an_effect_continues_the_trace_of_its_event_in_all_that_is_logged(mongo: Mongo, monkeypatch: pytest.MonkeyPatch) -> None:
    traces: list[str] = []
    logged = LogCapture()
    log = structlog.wrap_logger(None, [structlog.contextvars.merge_contextvars, logged])
    monkeypatch.setattr(consumer, "log", log)
    monkeypatch.setattr(consumer, "_FIRST_DELAY_SECONDS", 0.0)

    async def fail_once(_: Event, __: SeatsChanged) -> None:
        traces.append(current_traceparent().split("-")[1])
        log.info("effect")
        if len(traces) == 2:
            raise RuntimeError("示例")

    first, second = "0af7651916cd43dd8448eb211c80319c", "1bf7651916cd43dd8448eb211c80319c"
    records = [record("pst_1", seq, f"00-{trace}-b7ad6b7169203331-01") for seq, trace in enumerate((first, second), 1)]
    await BatchConsumer("test", by_type({SeatsChanged: fail_once}), DeadLetters(mongo))(tuple(records))
    assert traces == [first, second, first, second]
    assert {entry["group"] for entry in logged.entries} == {"test"}
    ids = [(entry["event"], entry["event_id"], entry["trace_id"]) for entry in logged.entries]
    tried = [("effect", "pst_1:1", first), ("effect", "pst_1:2", second)]
    assert ids == [*tried, ("batch_failed", "pst_1:2", second), *tried]
    assert structlog.contextvars.get_contextvars() == {}


def record(aggregate: str, seq: int, traceparent: str) -> Any:
    """As read from Kafka."""
    value = k.seats(aggregate, seq).model_dump_json().encode()
    given = headers(aggregate, seq, "seats.changed.v1", "test", k.AT, traceparent)
    return SimpleNamespace(key=aggregate.encode(), value=value, headers=given)
