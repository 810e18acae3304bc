"""Sweeps: work that is found in the stored state and done item by item, so that a bad item never holds up the others."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

from common.errors import Refusal
from common.metrics import SWEEP_DELAY, SWEPT
from common.tracing import entering

T = TypeVar("T")
_AT_ONCE = 16
log = structlog.get_logger()


async def each(
    sweep: str,
    items: Iterable[T],
    act: Callable[[T], Awaitable[object]],
    *,
    at_once: int = _AT_ONCE,
    late: Callable[[T], float] | None = None,
) -> int:
    """Run `act` on every item, at most `at_once` of them together; returns how many succeeded.

    An item that is refused or fails is logged, under the name of the sweep, and left to the next pass. `late` tells, once an item
    is done, for how many seconds it had been due.
    """
    free = asyncio.Semaphore(at_once)
    if late:
        SWEEP_DELAY.labels(sweep)  # shown from the first pass

    async def attempt(item: T) -> bool:
        async with free:
            try:
                with entering(f"sweep {sweep}", "internal", "", {}):
                    await act(item)
            except Refusal as refused:
                log.warning("sweep_refused", sweep=sweep, code=refused.code)
                SWEPT.labels(sweep, "refused").inc()
                return False
            except Exception:
                log.exception("sweep_failed", sweep=sweep)
                SWEPT.labels(sweep, "failed").inc()
                return False
            SWEPT.labels(sweep, "done").inc()
            if late:
                SWEEP_DELAY.labels(sweep).observe(max(late(item), 0))
            return True

    return sum(await asyncio.gather(*map(attempt, items)))
