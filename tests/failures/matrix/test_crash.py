"""A process ends at once, between two steps: before or after each kind of request to the database and to Kafka."""

import dataclasses
import os
import signal
import time
from pathlib import Path

from jianxi_local.people import until
from jianxi_local.program import Process

from .conftest import Trial, Try_

HERE = Path(__file__).parent
POINTS = (
    "before update", "after update", "before insert", "after insert", "before commitTransaction", "after commitTransaction",
    "before find", "after find", "before findAndModify", "after findAndModify", "before send", "after send",
)  # fmt: skip
VICTIMS = ("applications.worker.1", "applications.api.1", "postings.all.1", "audit.all.1")
WORKERS = tuple(name for name in VICTIMS if ".api." not in name)
SOON_SECONDS = 15.0


def crashing(process: Process, point: str, number: int) -> None:
    """From its next start it ends at the `number`-th request of this kind."""
    begin = f"import sys; sys.path.insert(0, {str(HERE)!r}); import crashing; crashing.at({point!r}, {number})"
    run = f"import runpy; runpy.run_module({process.program.service!r}, run_name='__main__', alter_sys=True)"
    argv = (process.program.argv[0], "-c", f"{begin}; {run}", *process.program.argv[3:])
    process.program = dataclasses.replace(process.program, argv=argv)


def crash(under: Trial, process: Process, point: str) -> bool:
    """Start it anew so that it crashes, and wait for that; whether it came to the point. Then it is as it was."""
    whole, pid = process.program, process.pid
    crashing(process, point, under.chance.randint(1, 8))
    os.kill(pid, signal.SIGKILL)
    until(lambda: process.pid != pid or None, f"{process.name} is started anew")
    armed = process.pid
    process.program = whole
    end = time.monotonic() + SOON_SECONDS
    while process.pid == armed and time.monotonic() < end:
        time.sleep(0.05)
    fell = process.pid != armed
    if not fell:
        os.kill(armed, signal.SIGKILL)
    until(lambda: (process.pid != armed and process.health("/readyz") == 200) or None, f"{process.name} is back")
    return fell


def test_f13_a_process_ends_at_every_point(trial: Try_) -> None:
    with trial("F13") as under:
        points = POINTS * max(1, round(under.pace))
        for point in points:
            only_workers = point.endswith(("send", "findAndModify"))
            name = under.chance.choice(WORKERS if only_workers else VICTIMS[:2] if "commit" in point else VICTIMS)
            if crash(under, under.stack.process(name), point):
                under.did()
        under.other = f"{under.faults} of {len(points)} points were come to"
    assert under.faults > len(points) / 2
