"""Sweeps: work that is found in the stored state and done item by item, so that a bad item never holds up the others."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

from common.errors import Refusal

T = TypeVar("T")
_AT_ONCE = 16
log = structlog.get_logger()


async def each(sweep: str, items: Iterable[T], act: Callable[[T], Awaitable[object]], *, at_once: int = _AT_ONCE) -> int:
    """Run `act` on every item, at most `at_once` of them together; returns how many succeeded.

    An item that is refused or fails is logged, under the name of the sweep, and left to the next pass.
    """
    free = asyncio.Semaphore(at_once)

    async def attempt(item: T) -> bool:
        async with free:
            try:
                await act(item)
            except Refusal as refused:
                log.warning("sweep_refused", sweep=sweep, code=refused.code)
                return False
            except Exception:
                log.exception("sweep_failed", sweep=sweep)
                return False
            return True

    return sum(await asyncio.gather(*map(attempt, items)))
