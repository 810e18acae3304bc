"""A process that lives many short lives: each ends at a failpoint, as if the power were cut.

``python crashing.py SERVICE ROLE PLAN REPORT``: the plan (JSON) names the point of each life, ``[when, request, number]``; a line
of the report says after each life whether it came to its point, in one of three tries. After the last one the process is an ordinary one.
"""

import ctypes
import importlib
import json
import os
import runpy
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pymongo import monitoring

STATUS = 86
SOON_SECONDS = 15.0
TRIES = 3
_PR_SET_PDEATHSIG = 1
Body = Mapping[str, Any]


def _change(body: Body) -> Any:
    return body["updates"][0]["u"]


REQUESTS: dict[str, tuple[str, Callable[[Body], bool]]] = {
    "relay's read": ("find", lambda body: "pending.seq" in body["filter"]),
    "relay's taking off": ("update", lambda body: "$pull" in _change(body)),
    "handler's read": ("find", lambda body: body["find"] == "ledger_heads"),
    "handler's insert": ("insert", lambda body: body["insert"] == "ledger"),
    "handler's update": ("update", lambda body: body["update"] == "ledger_heads"),
    "command's read": ("find", lambda body: body["find"] == "candidacies" and "hint" not in body and "autocommit" not in body),
    "command's write": ("update", lambda body: body["update"] == "candidacies" and "$set" in _change(body) and "autocommit" not in body),
    "transaction's first write": ("update", lambda body: "startTransaction" in body),
    "transaction's second write": ("update", lambda body: "autocommit" in body and "startTransaction" not in body),
    "transaction's commit": ("commitTransaction", lambda _: True),
}
"""Of the database, by the name of the command and what is in it; besides there are the ``record``s of the relay and the consumers'
``commit of offsets``, requests to Kafka."""


class Failpoint(monitoring.CommandListener):
    """Ends the process at the `left`-th request of a kind: before it is sent, or after it was answered."""

    def __init__(self, when: str, request: str, left: int) -> None:
        self._when, self._request, self._left = when, request, left
        self._command, self._fits = REQUESTS.get(request, ("", lambda _: False))
        self._sent: set[int] = set()

    def reach(self, when: str, request: str) -> None:
        if (when, request) == (self._when, self._request):
            self._left -= 1
            if self._left <= 0:
                os._exit(STATUS)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name == self._command and self._fits(event.command):
            self._sent.add(event.request_id)
            self.reach("before", self._request)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        if event.request_id in self._sent:
            self.reach("after", self._request)

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


def arm(point: Failpoint) -> None:
    monitoring.register(point)
    send, commit = AIOKafkaProducer.send, AIOKafkaConsumer.commit

    async def sending(*arguments: Any, **named: Any) -> Any:
        point.reach("before", "record")
        sent = await send(*arguments, **named)
        sent.add_done_callback(lambda _: point.reach("after", "record"))
        return sent

    async def committing(*arguments: Any, **named: Any) -> None:
        point.reach("before", "commit of offsets")
        await commit(*arguments, **named)
        point.reach("after", "commit of offsets")

    AIOKafkaProducer.send, AIOKafkaConsumer.commit = sending, committing


def live(service: str, role: str, point: Failpoint) -> None:
    """In a child: until the point, or until it is ended."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    arm(point)
    sys.argv = [service, "--role", role]
    runpy.run_module(service, run_name="__main__", alter_sys=True)
    os._exit(1)


def came_to_it(service: str, role: str, point: Failpoint) -> bool:
    """Whether a life ended at its point; it is ended when it does not come there."""
    child = os.fork()
    if not child:
        live(service, role, point)
    end = time.monotonic() + SOON_SECONDS
    while time.monotonic() < end:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status) == STATUS
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def main(service: str, role: str, plan: str, report: str) -> None:
    importlib.import_module(f"{service}.app")  # once for all lives: what takes longest
    with Path(report).open("a", buffering=1) as lines:
        for when, request, number in json.loads(Path(plan).read_text()):
            came = any(came_to_it(service, role, Failpoint(when, request, number)) for _ in range(TRIES))
            lines.write(json.dumps([f"{when} {request}", came]) + "\n")
    os.execv(sys.executable, [sys.executable, "-m", service, "--role", role])


if __name__ == "__main__":
    main(*sys.argv[1:])
