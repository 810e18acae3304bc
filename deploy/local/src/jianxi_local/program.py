"""One replica of one role of one service: what is run, and where it answers."""

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jianxi_local import spawn

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
STEADY_SECONDS = 10.0
"""After this long without dying a program is trusted again: the next restart comes at once."""


@dataclass(frozen=True)
class Program:
    """`name` is service.role.replica; every role serves /livez and /readyz on its port."""

    service: str
    role: str
    replica: int
    port: int
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    log: Path

    @property
    def name(self) -> str:
        return f"{self.service}.{self.role}.{self.replica}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Process:
    """A program that is kept running. `pid` changes with each restart, port and name do not."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.restarts = 0
        self._pause = FIRST_PAUSE
        self._died_at: float | None = None
        self._launch()

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child.poll() is None

    def health(self, path: str) -> int:
        """HTTP status of /livez or /readyz; 0 when nothing answers within a second."""
        return status_of(f"{self.program.url}{path}")

    def revive(self) -> bool:
        """Start it again if it has died and the pause is over; True when that was done."""
        if self.running:
            return False
        now = time.monotonic()
        if self._died_at is None:
            self._died_at = now
            self._pause = FIRST_PAUSE if now - self._started_at > STEADY_SECONDS else min(self._pause * 2, LONGEST_PAUSE)
        if now - self._died_at < self._pause:
            return False
        self.restarts += 1
        self._launch()
        return True

    def terminate(self) -> None:
        self._child.terminate()

    def end(self, seconds: float) -> None:
        """SIGTERM, then SIGKILL after `seconds`."""
        spawn.stop(self._child, seconds)

    def last_words(self) -> str:
        """The last line of its log: why it ended, as a rule."""
        lines = [line for line in self.program.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1][:300] if lines else "没有任何输出"

    def describe(self) -> dict[str, Any]:
        """Its line in processes.json."""
        program = self.program
        return {
            "name": program.name, "service": program.service, "role": program.role, "replica": program.replica,
            "port": program.port, "pid": self.pid, "restarts": self.restarts, "log": str(program.log),
        }  # fmt: skip

    def _launch(self) -> None:
        self._child: subprocess.Popen[bytes] = spawn.spawn(self.program.argv, log=self.program.log, env=self.program.env)
        self._started_at = time.monotonic()
        self._died_at = None


def status_of(url: str) -> int:
    """HTTP status of a GET; 0 when nothing answers within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0
