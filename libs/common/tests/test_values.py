"""Texts that people write."""

import pytest
from common.values import Text, Value, in_words
from pydantic import ValidationError


class Note(Value):
    text: Text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  示例  ", "示例"),
        ("示\u200b例\ufeff", "示例"),
        ("\u202e示例\u2069", "示例"),
        ("示\0例\x1b[31m", "示例[31m"),
        ("一\n二\t三", "一\n二\t三"),
        ("👍🏽 好", "👍🏽 好"),
    ],
)
def test_what_nobody_sees_is_dropped(written: str, kept: str) -> None:
    assert Note(text=written).text == kept


@pytest.mark.parametrize("written", ["", " ", "\u200b", "\u202e\u2069", "\0", "\n", "x" * 501])
def test_a_text_without_anything_to_see_or_too_long_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Note(text=written)


def test_errors_are_told_by_field_in_chinese() -> None:
    errors = [
        {"loc": loc, "type": kind}
        for loc, kind in ((("b", 0), "less_than_equal"), (("a",), "missing"), ((), "value_error"), (("b", 0), "x"))
    ]
    assert in_words(errors) == "a（必填）；b.0（超出允许的范围）；内容（与其他内容不一致）"
    assert in_words([{"loc": ("a",), "type": "string_too_long"}]) == "a（格式不正确）"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        Note.model_validate({"text": 5})
