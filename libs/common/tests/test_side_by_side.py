"""In what order the events of a batch take effect."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from common.contracts.applications import SeatsChanged
from common.contracts.envelope import Event
from common.messaging.consumer import by_type

from . import kafka as k


def counted(*ids: str) -> list[Event]:
    """Two events of each aggregate, by turns."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return [Event(id, seq, "test", at, k.seats(id, taken=seq)) for seq in (1, 2) for id in ids]


async def test_aggregates_are_handled_side_by_side_and_the_events_of_each_in_order() -> None:
    handled: list[str] = []
    both = asyncio.Barrier(2)

    async def effect(event: Event, _: Any) -> None:
        await both.wait()  # nobody passes alone
        handled.append(event.id)

    async with asyncio.timeout(5):
        await by_type({SeatsChanged: effect})(counted("pst_a", "pst_b"))
    assert [id for id in handled if id.startswith("pst_a")] == ["pst_a:1", "pst_a:2"]
    assert [id for id in handled if id.startswith("pst_b")] == ["pst_b:1", "pst_b:2"]


async def test_when_an_effect_fails_its_aggregate_stops_and_the_others_are_finished() -> None:
    handled: list[str] = []

    async def effect(event: Event, _: Any) -> None:
        if event.id == "pst_a:1":
            raise ConnectionError("示例")
        await asyncio.sleep(0)
        handled.append(event.id)

    with pytest.raises(ConnectionError):
        await by_type({SeatsChanged: effect})(counted("pst_a", "pst_b"))
    assert handled == ["pst_b:1", "pst_b:2"]
    assert structlog.contextvars.get_contextvars()["event_id"] == "pst_a:1"
    structlog.contextvars.clear_contextvars()
