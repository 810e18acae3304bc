"""Value types: immutable, closed (unknown fields are refused), compared by content."""

import unicodedata
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


class Value(BaseModel):
    """Base of every state, command body and message. Frozen; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def but(self, **changes: Any) -> Self:
        """A copy with these fields replaced. The caller keeps the types right; mypy cannot."""
        return self.model_copy(update=changes)
