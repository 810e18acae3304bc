"""`./jianxi scale`: more or fewer processes of a role on the running platform."""

import argparse
import time

from jianxi_local import state, status
from jianxi_local.errors import LocalError
from jianxi_local.files import read_json, write_json
from jianxi_local.program import status_of
from jianxi_local.stack import names, parse_scale

PATIENCE_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("wanted", nargs="+", metavar="服务.角色=个数", help="例如 applications.api=3；没有写到的保持不变")


def run(arguments: argparse.Namespace) -> int:
    """Tells the one who keeps the platform, and waits until it is done."""
    wanted = dict(parse_scale(text) for text in arguments.wanted)
    if not state.require_running()["url"]:
        raise LocalError("平台正在启动：请等它就绪后再试。")
    file = state.directory() / state.SCALE
    scale = (read_json(file) or {}) | wanted
    write_json(file, scale)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _done(scale):
        if time.monotonic() > deadline:
            output = f"./jianxi up 的输出（在后台运行时是 {state.directory() / 'up.log'}）"
            raise LocalError(f"{PATIENCE_SECONDS:.0f} 秒内没有完成，原因见 {output}。")
        time.sleep(0.1)
    return status.run(arguments)


def _done(scale: dict[str, int]) -> bool:
    """As many as are wanted run, and all are ready."""
    processes = read_json(state.directory() / state.ROSTER) or []
    if {process["name"] for process in processes} != names(scale):
        return False
    return all(status_of(f"http://127.0.0.1:{process['port']}/readyz") == 200 for process in processes)
