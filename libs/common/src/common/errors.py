"""Named refusals: one stable code each, a Chinese sentence that says what to do, and the rule behind it.

A refusal is declared once, next to the rule it belongs to, and raised by calling it::

    TOO_MANY_PENDING = refusal("too_many_pending", 409, "您已有{limit}个待确认的岗位……", rule="G5")
    raise TOO_MANY_PENDING(limit=policy.max_pending)
"""

from dataclasses import dataclass
from typing import Any

REFUSALS: dict[str, "RefusalKind"] = {}
"""Every declared refusal by code: the source of docs/refusals.md."""


class Refusal(Exception):
    """A command or query was understood and refused; nothing has changed."""

    def __init__(self, kind: "RefusalKind", facts: dict[str, Any]) -> None:
        self.kind = kind
        self.facts = facts
        super().__init__(kind.code)

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def detail(self) -> str:
        """The sentence the person reads, with this case's facts filled in."""
        return self.kind.detail.format(**self.facts)


@dataclass(frozen=True)
class RefusalKind:
    """What can be refused: `status` is the HTTP status, `rule` the rule id (G5, R7, …) or empty."""

    code: str
    status: int
    detail: str
    rule: str

    def __call__(self, **facts: Any) -> Refusal:
        return Refusal(self, facts)


def refusal(code: str, status: int, detail: str, *, rule: str = "") -> RefusalKind:
    """Declare a refusal. A code is declared once in the whole system; twice is a ValueError."""
    kind = RefusalKind(code, status, detail, rule)
    if REFUSALS.setdefault(code, kind) != kind:
        raise ValueError(f"refusal code {code} is declared twice")
    return kind
