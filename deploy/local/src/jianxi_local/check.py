"""`./jianxi check`: look for what does not hold in the databases of the running platform (R27). Nothing is changed."""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from common.checks.run import print_table

from jianxi_local import state
from jianxi_local.errors import LocalError
from jianxi_local.stack import SERVICES, Stack

ACROSS = "common.checks"
TRIES = 3
"""A database that does not answer in time is asked again: looking changes nothing."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="每行一个 JSON")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 when something does not hold."""
    running = state.require_running()
    found = findings(Stack(state.directory()), {f"JIANXI_{n.upper()}": running[n] for n in ("mongo", "kafka") if running.get(n)})
    if arguments.json:
        for finding in found:
            print(json.dumps(finding, ensure_ascii=False))
    else:
        print_table(found, len(found))
    return 1 if found else 0


def findings(stack: Stack, servers: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """What every service finds in its own database, and what is found across them; `servers` where the stack does not know its own."""
    with ThreadPoolExecutor(len(SERVICES) + 1) as threads:
        each = threads.map(lambda module: _look(module, stack, servers or {}), (*SERVICES, ACROSS))
        return [finding for found in each for finding in found]


def _look(module: str, stack: Stack, servers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The module's findings. LocalError when it could not look, however often it tried."""
    arguments = ["--json"] if module == ACROSS else ["--check", "--json"]
    environment = {**stack.environment(module, stack.port), **servers}
    command = [sys.executable, "-m", module, *arguments]
    for _ in range(TRIES):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"service"')]
        if done.returncode == 0 or (done.returncode == 1 and lines):
            return lines
    raise LocalError(f"{module} 没有检查完：{done.stderr.strip().splitlines()[-1:] or '没有任何输出'}")
