"""A process ends at once, between two steps: before or after each kind of request to the database and to Kafka, again and again."""

import contextlib
import dataclasses
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
from jianxi_local.caller import Refused
from jianxi_local.people import until
from jianxi_local.program import Process

from ...conftest import REPLICAS
from .conftest import Trial, Try_

CRASHING = Path(__file__).parent / "crashing.py"
TIMES = 20
LANES = {
    "applications.worker.1": ("relay's read", "record"),
    "applications.worker.2": ("relay's taking off", "commit of offsets"),
    "applications.api.1": ("command's read", "transaction's first write"),
    "applications.api.2": ("command's write", "transaction's second write"),
    "applications.api.3": ("transaction's commit",),
    "audit.all.1": ("handler's read", "handler's insert", "handler's update"),
}
"""What each process ends at, before it and after it; all of them at the same time; the fourth api is whole."""
AT_MOST = 3
"""The process ends at one of the first so many requests of its kind."""
MOVERS = 3
PATIENCE_SECONDS = 600.0
Life = tuple[str, str, int]


def times(under: Trial) -> int:
    """How often each point is come to."""
    return max(1, round(TIMES * under.pace))


def lives(under: Trial, requests: tuple[str, ...]) -> list[Life]:
    """The points of each life, mixed."""
    points = [(when, request) for request in requests for when in ("before", "after")] * times(under)
    under.chance.shuffle(points)
    return [(when, request, under.chance.randint(1, AT_MOST)) for when, request in points]


def crash(under: Trial, name: str) -> Path:
    """From its next start, which is now, it lives these lives. Where it reports them."""
    process, plan, report = under.stack.process(name), under.stack.directory / f"{name}.plan", under.stack.directory / f"{name}.report"
    plan.write_text(json.dumps(lives(under, LANES[name])))
    report.unlink(missing_ok=True)
    program, pid = process.program, process.pid
    service, role = program.service, program.role
    process.program = dataclasses.replace(program, argv=(program.argv[0], str(CRASHING), service, role, str(plan), str(report)))
    os.kill(pid, signal.SIGKILL)
    until(lambda: process.pid != pid or None, f"{name} is started anew")
    process.program = program
    return report


def come_to(reports: list[Path]) -> Counter[str]:
    """How often each point was, also those that never were."""
    found: Counter[str] = Counter()
    for report in reports:
        for line in report.read_text().splitlines() if report.exists() else ():
            point, came = json.loads(line)
            found[point] += came
    return found


def has_ended(process: Process, report: Path, count: int) -> bool:
    return report.exists() and len(report.read_text().splitlines()) == count and process.health("/readyz") == 200


@contextmanager
def seats_moving(under: Trial) -> Iterator[None]:
    """Besides the load some clients take seats and give them back all the time: each is a transaction.

    On several postings, for one of which a process is killed in the middle stands still for some seconds.
    """
    postings = [under.unit.publish(under.officer, "示例岗位", headcount=10) for _ in range(3 * MOVERS)]
    ended = threading.Event()

    def move(number: int) -> None:
        chance = random.Random(f"{under.chance.random()}-{number}")
        while not ended.is_set():
            with contextlib.suppress(Refused, httpx2.TransportError, AssertionError):
                intern = under.town.ready_intern()
                while not ended.is_set():
                    id = intern.apply(chance.choice(postings))["id"]
                    under.unit.answer(id, "offer")
                    intern.answer(id, "decline")

    with ThreadPoolExecutor(MOVERS) as threads:
        movers = [threads.submit(move, number) for number in range(MOVERS)]
        try:
            yield
        finally:
            ended.set()
        for mover in movers:
            mover.result()


def test_f13_processes_end_at_every_point(trial: Try_) -> None:
    with trial("F13") as under, seats_moving(under):
        began = time.monotonic()
        under.stack.scale({"applications.api": 4})
        reports = {name: crash(under, name) for name in LANES}
        for name, report in reports.items():
            count = len(json.loads((under.stack.directory / f"{name}.plan").read_text()))
            process, end = under.stack.process(name), time.monotonic() + PATIENCE_SECONDS
            while not has_ended(process, report, count):
                assert time.monotonic() < end, f"{name}: {come_to([report])}"
                time.sleep(0.2)
        under.stack.scale({"applications.api": REPLICAS["applications.api"]})
        found = come_to(list(reports.values()))
        under.did()
        under.faults = found.total()
        under.other = f"{len(found)} points, each {min(found.values())}–{max(found.values())} ×, in {time.monotonic() - began:.0f} s"
        under.claim(f"every point is come to each time: {found}", lambda: set(found.values()) == {times(under)})
