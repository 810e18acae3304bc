"""Structured reasons (R18, R23): a code from a list per status and per kind of decision; statistics use the code, people read the label."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from common import data
from common.errors import refusal
from common.values import Name, Text, Value, Word

REASON_UNKNOWN = refusal("reason_unknown", 422, "请从列表中选择一个原因。", rule="R23")


class Reason(Value):
    """`by` is who may give it: a person of that role in a command, or the system by itself."""

    code: Word
    label: Name
    by: Literal["intern", "unit", "officer", "system"]


class ReasonList(Value):
    """The reasons of one `scope`: a status (REJECTED, …, TERMINATED for an early end) or a decision (recognition, posting, diploma, …)."""

    scope: Word
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1, max_length=100)]

    @property
    def key(self) -> str:
        return self.scope


class StatedReason(Value):
    """Why, as a command says it: the code of a list and a text."""

    code: Annotated[str, Field(max_length=64)]
    text: Text | None = None

    @classmethod
    def of(cls, code: str | None, text: str | None = None) -> Self | None:
        """From what an event or a line of history says."""
        return cls(code=code, text=text) if code else None


class ExplainedReason(StatedReason):
    """Where the text is needed too."""

    text: Text


class ReasonView(BaseModel):
    """Why, as people read it; `label` is the word of the list for the code."""

    code: str
    label: str
    text: str | None


class Reasons(Value):
    """Every list, by scope."""

    by_scope: dict[str, dict[str, Reason]]

    @classmethod
    def of(cls, lists: Iterable[ReasonList]) -> Self:
        return cls(by_scope={one.scope: {reason.code: reason for reason in one.reasons} for one in lists})

    def label(self, scope: str, code: str) -> str:
        """What people read; a code that has left the list stands for itself."""
        reason = self.by_scope.get(scope, {}).get(code)
        return reason.label if reason else code

    def shown(self, reason: StatedReason | None, *scopes: str) -> ReasonView | None:
        """With the label of the first of these lists that has the code."""
        if reason is None:
            return None
        scope = next((scope for scope in scopes if reason.code in self.by_scope.get(scope, {})), scopes[0])
        return ReasonView(**reason.model_dump(), label=self.label(scope, reason.code))

    def check(self, scope: str, code: str) -> str:
        """The code, when a person may choose it here; refuses with `reason_unknown`."""
        reason = self.by_scope.get(scope, {}).get(code)
        if reason is None or reason.by == "system":
            raise REASON_UNKNOWN()
        return code


def package_reasons() -> list[ReasonList]:
    """The lists that ship with the package."""
    return [ReasonList.model_validate({"scope": scope, "reasons": reasons}) for scope, reasons in data.load("reasons").items()]
