"""Ending background tasks."""

import asyncio
from collections.abc import Iterable
from typing import Any

_AGAIN_SECONDS = 0.1


async def end_tasks(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """Cancel, again and again, until all have ended; what they raise is dropped.

    Once is not enough: `asyncio.wait_for` of Python 3.11, which the drivers call, drops a cancellation that arrives together
    with its result (https://github.com/python/cpython/issues/86296).
    Cancelled itself, it ends them first.
    """
    tasks, cancelled = list(tasks), False
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        try:
            await asyncio.wait(pending, timeout=_AGAIN_SECONDS)
        except asyncio.CancelledError:
            cancelled = True
    for task in tasks:
        _ = task.cancelled() or task.exception()
    if cancelled:
        raise asyncio.CancelledError
