"""What the embedded servers share: start, wait until ready, stop, kill, start again on the same data and port."""

import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from jianxi_local import spawn
from jianxi_local.errors import LocalError


class Server(ABC):
    """A server of this machine with its data in `directory`, on loopback, on `port` (None: a free one, kept over restarts)."""

    name: str
    patience: float = 60
    """Seconds until a start counts as failed."""

    def __init__(self, directory: Path, port: int | None = None) -> None:
        self.directory = directory
        self.port = port or spawn.free_port()
        self.log = directory / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    @abstractmethod
    def address(self) -> str:
        """What clients connect to."""

    @abstractmethod
    def _command(self) -> list[str]:
        """Prepare `directory` and say what to run."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Asked repeatedly after the launch."""

    @property
    def pid(self) -> int:
        """Process id; LocalError when it is not running."""
        if self._process is None:
            raise LocalError(f"{self.name} 没有在运行。")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Launch and wait until clients can work. LocalError with one sentence when that fails; nothing stays behind."""
        self.launch()
        self.await_ready()
        return self

    def launch(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        spawn.require_free(self.port, self.name)
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        self._process = spawn.spawn(self._command(), log=self.log)

    def await_ready(self) -> None:
        deadline = time.monotonic() + self.patience
        try:
            while not self._is_ready():
                if not self.running:
                    raise LocalError(self._why_it_ended())
                if time.monotonic() > deadline:
                    raise LocalError(f"{self.name} 在 {self.patience:.0f} 秒内没有就绪，详见 {self.log}。")
                time.sleep(0.02)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """End it in good order; the data stays."""
        if self._process is not None:
            spawn.stop(self._process)
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL); `start` brings it back on the same port."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        return self if self.running else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _output(self) -> str:
        """What it has said since the last launch."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _why_it_ended(self) -> str:
        lines = [line for line in self._output().splitlines() if line.strip() and not line.startswith("\tat ")]
        return f"{self.name} 启动后退出：{lines[-1][:300] if lines else '没有任何输出'}（详见 {self.log}）。"
