"""Regions by GB/T 2260 code: province, nine prefectures, 88 counties, and the codes that were theirs before (R14).

The hierarchy is in the code itself (520102 → 520100 → 520000); names, years of use and mergers are data. What an abolished region
had belongs to its successor, which therefore counts as what contains it: 520222 盘县 lies in 520281 盘州市.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from common import data
from common.values import Name, Value

Level = Literal["province", "city", "county"]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Year = Annotated[int, Field(ge=1949, le=2200)]


class Region(Value):
    """One code: its last name, the first year it was in use and the year it was abolished (none: in use); the source has no days.

    `merged_into` is the code that took its place, by a merger or under a new code or name.
    """

    code: Code
    name: Name
    since: Year
    until: Year | None = None
    merged_into: Code | None = None

    @model_validator(mode="after")
    def _ends_before_it_is_merged(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("abolished before it was created")
        if self.merged_into is not None and (self.until is None or self.merged_into == self.code):
            raise ValueError("only an abolished region has a successor")
        return self

    @property
    def key(self) -> str:
        return self.code


class Regions(Value):
    """Every code known, in use or not."""

    by_code: dict[str, Region]

    @classmethod
    def of(cls, regions: Iterable[Region]) -> Self:
        return cls(by_code={region.code: region for region in regions})

    @property
    def province(self) -> str:
        """The code of the one province of the programme."""
        return min(code for code in self.by_code if level_of(code) == "province")

    def check(self) -> None:
        """ValueError for a successor that is not known, or a circle of successors."""
        for code in self.by_code:
            last = self.by_code.get(self.current(code))
            if last is None or last.merged_into:
                raise ValueError(f"{code} has no successor in use")

    def current(self, code: str) -> str:
        """The code that stands for this one today: its last successor, or itself."""
        return self._line(code)[-1]

    def _line(self, code: str) -> tuple[str, ...]:
        """The code and its successors, each once."""
        line = [code]
        while (region := self.by_code.get(line[-1])) and region.merged_into and region.merged_into not in line:
            line.append(region.merged_into)
        return tuple(line)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The code itself and what contains it, nearest first, an abolished region's successors among them."""
        *abolished, now = self._line(code)
        return (*abolished, *ancestors(now))

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether `code` is `ancestor` or lies inside it; who belonged to an abolished region belongs to its successor (R14)."""
        return self.current(ancestor) in self.ancestors(code)

    def codes_of(self, code: str) -> tuple[str, ...]:
        """Every code that stands for what this one stands for today, for queries over codes as they were stored."""
        now = self.current(code)
        return (now, *sorted(old for old in self.by_code if old != now and self.current(old) == now))

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


def stem(code: str) -> str:
    """What the codes of a region and of all that it contains begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def ancestors(code: str) -> tuple[str, ...]:
    """The code itself and what contains it, nearest first: (county, city, province) for a county."""
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000")))


def is_within(code: str, ancestor: str) -> bool:
    """Whether `code` is `ancestor` or lies inside it: what an officer of `ancestor` sees (R14)."""
    return ancestor in ancestors(code)


def package_regions() -> list[Region]:
    """The regions of Guizhou that ship with the package."""
    return [Region.model_validate({"code": code, **content}) for code, content in data.load("regions").items()]
