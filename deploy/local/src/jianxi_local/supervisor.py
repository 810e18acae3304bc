"""Keeps programs running: restarts what dies or reports that it cannot recover, and stops all in order."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from common.web.server import LEAVE_SECONDS

from jianxi_local.errors import LocalError
from jianxi_local.files import write_json
from jianxi_local.program import Process, Program

TICK_SECONDS = 0.05
LIVENESS_SECONDS = 5.0
HOPELESS_RESTARTS = 3
STOP_SECONDS = LEAVE_SECONDS + 2
PATIENCE_SECONDS = 120.0


class Supervisor:
    """`layers` are started in order and stopped in reverse order; within a layer all at once.

    `roster` (processes.json) always lists the present processes.
    """

    def __init__(self, layers: Sequence[Sequence[Program]], roster: Path) -> None:
        self._layers = layers
        self._roster = roster
        self._running: list[list[Process]] = []
        self._leaving = threading.Event()
        self._changing = threading.Lock()
        self._watch = threading.Thread(target=self._keep_running, name="supervisor", daemon=True)

    @property
    def processes(self) -> list[Process]:
        return [process for layer in self._running for process in layer]

    def start(self) -> None:
        """Start all and wait until each says that it is ready. LocalError with its last words when one cannot; none stays behind."""
        try:
            for layer in self._layers:
                self._running.append([])
                for program in layer:
                    self._running[-1].append(Process(program))
            self._write_roster()
            self._watch.start()
            self._await_ready(self.processes)
        except BaseException:
            self.stop()
            raise

    def scale(self, programs: Sequence[Program], ready: Callable[[], None]) -> None:
        """From now on the first layer is these: what is missing is started, then `ready` is called, then the rest is told to leave.

        LocalError when one cannot start: then all is as before.
        """
        present = {process.name for process in self._running[0]}
        fresh = [Process(program) for program in programs if program.name not in present]
        with self._changing:
            self._running[0] += fresh
        self._write_roster()
        try:
            self._await_ready(fresh)
        except LocalError:
            self._take_away(fresh)
            raise
        ready()
        wanted = {program.name for program in programs}
        self._take_away([process for process in self._running[0] if process.name not in wanted])

    def stop(self) -> None:
        """Layer by layer, the last one first."""
        self._leaving.set()
        if self._watch.is_alive():
            self._watch.join()
        for layer in reversed(self._running):
            _end(layer)
        self._roster.unlink(missing_ok=True)

    def _take_away(self, processes: list[Process]) -> None:
        with self._changing:  # none is started again while it leaves
            self._running[0] = [process for process in self._running[0] if process not in processes]
        self._write_roster()
        _end(processes)

    def _await_ready(self, waiting: list[Process]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while waiting := [process for process in waiting if process.health("/readyz") != 200]:
            for process in waiting:
                if process.restarts >= HOPELESS_RESTARTS:
                    raise LocalError(f"{process.name} 无法启动：{process.last_words()}（详见 {process.program.log}）。")
            if time.monotonic() > deadline:
                names = "、".join(process.name for process in waiting)
                raise LocalError(f"{names} 没有按时就绪，详见 {waiting[0].program.log}。")
            time.sleep(TICK_SECONDS)

    def _keep_running(self) -> None:
        next_look = time.monotonic() + LIVENESS_SECONDS
        while not self._leaving.wait(TICK_SECONDS):
            with self._changing:
                revived = any(process.revive() for process in self.processes)
            if revived:
                self._write_roster()
            if time.monotonic() > next_look:
                self._replace_the_stuck()
                next_look = time.monotonic() + LIVENESS_SECONDS

    def _replace_the_stuck(self) -> None:
        """A process that says itself that only a restart mends it. One that is silent may be busy or frozen on purpose."""
        for process in self.processes:
            if process.running and process.health("/livez") == 503:
                process.end(STOP_SECONDS)

    def _write_roster(self) -> None:
        write_json(self._roster, [process.describe() for process in self.processes])


def _end(processes: Sequence[Process]) -> None:
    """SIGTERM, and SIGKILL after the time in which a process leaves by itself."""
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.terminate()
    for process in processes:
        process.end(max(deadline - time.monotonic(), 0))
