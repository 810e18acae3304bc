"""Operations scale both roles of a service under load: up, and down again."""

import time
import urllib.request

from jianxi_local.program import Process

from ...conftest import REPLICAS
from .. import figures
from .conftest import Trial, Try_

ONE = {"applications.worker": 1, "applications.api": 1}
STEPS = ({"applications.worker": 4}, {"applications.api": 3}, {"applications.worker": 1}, {"applications.api": 1})
WORKED = {"worker": b"jianxi_published_events_total{", "api": b"jianxi_commands_total{"}
"""What a process tells only once it has published an event, or answered a command."""
STEP_SECONDS = (8.0, 12.0)
LONGEST_SECONDS = 20.0
"""Until every process has had its share: those who held it give it up when they renew their leases, and then the others take it."""


def test_s1_operations_scale_both_roles(trial: Try_) -> None:
    with trial("S1") as under:
        under.stack.scale(ONE)
        seconds = []
        for wanted in STEPS:
            began = time.monotonic()
            under.stack.scale(wanted)
            seconds.append(time.monotonic() - began)
            under.did()
            under.pause(*STEP_SECONDS)
            idle = without_work(under, next(iter(wanted)))
            under.claim(f"after {wanted} all have something to do, not so: {idle}", lambda idle=idle: idle == [])  # type: ignore[misc]
        under.stack.scale(REPLICAS)
        under.last = time.monotonic()
        odd = figures.odd_answers(under.tries)
        under.other = f"each step within {max(seconds):.1f} s; {len(odd)} answers other than 2xx, 4xx, 503 with Retry-After"
        under.claim(f"every try has an answer of these: {odd}", lambda: odd == [])


def without_work(under: Trial, role: str) -> list[str]:
    """Who of this role has had nothing to do by then."""
    end = time.monotonic() + LONGEST_SECONDS
    while True:
        idle = [process.name for process in under.stack.processes if process.name.startswith(role) and not has_worked(process)]
        if not idle or time.monotonic() > end:
            return idle
        time.sleep(0.2)


def has_worked(process: Process) -> bool:
    with urllib.request.urlopen(f"{process.program.url}/metrics", timeout=5) as answer:
        return WORKED[process.program.role] in answer.read()
