"""The list of refusals against the tests."""

import re
from pathlib import Path

from applications.domain import refusals
from common.errors import RefusalKind


def test_every_refusal_is_given_in_some_test() -> None:
    declared = {kind.code for kind in vars(refusals).values() if isinstance(kind, RefusalKind)}
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert declared <= set(re.findall(r'"([a-z_]+)"', tests))


def test_every_refusal_names_its_rule_and_says_something_in_chinese() -> None:
    for kind in vars(refusals).values():
        if isinstance(kind, RefusalKind):
            assert re.fullmatch(r"[GR]\d+", kind.rule), kind.code
            assert kind.detail.endswith(("。", "{why}")), kind.code
            assert kind.status in (403, 404, 409, 422), kind.code
