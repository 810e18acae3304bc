"""`./jianxi lock`: resolve what all packages of the repository ask for into requirements.lock, with hashes and no index address."""

import argparse
import subprocess
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

from jianxi_local.checks import TOOLS
from jianxi_local.state import ROOT

LOCK = ROOT / "requirements.lock"
OURS = "jianxi-"


def run(_: argparse.Namespace) -> int:
    """Keeps the versions already locked where they still fit; remove the file first to take the newest of everything."""
    command = [str(TOOLS / "uv"), "pip", "compile", "-", "--universal", "--python-version", "3.11", "--generate-hashes"]
    quiet = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]
    asked = "\n".join(requirements())
    return subprocess.run([*command, *quiet, "--output-file", str(LOCK)], input=asked, text=True, cwd=ROOT, check=False).returncode


def requirements() -> list[str]:
    """What the packages and the development group ask for, ourselves left out."""
    found = {requirement for file in manifests() for requirement in _asked(tomllib.loads(file.read_text()))}
    return sorted(requirement for requirement in found if not requirement.startswith(OURS))


def manifests() -> list[Path]:
    return [ROOT / "pyproject.toml", *sorted(ROOT.glob("*/*/pyproject.toml"))]


def _asked(manifest: dict[str, dict[str, Any]]) -> list[str]:
    """With all extras, so that an image that wants one finds it locked."""
    extras = manifest["project"].get("optional-dependencies", {}).values()
    return [*manifest["project"].get("dependencies", []), *chain(*extras), *manifest.get("dependency-groups", {}).get("dev", [])]
