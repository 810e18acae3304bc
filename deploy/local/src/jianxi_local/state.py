""".jianxi/: where the local platform keeps its data, and who is running on it now.

The one that runs holds a lock which the kernel lets go at its end, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jianxi_local.errors import LocalError
from jianxi_local.files import read_json

ROOT = Path(__file__).parents[4]
"""The repository."""
CLOCK = "clock.json"
ROSTER = "processes.json"
RUNNING = "running.json"
LOCK = "lock"
ACCOUNTS = "accounts.json"
SCALE = "scale.json"


def directory() -> Path:
    """$JIANXI_STATE_DIR or .jianxi in the repository."""
    return Path(os.environ.get("JIANXI_STATE_DIR") or ROOT / ".jianxi").absolute()


@contextmanager
def owned() -> Iterator[bool]:
    """True for the one that holds the state directory until it leaves the block, False when another one does."""
    directory().mkdir(parents=True, exist_ok=True)
    with (directory() / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def running() -> dict[str, Any] | None:
    """{pid, url} of the running platform (url is empty until it is ready), None when there is none."""
    with owned() as free:
        return None if free else read_json(directory() / RUNNING) or {"pid": 0, "url": ""}


def require_running() -> dict[str, Any]:
    """Like `running`, but LocalError when there is none."""
    if (present := running()) is None:
        raise LocalError("平台没有在运行：请先执行 ./jianxi up。")
    return present
