"""`./jianxi events`: the operator's commands over the messaging (`common.ops`), on the running local platform."""

import argparse
import os
import subprocess
import sys

from jianxi_local import state


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="命令", help="tail、lag、backlog、dead、rebuild（重建统计）；加 --help 看各自的参数"
    )


def run(arguments: argparse.Namespace) -> int:
    """The exit status of the command."""
    running = state.require_running()
    servers = {f"JIANXI_{name.upper()}": os.environ.get(f"JIANXI_{name.upper()}") or running[name] for name in ("mongo", "kafka")}
    command = ["analytics.rebuild"] if arguments.rest == ["rebuild"] else ["common.ops", *(arguments.rest or ["--help"])]
    return subprocess.run([sys.executable, "-m", *command], env=os.environ | servers, check=False).returncode
