"""Value types: immutable, closed (unknown fields are refused), compared by content."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


def visible(text: Any) -> Any:
    """Without what nobody sees: control and format characters (zero width, direction, byte order), line breaks and tabs excepted.

    They come along when people paste, and would make two texts that look the same different.
    """
    if not isinstance(text, str):
        return text
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


Visible = BeforeValidator(visible)
"""Stands last in the annotation of every text that people write, so that it works first."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Visible]
"""What a person writes to explain something."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Visible]
"""What something is called."""
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,64}$")]
"""A code of a list."""


class Value(BaseModel):
    """Base of every state, command body and message. Frozen; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def but(self, **changes: Any) -> Self:
        """A copy with these fields replaced. The caller keeps the types right; mypy cannot."""
        return self.model_copy(update=changes)


_IN_WORDS = {
    "missing": "必填",
    "extra_forbidden": "不认识的字段",
    "value_error": "与其他内容不一致",
    **dict.fromkeys(("greater_than", "greater_than_equal", "less_than", "less_than_equal"), "超出允许的范围"),
}
"""By the type of a pydantic error; any other is a wrong form."""


def in_words(errors: Iterable[Mapping[str, Any]]) -> str:
    """What people read of pydantic's errors: each field with what is wrong. Names no values: they may be personal."""
    fields: dict[str, set[str]] = {}
    for error in errors:
        field = ".".join(map(str, error["loc"])) or "内容"
        fields.setdefault(field, set()).add(error["type"])
    return "；".join(f"{field}（{_say(kinds)}）" for field, kinds in sorted(fields.items()))


def _say(kinds: set[str]) -> str:
    return next((words for kind, words in _IN_WORDS.items() if kind in kinds), "格式不正确")
