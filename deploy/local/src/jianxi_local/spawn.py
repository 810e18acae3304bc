"""Child processes that never outlive us, and free ports.

The kernel kills every child when the thread that forked it ends (PR_SET_PDEATHSIG), also after a SIGKILL of this
process. So all forks happen in one daemon thread that ends only with the process.
"""

import ctypes
import itertools
import os
import secrets
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

from jianxi_local.errors import LocalError

PR_SET_PDEATHSIG = 1
PORTS = range(20_000, 32_768)
"""Below those that Linux gives to outgoing connections: one of these could take a port before its server listens there."""
_given: set[int] = set()
_libc = ctypes.CDLL(None, use_errno=True)
_orders: SimpleQueue[tuple[Callable[[], subprocess.Popen[bytes]], Future[subprocess.Popen[bytes]]]] = SimpleQueue()
_forker: threading.Thread | None = None
_lock = threading.Lock()


def spawn(argv: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start `argv` in a process group of its own; output is appended to `log`; it dies when this process does."""
    done: Future[subprocess.Popen[bytes]] = Future()
    _orders.put((lambda: _popen(argv, log, env), done))
    _ensure_forker()
    return done.result()


def stop(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """SIGTERM, and SIGKILL when it is still there after `seconds`. A process already gone is fine."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A loopback port that nothing listens on, another at each call. LocalError when none is found."""
    first = secrets.randbelow(len(PORTS))
    for port in itertools.chain(PORTS[first:], PORTS[:first]):
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise LocalError(f"端口 {PORTS.start}–{PORTS.stop - 1} 都被占用；请停止不需要的程序。")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def require_free(port: int, whose: str) -> None:
    """LocalError when something already listens on 127.0.0.1:`port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(f"端口 {port}（{whose}）不可用：{error.strerror}；请停止占用它的程序，或换一个端口。") from None


def _popen(argv: Sequence[str], log: Path, env: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    parent = os.getpid()

    def die_with_parent() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(
            argv, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0, preexec_fn=die_with_parent
        )


def _ensure_forker() -> None:
    global _forker
    with _lock:
        if _forker is None or not _forker.is_alive():
            _forker = threading.Thread(target=_serve_orders, name="forker", daemon=True)
            _forker.start()


def _serve_orders() -> None:
    while True:
        order, done = _orders.get()
        try:
            done.set_result(order())
        except BaseException as error:
            done.set_exception(error)
