"""Prints what a service and common ask for, ourselves left out: ``python deploy/docker/requirements.py <service> [<extra of common> …]``.

With requirements.lock as constraints (`pip install --require-hashes -c requirements.lock`) this installs exactly the
locked versions that the service needs, and none of the tools of development.
"""

import sys
import tomllib
from pathlib import Path

OURS = "jianxi-"
ROOT = Path(__file__).parents[2]


def asked(service: str, *extras: str) -> list[str]:
    """Requirements, sorted. FileNotFoundError when there is no such service, KeyError when there is no such extra."""
    manifests = (ROOT / "libs" / "common" / "pyproject.toml", ROOT / "services" / service / "pyproject.toml")
    common, own = (tomllib.loads(manifest.read_text())["project"] for manifest in manifests)
    found = {*common["dependencies"], *own["dependencies"]}.union(*(common["optional-dependencies"][extra] for extra in extras))
    return sorted(line for line in found if not line.startswith(OURS))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in asked(*sys.argv[1:]))
