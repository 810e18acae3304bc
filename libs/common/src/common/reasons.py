"""Structured reasons (R18, R23): a code from a list per status and per kind of decision; statistics use the code, people read the label."""

from collections.abc import Iterable
from typing import Literal, Self

from common import data
from common.errors import refusal
from common.values import Value

REASON_UNKNOWN = refusal("reason_unknown", 422, "请从列表中选择一个原因。", rule="R23")


class Reason(Value):
    """`by` is who may give it: a person of that role in a command, or the system by itself."""

    code: str
    label: str
    by: Literal["intern", "unit", "officer", "system"]


class ReasonList(Value):
    """The reasons of one `scope`: a status (REJECTED, …, TERMINATED for an early end) or a decision (recognition, posting, diploma, …)."""

    scope: str
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> str:
        return self.scope


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

    def check(self, scope: str, code: str) -> str:
        """The code, when a person may choose it here; refuses with `reason_unknown`."""
        reason = self.by_scope.get(scope, {}).get(code)
        if reason is None or reason.by == "system":
            raise REASON_UNKNOWN()
        return code


def package_reasons() -> list[ReasonList]:
    """The lists that ship with the package."""
    return [ReasonList.model_validate({"scope": scope, "reasons": reasons}) for scope, reasons in data.load("reasons").items()]
