"""docs/refusals.md: every code of every service, written by a program and kept true by lint."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from jianxi_local import checks, refusals
from jianxi_local.state import ROOT


def test_the_page_is_written_once_and_a_stale_one_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["refusals", "--into", str(tmp_path / "docs"), *arguments])
        return refusals.main()

    assert run("--check") == 1
    assert run() == 0
    assert run("--check") == 0
    capsys.readouterr()
    (tmp_path / "docs" / "refusals.md").write_text("edited")
    assert run("--check") == 1
    assert "is out of date" in capsys.readouterr().out
    assert checks.LINT["refusals page"][1:] == ["-m", "jianxi_local.refusals", "--check"]


def test_the_page_has_every_refusal_that_is_declared_anywhere(tmp_path: Path) -> None:
    """In a process of its own, which has imported nothing before; the sources are searched as text."""
    written = subprocess.run([sys.executable, "-m", "jianxi_local.refusals", "--into", str(tmp_path)], check=False)
    assert written.returncode == 0
    listed = re.findall(r"^\| `(\w+)` \| [45]\d\d \| .+ \| (?:[A-Z]\d+)? \|$", (tmp_path / "refusals.md").read_text(), re.MULTILINE)
    sources = [file for pattern in ("libs/*/src", "services/*/src") for folder in ROOT.glob(pattern) for file in folder.rglob("*.py")]
    declared = {code for file in sources for code in re.findall(r'= refusal\(\s*"(\w+)"', file.read_text())}
    assert listed == sorted(declared)
