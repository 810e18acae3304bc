"""What a reader may rely on about the repository itself."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 250


def test_no_source_file_is_long() -> None:
    sources = [file for folder in ("libs", "services", "deploy", "tests") for file in (ROOT / folder).rglob("*.py")]
    assert sources
    assert {str(file.relative_to(ROOT)): lines for file in sources if (lines := len(file.read_text().splitlines())) > LONGEST_FILE} == {}


def test_ci_runs_the_test_command_of_both_readmes() -> None:
    command = "./jianxi lint && ./jianxi test"
    for readme in ("README.md", "README.zh.md"):
        assert f"```\n{command}\n```" in (ROOT / readme).read_text(), readme
    assert command in (ROOT / ".ci" / "run").read_text().splitlines()


def test_every_document_that_is_linked_is_there() -> None:
    pages = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    missing = {
        f"{page.name} → {target}"
        for page in pages
        for target in _links(page.read_text())
        if "://" not in target and not target.startswith("#") and not (page.parent / target.split("#")[0]).exists()
    }
    assert missing == set()


def _links(text: str) -> list[str]:
    return [part.split(")")[0] for part in text.split("](")[1:]]
