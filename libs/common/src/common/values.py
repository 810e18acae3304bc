"""Value types: immutable, closed (unknown fields are refused), compared by content."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""What a person writes to explain something."""


class Value(BaseModel):
    """Base of every state, command body and message. Frozen; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def but(self, **changes: Any) -> Self:
        """A copy with these fields replaced. The caller keeps the types right; mypy cannot."""
        return self.model_copy(update=changes)
