"""What is asked for while as much of its kind is under way as may be travels together: one round trip for all that waits.

There is no waiting window: what comes alone goes at once. Reads and writes of single rows by many at the same time use it.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_UNDER_WAY = 2


class Together(Generic[Item, Result]):
    """`work` takes items and gives a result for each, in their order; what it raises, all of them raise."""

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._work = work
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, item: Item) -> Result:
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._under_way < _UNDER_WAY:
            self._under_way += 1
            task = asyncio.create_task(self._go(), context=contextvars.Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await result

    async def _go(self) -> None:
        """Nothing comes between the last look at what waits and saying so: else what came then would wait for ever."""
        try:
            while self._waiting:
                await self._next()
        finally:
            self._under_way -= 1

    async def _next(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            for (_, result), done in zip(batch, await self._work([item for item, _ in batch]), strict=True):
                if not result.done():
                    result.set_result(done)
        except Exception as error:
            for _, result in batch:
                if not result.done():
                    result.set_exception(error)
