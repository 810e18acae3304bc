"""Prints what a service and common ask for, ourselves left out: ``python deploy/docker/requirements.py <service>``.

With requirements.lock as constraints (`pip install --require-hashes -c requirements.lock`) this installs exactly the
locked versions that the service needs, and none of the tools of development.
"""

import sys
import tomllib
from pathlib import Path

OURS = "jianxi-"
ROOT = Path(__file__).parents[2]


def asked(service: str) -> list[str]:
    """Requirements, sorted. FileNotFoundError when there is no such service."""
    manifests = (ROOT / "libs" / "common" / "pyproject.toml", ROOT / "services" / service / "pyproject.toml")
    found = {line for manifest in manifests for line in tomllib.loads(manifest.read_text())["project"]["dependencies"]}
    return sorted(line for line in found if not line.startswith(OURS))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in asked(sys.argv[1]))
