"""What must hold in the databases at every moment (R27): named like refusals, looked for by `common.checks`, never repaired.

Declared once, next to the rule that looks for it, and told by calling it with ids, numbers and codes, nothing personal::

    DUE_WHILE_OFFERED = invariant("due_while_offered", "答复期限只在“确认通过”时存在", rule="R5")
    yield DUE_WHILE_OFFERED(application.id, status=application.status)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

INVARIANTS: dict[str, "Invariant"] = {}
"""Every declared invariant by code."""

Line = Mapping[str, Any]
"""A line of a history as stored."""


@dataclass(frozen=True)
class Breach:
    """One row that does not hold. `parts` are ids within it or beside it."""

    invariant: "Invariant"
    parts: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Invariant:
    """`says` is what holds, as people read it; `rule` the rule id behind it."""

    code: str
    says: str
    rule: str

    def __call__(self, *parts: str, **facts: Any) -> Breach:
        return Breach(self, parts, facts)


def invariant(code: str, says: str, *, rule: str = "R27") -> Invariant:
    """Declare an invariant. A code is declared once in the whole system; twice is a ValueError."""
    declared = Invariant(code, says, rule)
    if INVARIANTS.setdefault(code, declared) != declared:
        raise ValueError(f"invariant code {code} is declared twice")
    return declared


STATUS_FOLLOWS_HISTORY = invariant("status_follows_history", "状态与历史的最后一行相同，历史的每一步都在状态表内", rule="R20")


def follow(
    lines: Iterable[Line], statuses: type[StrEnum], status: str, may: Callable[[str | None, str], bool], *, part: str | None = None
) -> Iterator[Breach]:
    """The first fault of a history: a step that begins where the one before did not end or that no arrow allows, or a wrong end.

    Steps are the lines whose `to` is a status; of `part` alone, where the aggregate has parts.
    """
    known: set[str] = {str(status) for status in statuses}
    before: str | None = None
    parts = (part,) if part else ()
    for line in lines:
        to, from_ = line.get("to"), line.get("from_")
        if to not in known or line.get("subject") != part:
            continue
        if from_ != before or not may(from_, to):
            yield STATUS_FOLLOWS_HISTORY(*parts, version=line["version"], after=before, from_=from_, to=to)
            return
        before = to
    if before != status:
        yield STATUS_FOLLOWS_HISTORY(*parts, last=before, status=str(status))
