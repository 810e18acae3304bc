"""Kafka is killed again and again, then away for a minute; consumers come and go; projections are made anew."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from jianxi_local import spawn
from jianxi_local.people import until
from jianxi_local.program import Process, Program
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack

from ...conftest import REPLICAS
from ...journeys.test_replay import GROUPS, THE_OTHERS, replay
from .. import figures
from .conftest import Trial, Try_

KILLS = 6
AWAY_SECONDS = 60.0
STORMS, MORE_WORKERS, STORM_SECONDS = 3, 3, 10.0


def test_f6_kafka_is_killed_and_then_away_for_a_minute(trial: Try_, own_servers: Servers) -> None:
    kafka = own_servers.kafka
    assert kafka is not None
    with trial("F6") as under:
        for _ in range(KILLS):
            kafka.kill()
            under.pause(0.5, 2)
            kafka.start()
            under.did()
            under.pause(2, 4)
        kafka.kill()
        began = time.monotonic()
        under.pause(AWAY_SECONDS, AWAY_SECONDS)
        away = answered(under, began)
        under.other = f"{away / (time.monotonic() - began):.0f} commands/s while Kafka was away"
        kafka.start()
        under.did()
        assert away > 0, "commands keep working without Kafka"


def answered(under: Trial, since: float) -> int:
    return sum(1 for one in under.tries if one.status not in figures.NO_ANSWER and one.at > since)


def test_f10_consumers_come_and_go(trial: Try_) -> None:
    """From one to four and back: who has no name of its own leaves its group at once."""
    with trial("F10") as under:
        under.stack.scale({"applications.worker": 1})
        for _ in range(STORMS):
            with more_workers(under.stack, *[""] * MORE_WORKERS):
                under.did()
                under.pause(STORM_SECONDS, STORM_SECONDS)
            under.did()
            under.pause(STORM_SECONDS, STORM_SECONDS)
        under.stack.scale(REPLICAS)
        under.last = time.monotonic()


@contextmanager
def more_workers(stack: Stack, *prologues: str) -> Iterator[list[Process]]:
    """Further replicas of the applications worker, without a name that stays, as when somebody scales; one for each prologue."""
    started = [Process(worker(stack, f"more{number}", prologue)) for number, prologue in enumerate(prologues, 1)]
    try:
        for process in started:
            until(lambda process=process: process.health("/readyz") == 200 or None, f"{process.name} is ready")  # type: ignore[misc]
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.end(20)


def worker(stack: Stack, name: str, prologue: str) -> Program:
    """`prologue` is run before the service begins."""
    port = spawn.free_port()
    begin = f"{prologue}\nimport runpy; runpy.run_module('applications', run_name='__main__', alter_sys=True)"
    return Program(
        "applications", "worker", 9, port,
        argv=(sys.executable, "-c", begin, "--role", "worker"),
        env=stack.environment("applications", port),
        log=stack.directory / "logs" / f"{name}.log",
    )  # fmt: skip


def test_f14_projections_made_anew_are_the_live_ones(trial: Try_) -> None:
    with trial("F14") as under:
        under.pause(3, 3)
        for group in (*GROUPS, *THE_OTHERS):
            under.claim(f"{group} is the same made anew", lambda group=group: same_anew(under.stack, group))  # type: ignore[misc]


def same_anew(stack: Stack, group: str) -> bool:
    return until(lambda: replay(stack, group, "--compare")[0] == 0 or None, f"{group} is the same made anew")
