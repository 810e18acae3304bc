"""docs/states.md: every arrow of every table, written by a program and kept true by lint."""

from pathlib import Path

import pytest
from applications.domain import status as applications
from jianxi_local import checks, states
from jianxi_local.state import ROOT
from postings.domain import status as postings


def test_the_page_is_written_once_and_a_stale_one_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["states", "--into", str(tmp_path), *arguments])
        return states.main()

    assert run("--check") == 1
    assert run() == 0
    assert run("--check") == 0
    (tmp_path / "states.md").write_text("edited")
    assert run("--check") == 1
    assert checks.LINT["states page"][1:] == ["-m", "jianxi_local.states", "--check"]


def test_every_arrow_is_drawn_and_printed_and_nothing_else() -> None:
    page = states.page()
    arrows = [
        *((one.from_, one.to, one.command) for one in applications.ARROWS),
        *((one.from_, one.to, one.command) for one in postings.ARROWS),
    ]
    drawn = [line for line in page.splitlines() if " --> " in line]
    assert len(drawn) == len(arrows) + 1, "a posting begins as a draft"
    for from_, to, command in arrows:
        assert any(line.startswith(f"    {from_ or '[*]'} --> {to}: {command}") for line in drawn)
    printed = [line for line in page.splitlines() if line.startswith("|") and "`" in line]
    assert len(printed) == len(arrows) + len(applications.STEADY)


@pytest.mark.parametrize("page", ["states.md", "effects.md", "glossary.md"])
def test_the_pages_lie_in_docs(page: str) -> None:
    assert (ROOT / "docs" / page).exists()
