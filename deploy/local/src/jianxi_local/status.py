"""`./jianxi status`: what runs, where, and whether it is ready."""

import argparse

from jianxi_local import state
from jianxi_local.files import read_json
from jianxi_local.program import status_of


def run(_: argparse.Namespace) -> int:
    """0 when every process is ready, 1 when one is not or nothing runs."""
    present = state.running()
    if present is None:
        print("平台没有在运行。")
        return 1
    print(present["url"] or "正在启动")
    processes = read_json(state.directory() / state.ROSTER) or []
    all_ready = bool(processes)
    for process in processes:
        ready = status_of(f"http://127.0.0.1:{process['port']}/readyz") == 200
        all_ready &= ready
        word = "就绪" if ready else "未就绪"
        print(f"  {process['name']:<24} 端口 {process['port']:<6} 进程 {process['pid']:<8} 重启 {process['restarts']} 次  {word}")
    return 0 if all_ready else 1
