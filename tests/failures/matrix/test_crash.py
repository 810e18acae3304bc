"""A process ends at once, between two steps: before or after each kind of request to the database and to Kafka."""

import dataclasses
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jianxi_local.people import until
from jianxi_local.program import Process

from .conftest import Trial, Try_

HERE = Path(__file__).parent
POINTS = {
    "applications.worker.1": ("find", "update", "send"),
    "applications.api.1": ("find", "update", "commitTransaction"),
    "audit.all.1": ("insert", "update", "send"),
}
"""Requests that each makes often: the process ends before one of them, and after one."""
SOON_SECONDS = 20.0


def crashing(process: Process, point: str, number: int) -> None:
    """From its next start it ends at the `number`-th request of this kind."""
    begin = f"import sys; sys.path.insert(0, {str(HERE)!r}); import crashing; crashing.at({point!r}, {number})"
    run = f"import runpy; runpy.run_module({process.program.service!r}, run_name='__main__', alter_sys=True)"
    argv = (process.program.argv[0], "-c", f"{begin}; {run}", *process.program.argv[3:])
    process.program = dataclasses.replace(process.program, argv=argv)


def crash(process: Process, point: str, number: int) -> bool:
    """Start it anew so that it crashes, and wait for that; whether it came to the point. Then it is as it was."""
    whole, pid = process.program, process.pid
    crashing(process, point, number)
    os.kill(pid, signal.SIGKILL)
    until(lambda: process.pid != pid or None, f"{process.name} is started anew")
    armed = process.pid
    process.program = whole
    end = time.monotonic() + SOON_SECONDS
    while process.pid == armed and process.running and time.monotonic() < end:
        time.sleep(0.05)
    fell = process.pid != armed or not process.running
    if not fell:
        os.kill(armed, signal.SIGKILL)
    until(lambda: (process.pid != armed and process.health("/readyz") == 200) or None, f"{process.name} is back")
    return fell


def test_f13_processes_end_at_every_point(trial: Try_) -> None:
    with trial("F13") as under, ThreadPoolExecutor(len(POINTS)) as threads:
        plans = [(name, [under.chance.randint(1, 8) for _ in range(2 * len(requests))]) for name, requests in POINTS.items()]
        points = sum(len(numbers) for _, numbers in plans)
        come_to = sum(threads.map(lambda plan: crash_at_each(under, *plan), plans))
        under.other = f"{come_to} of {points} points were come to"
        under.claim("most points are come to", lambda: come_to > points / 2)


def crash_at_each(under: Trial, name: str, numbers: list[int]) -> int:
    """How many points were come to."""
    process, come_to = under.stack.process(name), 0
    for request in POINTS[name]:
        for when in ("before", "after"):
            if crash(process, f"{when} {request}", numbers.pop()):
                come_to += 1
                under.did()
    return come_to
