"""Background tasks end, even those that drop a cancellation."""

import asyncio
import contextlib

import pytest
from common.tasks import end_tasks


async def test_who_is_cancelled_while_ending_tasks_ends_them_first_and_passes_it_on() -> None:
    go = asyncio.Event()

    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            while not go.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await go.wait()

    task = asyncio.create_task(slow())
    await asyncio.sleep(0)
    ending = asyncio.create_task(end_tasks([task]))
    await asyncio.sleep(0)
    ending.cancel()
    await asyncio.sleep(0)
    assert not ending.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert task.done()


async def test_a_task_that_drops_a_cancellation_is_ended_all_the_same() -> None:
    dropped = 0

    async def stubborn() -> None:
        nonlocal dropped
        while dropped < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                dropped += 1
        await asyncio.Event().wait()

    async def failing() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("示例")

    async def over() -> None:
        return

    tasks = [asyncio.create_task(work()) for work in (stubborn, failing, over)]
    await asyncio.sleep(0)
    await end_tasks(tasks)
    assert all(task.done() for task in tasks)
    assert dropped == 2
