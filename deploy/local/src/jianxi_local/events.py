"""`./jianxi events`: the operator's commands over the messaging (`common.ops`), on the running local platform."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from jianxi_local import state
from jianxi_local.stack import SERVICES, Stack

_HELP = "tail、lag、backlog、dead；replay 消费组 [--compare]（重建投影）；rebuild（重建统计）；加 --help 看各自的参数"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="命令", help=_HELP)


def run(arguments: argparse.Namespace) -> int:
    """The exit status of the command."""
    running = state.require_running()
    servers = {f"JIANXI_{name.upper()}": os.environ.get(f"JIANXI_{name.upper()}") or running[name] for name in ("mongo", "kafka")}
    match arguments.rest:
        case ["rebuild"]:
            return _python(["analytics.rebuild"], os.environ | servers)
        case ["replay", group, *options] if group.partition(".")[0] in SERVICES:
            stack, service = Stack(state.directory()), group.partition(".")[0]
            return _python([service, "--replay", group, *options], {**stack.environment(service, stack.port), **servers})
        case rest:
            return _python(["common.ops", *(rest or ["--help"])], os.environ | servers)


def _python(module: Sequence[str], environment: Mapping[str, str]) -> int:
    return subprocess.run([sys.executable, "-m", *module], env=dict(environment), check=False).returncode
