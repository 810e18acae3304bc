"""The generated pages say what the registry says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from common.contracts import asyncapi, docs
from common.contracts.base import MESSAGES
from common.contracts.tables import glossary_page
from common.contracts.topics import TOPICS
from common.contracts.words import Word


def test_the_pages_are_written_once_and_a_stale_one_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["docs", "--into", str(tmp_path / "docs"), *arguments])
        return docs.main()

    assert run("--check") == 1
    assert run() == 0
    assert run("--check") == 0
    capsys.readouterr()
    (tmp_path / "docs" / "messages.md").write_text("edited")
    assert run("--check") == 1
    assert capsys.readouterr().out.count("is out of date") == 1


def test_the_page_names_every_topic_message_and_field() -> None:
    page = docs.messages_page()
    for topic in TOPICS.values():
        assert f"## {topic.name}\n" in page
        for message in topic.messages:
            section = page.split(f"### {message.ce_type()}\n")[1].split("\n##")[0]
            assert all(f"`{field.alias}`" in section for field in message.model_fields.values())
    assert "| `eligibility[].why` | string | yes |" in page
    assert "| `due_at` | instant or null | no |" in page


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = yaml.safe_load(asyncapi.document())
    references = list(_references(document))
    assert len(references) > 2 * len(MESSAGES)
    for reference in references:
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
    assert document["operations"]["applications.says.seats"]["action"] == "send"
    assert document["channels"]["people"]["description"].endswith("Confidential.")
    assert set(document["components"]["messages"]) == {message.ce_type() for message in MESSAGES.values()}


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["$ref"]] if "$ref" in part else []
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def test_the_glossary_keeps_what_people_wrote_and_prints_every_word() -> None:
    page = glossary_page("# Glossary\n\nby hand\n")
    assert page.startswith("# Glossary\n\nby hand\n")
    assert glossary_page(page.replace("已认定", "changed")) == page
    assert all(f"| `{word}` | {word.label} |" in page for words in Word.__subclasses__() for word in words)
    assert all(word.label for words in Word.__subclasses__() for word in words)
