"""Faults of processes: killed, stopped for longer than their leases, restarted one after the other."""

import os
import signal

from jianxi_local.people import until
from jianxi_local.program import Process
from jianxi_local.stack import Stack

from .. import figures
from .conftest import Try_

KILLS, FREEZES, AT_ONCE, RESTARTS = 30, 10, 2, 10
DOWN_AT_ONCE = 2
BROKEN_OFF = "0 "
"""The gateway is restarted too, and nobody is left to answer then."""
FROZEN_SECONDS = (10.5, 12.0)
"""Longer than the leases of the relay and the sessions of consumers (10 s each)."""


def ready_again(process: Process, pid: int) -> None:
    until(lambda: (process.pid != pid and process.health("/readyz") == 200) or None, f"{process.name} is back")


def ready(stack: Stack) -> list[Process]:
    return [process for process in stack.processes if process.health("/readyz") == 200]


def test_f1_processes_are_killed_while_others_still_come_back(trial: Try_) -> None:
    with trial("F1") as under:
        while under.faults < KILLS:
            up = ready(under.stack)
            if len(up) > len(under.stack.processes) - DOWN_AT_ONCE:
                os.kill(under.chance.choice(up).pid, signal.SIGKILL)
                under.did()
            under.pause(1, 2.5)
        until(lambda: len(ready(under.stack)) == len(under.stack.processes) or None, "all are back")


def test_f2_processes_stand_still_for_longer_than_leases_and_sessions(trial: Try_) -> None:
    """What they do when they go on, as if no time had passed, changes nothing."""
    with trial("F2") as under:
        order = [process for process in under.stack.processes if process.program.role != "api" and process.program.service != "gateway"]
        for _ in range(0, FREEZES, AT_ONCE):
            pids = [process.pid for process in under.chance.sample(order, AT_ONCE)]
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            under.pause(*FROZEN_SECONDS)
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
                under.did()


def test_f3_every_replica_is_restarted_in_turn(trial: Try_) -> None:
    with trial("F3") as under:
        for _ in range(RESTARTS):
            process = under.chance.choice(under.stack.processes)
            pid = process.pid
            process.terminate()
            ready_again(process, pid)
            under.did()
        odd = [one for one in figures.odd_answers(under.tries) if not one.startswith(BROKEN_OFF)]
        broken = sum(1 for one in under.tries if one.status == figures.NO_ANSWER[0])
        under.other = f"{len(odd)} answers other than 2xx, 4xx, 503 with Retry-After; {broken} connections broken off"
        under.claim(f"no other answers: {odd}", lambda: odd == [])
