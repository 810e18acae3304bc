"""How flows are offered: a closed loop of so many at once, or an open one in which they come by chance and wait for nobody."""

import asyncio
import random
import time
from collections.abc import Iterable, Sequence

from jianxi_local.bench.flows import Flow, Runner

QUIET_SECONDS = 0.7
"""Before each command that comes alone: by then what the last one said is handled, also by consumers that wait for half a second."""


async def closed(runner: Runner, flows: Iterable[Flow], width: int) -> float:
    """So many at once, each as soon as one before it has ended. Seconds in all."""
    waiting = iter(flows)

    async def lane() -> None:
        for flow in waiting:
            await runner.run(flow)

    began = time.monotonic()
    async with asyncio.TaskGroup() as lanes:
        for _ in range(width):
            lanes.create_task(lane())
    return time.monotonic() - began


async def lone(runner: Runner, flows: Iterable[Flow]) -> float:
    """One after another, and each command only once the platform is at rest again. Seconds in all."""
    runner.quiet_seconds = QUIET_SECONDS
    return await closed(runner, flows, 1)


async def open_(runner: Runner, flows: Sequence[Flow], rate: float, chance: random.Random) -> float:
    """So many a second on average (Poisson). A flow that begins late is counted from when it should have begun."""
    began = due = time.monotonic()
    async with asyncio.TaskGroup() as going:
        for flow in flows:
            due += chance.expovariate(rate)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            flow.due = due
            going.create_task(runner.run(flow))
    return time.monotonic() - began
