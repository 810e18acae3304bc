"""Results as a table for people, or one JSON line a row for machines."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]


def show(rows: Iterable[Row], columns: dict[str, str], *, as_json: bool) -> None:
    """`columns`: the heading of each field, in order. JSON has all fields."""
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        return
    lines = [list(columns.values()), *([str(row.get(name, "")) for name in columns] for row in rows)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        sys.stdout.write(_line(line, widths) + "\n")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _width(text: str) -> int:
    """A Chinese character is two columns wide."""
    return sum(2 if unicodedata.east_asian_width(character) in "FW" else 1 for character in text)
