"""What is not disclosed: small counts outside the county they belong to (R32)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SMALLEST = 5
"""Counts from 1 to one less are hidden."""


@dataclass(frozen=True)
class Row:
    """One line of a statistic: what it is about, and its figures. `people` is how many persons or applications stand behind it.

    Counts (`counted`) are hidden when small; figures drawn from few (a median, a rate) go with them. None stands for hidden.
    """

    group: str
    people: int | None
    figures: dict[str, Any]
    counted: frozenset[str] = field(default_factory=frozenset)
    hidden: bool = False


def disclose(rows: Sequence[Row]) -> list[Row]:
    """Rows of few people are hidden whole; where just one is, the smallest other goes too, or the total would give it away.

    In the others each small count is hidden by itself.
    """
    small = [row for row in rows if _is_small(row.people)]
    hidden = {row.group for row in small}
    others = sorted((row for row in rows if row.group not in hidden and row.people), key=lambda row: (row.people or 0, row.group))
    if len(hidden) == 1 and others and sum(1 for row in rows if row.people) > 1:
        hidden.add(others[0].group)
    return [_without_all(row) if row.group in hidden else _without_small(row) for row in rows]


def _is_small(count: Any) -> bool:
    return isinstance(count, int) and 0 < count < SMALLEST


def _without_all(row: Row) -> Row:
    return Row(row.group, None, dict.fromkeys(row.figures), row.counted, hidden=True)


def _without_small(row: Row) -> Row:
    figures = {name: None if name in row.counted and _is_small(value) else value for name, value in row.figures.items()}
    return Row(row.group, row.people, figures, row.counted, hidden=False)
