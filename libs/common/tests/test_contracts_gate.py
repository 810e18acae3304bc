"""The gate of the contracts: green as shipped, and one line for each way to break a contract."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from common.contracts import gate
from common.contracts.applications import ApplicationStatusChanged
from common.contracts.base import MESSAGES, Message
from common.contracts.envelope import headers
from common.contracts.gate import Contracts, findings, freeze
from common.contracts.schema import differences, open_fields, schema_of
from common.contracts.topics import Topic
from common.contracts.words import Status
from common.values import Value
from pydantic import create_model

NAME = "sample.said.v1"


def declare(**fields: Any) -> type[Message]:
    """A message class of its own: fields as for `create_model`."""
    MESSAGES.pop(("sample.said", 1), None)
    return create_model("SampleSaid", __base__=Message, __cls_kwargs__={"type": "sample.said", "version": 1}, **fields)


class Part(Value, extra="ignore"):
    why: str


class GrownPart(Part):
    more: int = 0


class StrictPart(Part):
    more: int


BASE: dict[str, Any] = {"id": (str, ...), "status": (Status, ...), "note": (str | None, None), "parts": (tuple[Part, ...], ())}


@pytest.fixture(autouse=True)
def _forget_the_sample() -> Iterator[None]:
    yield
    MESSAGES.pop(("sample.said", 1), None)


@pytest.fixture
def contracts(tmp_path: Path) -> Callable[..., Contracts]:
    """The gate over one message in a folder of its own, frozen and exemplified; other fields make a changed class of it."""
    folder = tmp_path / "contracts"
    for name in ("schemas", "examples"):
        (folder / name).mkdir(parents=True)
    (folder / "public_fields.json").write_text(json.dumps({"sample": ["id", "status", "sample.said/note", "why", "more", "count"]}))

    def checking(fields: dict[str, Any] = BASE, *, confidential: bool = False) -> Contracts:
        message = declare(**fields)
        topic = Topic("samples", "audit", "sample id", (message,), ("ledger",), confidential=confidential)
        return Contracts(folder, (topic,), (message,))

    freeze(checking())
    value = {"id": "smp_1", "status": "PENDING", "note": "x", "parts": [{"why": "y"}]}
    pairs = headers("smp_1", 1, NAME, "audit", "2026-03-02T04:00:00+00:00", "")
    example = {"key": "smp_1", "headers": {name: raw.decode() for name, raw in pairs}, "value": value}
    (folder / "examples" / f"{NAME}.json").write_text(json.dumps(example))
    return checking


def only(found: Iterator[str]) -> str:
    lines = list(found)
    assert len(lines) == 1, lines
    return lines[0]


def example_with(contracts: Contracts, **changes: Any) -> None:
    file = contracts.example_file(NAME)
    example = json.loads(file.read_text())
    file.write_text(
        json.dumps({part: {**content, **changes.get(part, {})} if part != "key" else content for part, content in example.items()})
    )


def test_the_contracts_as_shipped_pass() -> None:
    assert list(findings(Contracts())) == []


def test_an_untouched_message_passes(contracts: Callable[..., Contracts]) -> None:
    assert list(findings(contracts())) == []


def test_a_new_class_is_told_how_to_freeze_it_and_freezing_helps(contracts: Callable[..., Contracts]) -> None:
    checked = contracts()
    checked.schema_file(NAME).unlink()
    checked.digest_file.unlink()
    assert only(findings(checked)) == f"{NAME}: has no frozen schema; freeze it with python -m common.contracts.gate --freeze"
    assert freeze(checked) == [NAME]
    assert list(findings(checked)) == []


def test_freezing_never_touches_what_is_frozen(contracts: Callable[..., Contracts]) -> None:
    changed = contracts({**BASE, "note": (int, ...)})
    before = changed.schema_file(NAME).read_text()
    assert freeze(changed) == []
    assert changed.schema_file(NAME).read_text() == before
    changed.schema_file(NAME).unlink()
    assert freeze(changed) == []
    assert f"schemas/{NAME}.schema.json: is frozen and missing; restore it" in list(findings(changed))


def test_an_edited_frozen_schema_is_found(contracts: Callable[..., Contracts]) -> None:
    checked = contracts()
    file = checked.schema_file(NAME)
    file.write_text(file.read_text() + "\n")
    assert "was edited" in only(findings(checked))


def test_a_schema_put_there_by_hand_is_found(contracts: Callable[..., Contracts]) -> None:
    checked = contracts()
    checked.digest_file.write_text("")
    assert "is not in frozen.sha256" in only(findings(checked))


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"id": (int, ...)}, "type of id was string and is integer"),
        ({"id": (str | None, ...)}, "of id was"),
        ({"id": (str, "")}, "field id was required and no longer is"),
        ({"note": (str | None, ...)}, "field note was optional and no longer is"),
        ({"note": (str | None, "none")}, "default of note was None and is none"),
        ({"status": (str, ...)}, "enum of status was"),
        ({"parts": (tuple[StrictPart, ...], ())}, "field parts[].more is new and required"),
        ({"count": (int, ...)}, "field count is new and required"),
    ],
)
def test_a_change_that_old_or_new_readers_cannot_follow_is_found(
    contracts: Callable[..., Contracts], fields: dict[str, Any], finding: str
) -> None:
    found = list(differences(json.loads(contracts().schema_file(NAME).read_text()), schema_of(declare(**{**BASE, **fields}))))
    assert any(finding in line for line in found), found
    lines = list(findings(contracts({**BASE, **fields})))
    assert any(line.startswith(f"{NAME}: ") and finding in line and line.endswith("declare version 2") for line in lines), lines


def test_a_removed_or_renamed_field_is_found(contracts: Callable[..., Contracts]) -> None:
    renamed = {"identity" if name == "id" else name: field for name, field in BASE.items()}
    lines = list(differences(schema_of(declare(**BASE)), schema_of(declare(**renamed))))
    assert lines == ["field id is gone", "field identity is new and required"]


@pytest.mark.parametrize("words", [["OFFERED"], ["OFFERED", "PENDING", "SLEEPING"]])
def test_a_narrower_or_wider_enum_is_found(words: list[str]) -> None:
    frozen, live = ({"properties": {"to": {"enum": enum}}, "required": ["to"]} for enum in (["OFFERED", "PENDING"], words))
    assert only(differences(frozen, live)) == f"enum of to was ['OFFERED', 'PENDING'] and is {words}"


def test_a_type_in_the_middle_of_a_union_is_compared() -> None:
    before, after = (schema_of(declare(value=(kind, None))) for kind in (str | None, int | None))
    assert only(differences(before, after)) == "type of value was string and is integer"


def test_optional_additions_pass_at_any_depth_and_old_readers_pass_over_them(contracts: Callable[..., Contracts]) -> None:
    grown = contracts({**BASE, "count": (int, 0), "parts": (tuple[GrownPart, ...], ())})
    assert list(differences(json.loads(grown.schema_file(NAME).read_text()), schema_of(next(iter(grown.messages))))) == []
    new = next(iter(grown.messages))(id="a", status=Status.PENDING, parts=(GrownPart(why="w"),), count=3)  # type: ignore[call-arg]
    old = declare(**BASE).model_validate_json(new.model_dump_json())
    assert old.model_dump() == {"id": "a", "status": "PENDING", "note": None, "parts": ({"why": "w"},)}


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"value": {"status": "SLEEPING"}}, "does not decode: not a sample.said.v1: enum"),
        ({"headers": {"ce_id": "smp_1"}}, "does not decode: ce_id is not <aggregate>:<seq>"),
        ({"headers": {"ce_type": "sample.unknown.v1"}}, "does not decode: sample.unknown.v1"),
        ({"headers": {"ce_subject": "smp_2"}}, "does not come back the same: headers ce_subject"),
        ({"value": {"extra": 1}}, "does not come back the same: value extra"),
        ({"headers": {"ce_type": "seats.drained.v1"}, "value": {"posting_id": "smp_1"}}, "the golden example is a seats.drained.v1"),
    ],
)
def test_a_wrong_golden_example_is_found(contracts: Callable[..., Contracts], changes: dict[str, Any], finding: str) -> None:
    checked = contracts()
    example_with(checked, **changes)
    assert finding in "\n".join(findings(checked))


def test_an_example_that_leaves_a_field_out_is_found(contracts: Callable[..., Contracts]) -> None:
    grown = contracts({**BASE, "count": (int, 0)})
    assert only(findings(grown)) == f"{NAME}: the golden example does not come back the same: value count"


def test_a_missing_golden_example_is_found(contracts: Callable[..., Contracts]) -> None:
    checked = contracts()
    checked.example_file(NAME).unlink()
    assert only(findings(checked)) == f"{NAME}: has no golden example; write examples/{NAME}.json"


@pytest.mark.parametrize("folder", ["schemas", "examples"])
def test_a_file_without_a_class_is_found(contracts: Callable[..., Contracts], folder: str) -> None:
    checked = contracts()
    file = checked.schema_file(NAME) if folder == "schemas" else checked.example_file(NAME)
    shutil.copy(file, file.with_name(file.name.replace("said", "sung")))
    assert any(line.startswith(f"{folder}/sample.sung.v1") and "belongs to no message class" in line for line in findings(checked))


def test_a_message_on_no_topic_is_found(contracts: Callable[..., Contracts]) -> None:
    checked = contracts()
    assert "travels on no topic" in only(findings(Contracts(checked.folder, (), checked.messages)))


@pytest.mark.parametrize(
    "field", [(str, ""), (str | None, None), (tuple[str, ...], ()), (dict[str, Any], {}), (int, 0), (tuple[tuple[str, ...], ...], ())]
)
def test_an_unlisted_open_field_on_an_open_topic_is_found_and_on_a_confidential_one_is_not(
    contracts: Callable[..., Contracts], field: Any
) -> None:
    found = [line for line in findings(contracts({**BASE, "phone": field})) if "could carry personal data" in line]
    assert [line.split(":")[1].split()[1] for line in found] == ["phone"]
    assert not any("personal" in line for line in findings(contracts({**BASE, "phone": field}, confidential=True)))


def test_a_field_allowed_in_one_message_is_not_allowed_in_another() -> None:
    """A unit's legal name is public; a `name` anywhere else would be a person's."""
    listed = json.loads((gate.HERE / "public_fields.json").read_text())
    assert "name" not in {entry for entries in listed.values() for entry in entries}
    assert set(open_fields(schema_of(ApplicationStatusChanged))) >= {"rule", "why", "reason_code", "start"}
    assert not {"retained", "to", "result"} & set(open_fields(schema_of(ApplicationStatusChanged)))


def test_the_command_says_each_finding_on_one_line_and_fails(
    contracts: Callable[..., Contracts], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = contracts()
    checked.example_file(NAME).unlink()
    monkeypatch.setattr(gate, "Contracts", lambda: checked)
    monkeypatch.setattr("sys.argv", ["gate", "--freeze"])
    assert gate.main() == 1
    assert capsys.readouterr().out == f"{NAME}: has no golden example; write examples/{NAME}.json\n"
    checked.schema_file(NAME).unlink()
    checked.digest_file.unlink()
    gate.main()
    assert capsys.readouterr().out.startswith(f"frozen {NAME}\n")
