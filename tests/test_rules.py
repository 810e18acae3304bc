"""The manifest of rules and the tests agree in both directions."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RULES = tomllib.loads((ROOT / "tests" / "rules.toml").read_text())
BUILT, MAIN_PATH, WAITING = "built", "main path", "not yet built"


def test_the_manifest_lists_every_rule_of_the_programme_in_order() -> None:
    assert list(RULES) == [f"G{number}" for number in range(1, 18)] + [f"R{number}" for number in range(1, 33)]


def test_every_rule_has_a_statement_and_a_state() -> None:
    for rule, entry in RULES.items():
        assert set(entry) == {"says", "state", "missing"} - ({"missing"} if entry["state"] != MAIN_PATH else set()), rule
        assert entry["says"].endswith("."), rule
        assert entry["state"] in (BUILT, MAIN_PATH, WAITING), rule


def test_every_built_rule_has_a_test(cited: dict[str, list[str]]) -> None:
    assert [rule for rule, entry in RULES.items() if entry["state"] != WAITING and rule not in cited] == []


def test_every_cited_rule_is_in_the_manifest(cited: dict[str, list[str]]) -> None:
    assert {rule: places for rule, places in cited.items() if rule not in RULES} == {}


def test_marks_are_found_on_tests_parameters_classes_and_modules() -> None:
    source = """
pytestmark = pytest.mark.rule("G1")
other = mark.rule("G9")

@pytest.mark.rule("G2", "R3")
@pytest.mark.parametrize("case", [pytest.param(1, marks=pytest.mark.rule("R4"))])
def test_something(case): ...

@pytest.mark.rule("R5")
class TestThings: ...
"""
    assert sorted(ids_in(source)) == ["G1", "G2", "R3", "R4", "R5"]


def test_a_rule_that_is_not_written_out_is_refused() -> None:
    with pytest.raises(TypeError, match="written out"):
        list(ids_in("@pytest.mark.rule(*RULES)\ndef test_something(): ..."))


@pytest.fixture(scope="module")
def cited() -> dict[str, list[str]]:
    """Rule id → the test files that name it."""
    places: dict[str, list[str]] = defaultdict(list)
    for file in suite_files():
        for rule in ids_in(file.read_text()):
            places[rule].append(str(file.relative_to(ROOT)))
    return places


def suite_files() -> list[Path]:
    """Every file that pytest would collect, this one left out: its example cites rules that it does not hold."""
    found = (file for folder in ("libs", "services", "deploy", "tests") for file in (ROOT / folder).rglob("test_*.py"))
    return sorted(file for file in found if file != Path(__file__))


def ids_in(source: str) -> Iterator[str]:
    """The arguments of all pytest.mark.rule(...). TypeError when one is not a literal: it could not be checked."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
            for argument in node.args:
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    raise TypeError(f"line {node.lineno}: the ids in pytest.mark.rule are written out as text")
                yield argument.value
