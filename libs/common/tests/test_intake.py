"""How an idle consumer waits for records: with nothing else in between, in which records would lie there."""

import inspect
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
from common.messaging import broker, intake
from faststream.kafka.subscriber import usecase


class Quiet:
    """A consumer that hears nothing."""

    def __init__(self) -> None:
        self.waited_ms: list[int] = []

    async def getmany(self, *, timeout_ms: int, max_records: int) -> dict[str, list[Any]]:
        self.waited_ms.append(timeout_ms)
        return {}


async def test_after_a_wait_without_records_comes_the_next_wait_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(anyio, "sleep", slept.append)
    subscriber: Any = SimpleNamespace(batch_timeout_ms=1000, max_records=500)
    consumer: Any = Quiet()
    assert await intake.get_msg(subscriber, consumer) == ()
    assert (consumer.waited_ms, slept) == ([1000], [])
    assert broker.create_broker("localhost:1", "idle").subscriber("t", group_id="g", batch=True).get_msg.__func__ is intake.get_msg  # type: ignore[attr-defined]


def test_the_library_by_itself_sleeps_as_long_again() -> None:
    """Once this fails, the mend may go."""
    assert "await anyio.sleep(self.batch_timeout_ms / 1000)" in inspect.getsource(usecase)
