"""Sweeps: one bad item costs only itself."""

import asyncio
from typing import Any

import pytest
import structlog
from common import sweep
from common.refusals import UNAVAILABLE
from structlog.testing import LogCapture


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    capture = LogCapture()
    monkeypatch.setattr(sweep, "log", structlog.wrap_logger(None, [capture]))
    return capture.entries


async def test_an_item_that_fails_or_is_refused_costs_only_itself(logged: list[Any]) -> None:
    done: list[int] = []

    async def act(item: int) -> None:
        if item == 1:
            raise ValueError("示例")
        if item == 3:
            raise UNAVAILABLE()
        done.append(item)

    assert await sweep.each("tidy", range(6), act) == 4
    assert sorted(done) == [0, 2, 4, 5]
    assert [(entry["event"], entry["sweep"]) for entry in logged] == [("sweep_failed", "tidy"), ("sweep_refused", "tidy")]
    assert logged[1]["code"] == "unavailable"


async def test_no_more_than_allowed_run_together_and_those_do() -> None:
    running = most = 0

    async def act(_: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    assert await sweep.each("tidy", range(10), act, at_once=3) == 10
    assert most == 3


async def test_nothing_to_do_is_nothing_done_and_the_end_of_the_process_ends_it() -> None:
    async def never(_: int) -> None:
        await asyncio.Event().wait()

    assert await sweep.each("tidy", [], never) == 0
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sweep.each("tidy", range(3), never), 0.05)
