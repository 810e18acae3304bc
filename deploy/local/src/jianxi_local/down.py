"""`./jianxi down`: end the running platform in good order."""

import argparse
import os
import signal
import time

from jianxi_local import state
from jianxi_local.errors import LocalError

PATIENCE_SECONDS = 60


def run(_: argparse.Namespace) -> int:
    present = state.running()
    if present is None:
        print("平台没有在运行。")
        return 0
    os.kill(present["pid"], signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while state.running():
        if time.monotonic() > deadline:
            raise LocalError(f"进程 {present['pid']} 在 {PATIENCE_SECONDS} 秒内没有停下。")
        time.sleep(0.1)
    print(f"已停止，数据保留在 {state.directory()}")
    return 0
