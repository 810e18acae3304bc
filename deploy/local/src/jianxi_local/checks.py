"""`./jianxi test` and `./jianxi lint`: the same checks for a person and for CI."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from jianxi_local.state import ROOT

TOOLS = Path(sys.executable).parent
TYPED = ["libs", "services", "deploy", "tests", "examples", "conftest.py"]
LINT = {
    "ruff check": [str(TOOLS / "ruff"), "check", "."],
    "ruff format": [str(TOOLS / "ruff"), "format", "--check", "."],
    "mypy": [str(TOOLS / "mypy"), *TYPED],
    "import contracts": [str(TOOLS / "lint-imports")],
    "schema gate": [sys.executable, "-m", "common.contracts.gate"],
    "message docs": [sys.executable, "-m", "common.contracts.docs", "--check"],
    "states page": [sys.executable, "-m", "jianxi_local.states", "--check"],
    "refusals page": [sys.executable, "-m", "jianxi_local.refusals", "--check"],
}


WORKERS = ["-n", "2", "--no-loadscope-reorder"]
"""Two at once, each with servers of its own; they take file by file as `conftest.py` shares them out."""


FAULTS = ["tests/failures/test_checkers.py", "tests/failures/matrix"]
"""What `--faults` runs."""


def test(arguments: Sequence[str]) -> int:
    """pytest from the root of the repository; all arguments go through. The whole suite is shared among workers, a part is not."""
    if "--faults" in arguments and not any(argument.startswith("tests/") for argument in arguments):
        arguments = [*arguments, *FAULTS]
    whole = all(argument.startswith("-") for argument in arguments)
    return subprocess.run([sys.executable, "-m", "pytest", *(WORKERS if whole else []), *arguments], cwd=ROOT, check=False).returncode


def run(_: argparse.Namespace) -> int:
    """Every step runs; the output of the first that failed is shown at the end."""
    failed: list[str] = []
    for name, command in LINT.items():
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'failed'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
        if done.returncode != 0:
            failed.append(done.stdout)
    print("".join(failed[:1]), end="")
    return 1 if failed else 0
