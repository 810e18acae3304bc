"""The bash entry `jianxi` makes its environment once, and says what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jianxi_local.state import ROOT

TOOLS = ("bash", "cat", "cut", "dirname", "flock", "mkdir", "rm", "sha256sum", "tail")


class Clone:
    """A repository of nothing but the entry, an empty lock and a jianxi_local that repeats its arguments."""

    def __init__(self, root: Path) -> None:
        self.root = root / "clone"
        self.path = root / "bin"
        self.lock = self.root / "requirements.lock"
        package = self.root / "deploy" / "local" / "src" / "jianxi_local"
        package.mkdir(parents=True)
        package.joinpath("__main__.py").write_text("import sys; print(sys.argv[1:])")
        self.lock.touch()
        shutil.copy(ROOT / "jianxi", self.root)
        self.path.mkdir()
        for tool in TOOLS:
            (self.path / tool).symlink_to(str(shutil.which(tool)))

    def give_python(self, script: str = "", name: str = "python3") -> None:
        """This machine's Python under that name, or a script in its place."""
        python = self.path / name
        python.write_text(f"#!/bin/sh\n{script}\n" if script else f'#!/bin/sh\nexec {sys.base_prefix}/bin/python3 "$@"\n')
        python.chmod(0o755)

    def run(self, *arguments: str, python: str = "") -> subprocess.CompletedProcess[str]:
        env = os.environ | {"PATH": str(self.path), "JIANXI_PYTHON": python}
        return subprocess.run([str(self.root / "jianxi"), *arguments], env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_without_python_it_names_the_package(clone: Clone) -> None:
    done = clone.run("up")
    assert done.returncode == 1
    assert "python3" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_venv_it_names_the_package(clone: Clone) -> None:
    clone.give_python('case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    done = clone.run("up")
    assert done.returncode == 1
    assert "python3-venv" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_failed_installation_is_done_again_and_a_finished_one_is_not(clone: Clone) -> None:
    clone.give_python()
    clone.lock.write_text("not a requirement!\n")
    failed = clone.run("up")
    assert failed.returncode == 1
    assert "venv.log" in failed.stderr

    clone.lock.write_text("")
    made = clone.run("test", "-k", "two words")
    assert made.stdout == "['test', '-k', 'two words']\n"
    assert "requirements.lock" in made.stderr

    again = clone.run("status")
    assert (again.stdout, again.stderr) == ("['status']\n", "")


def test_the_interpreter_can_be_chosen_and_another_choice_makes_the_environment_anew(clone: Clone) -> None:
    clone.give_python()
    clone.give_python(name="python of choice")
    for choice, made in (("", True), ("python of choice", True), ("python of choice", False), ("", False), ("python3", True)):
        done = clone.run("status", python=choice)
        assert done.stdout == "['status']\n"
        assert ("requirements.lock" in done.stderr) is made, choice


def test_a_chosen_interpreter_that_is_none_is_named(clone: Clone) -> None:
    clone.give_python()
    done = clone.run("up", python="nothing-here")
    assert done.returncode == 1
    assert done.stderr.startswith("nothing-here 不是可用的 Python。")
