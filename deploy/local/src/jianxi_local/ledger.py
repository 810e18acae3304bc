"""`./jianxi ledger verify`: check the hash chains of the running platform's audit ledger, straight from its database."""

import argparse
import os
import subprocess
import sys

from jianxi_local import state


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", choices=["verify"], metavar="verify", help="逐条校验哈希链")


def run(_: argparse.Namespace) -> int:
    """Exit status 1 when a chain is broken."""
    running = state.require_running()
    database = os.environ.get("JIANXI_MONGO") or running["mongo"]
    return subprocess.run(
        [sys.executable, "-m", "audit.ledger.verify"], env=os.environ | {"JIANXI_MONGO": database}, check=False
    ).returncode
