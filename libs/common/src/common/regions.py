"""Regions by GB/T 2260 code: province, nine prefectures, 88 counties, and the codes that were theirs before (R14).

The hierarchy is in the code itself (520102 → 520100 → 520000); names and years of use are data.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Self

from common import data
from common.values import Value

Level = Literal["province", "city", "county"]


class Region(Value):
    """One code: its last name, the first year it was in use and the year it was abolished (none: in use); the source has no days."""

    code: str
    name: str
    since: int
    until: int | None = None

    @property
    def key(self) -> str:
        return self.code


class Regions(Value):
    """Every code known, in use or not."""

    by_code: dict[str, Region]

    @classmethod
    def of(cls, regions: Iterable[Region]) -> Self:
        return cls(by_code={region.code: region for region in regions})

    def contains(self, code: str, day: date) -> bool:
        """Whether the code is in use on that day. In the year of a change both the old and the new code are."""
        region = self.by_code.get(code)
        return region is not None and region.since <= day.year <= (region.until or day.year)

    def in_use(self, day: date, within: str, level: Level) -> list[Region]:
        """The regions of one level inside `within` (itself included) on that day, by code."""
        found = (region for region in self.by_code.values() if level_of(region.code) == level and is_within(region.code, within))
        return sorted((region for region in found if self.contains(region.code, day)), key=lambda region: region.code)

    def full_name(self, code: str) -> str:
        """贵州省贵阳市南明区. A code that is not known stands for itself."""
        names = (self.by_code[part].name for part in reversed(ancestors(code)) if part in self.by_code)
        return "".join(names) or code


def level_of(code: str) -> Level:
    """The level that a six-digit code names."""
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def ancestors(code: str) -> tuple[str, ...]:
    """The code itself and what contains it, nearest first: (county, city, province) for a county."""
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000")))


def is_within(code: str, ancestor: str) -> bool:
    """Whether `code` is `ancestor` or lies inside it: what an officer of `ancestor` sees (R14)."""
    return ancestor in ancestors(code)


def package_regions() -> list[Region]:
    """The regions of Guizhou that ship with the package."""
    return [Region.model_validate({"code": code, **content}) for code, content in data.load("regions").items()]
