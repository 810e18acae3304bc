"""A question to the statistics: which histories, in which groups, as of when."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from common.calendar import local_date
from common.contracts.words import CaseKind
from common.errors import refusal
from common.values import Value
from pydantic import Field

from analytics.domain.disclosure import Row
from analytics.domain.history import Journey, OpenCase, Posting, Seats
from analytics.domain.measures import Measure, Source, people_behind

GROUPING = refusal("statistics_grouping", 422, "“{title}”不能按“{by}”分组，可用：{usable}。", rule="R32")
TOTAL = "total"


class By(StrEnum):
    """What the lines of a statistic are: one in all, or one per value."""

    TOTAL = "total"
    REGION = "region"
    CATEGORY = "category"
    AGE_BAND = "age_band"
    EDUCATION = "education"
    MONTH = "month"
    REASON = "reason"
    KIND = "kind"


USABLE: dict[Source, tuple[By, ...]] = {
    Source.APPLICATIONS: (By.TOTAL, By.REGION, By.CATEGORY, By.AGE_BAND, By.EDUCATION, By.MONTH, By.REASON),
    Source.CASES: (By.TOTAL, By.REGION, By.KIND),
    Source.POSTINGS: (By.TOTAL, By.REGION, By.KIND),
}


class Asked(Value):
    """What a reader asks for; without a region their own. Days are of Shanghai, both ends included."""

    region: str | None = Field(default=None, pattern=r"^[0-9]{6}$", description="行政区划代码；不写为本人所在地区")
    by: By = Field(default=By.TOTAL, description="分组")
    as_of: date | None = Field(default=None, description="统计时点：该日终了；不写为现在")
    since: date | None = Field(default=None, description="自该日起投递的")
    until: date | None = Field(default=None, description="至该日止投递的")


@dataclass(frozen=True)
class Question:
    """`region` and what lies in it; submitted from `since` to `until` (days in Shanghai, both included) where applications are counted.

    `parts` are the regions right below, for lines by region: what belongs to none of them (an office above) stands under `region` itself.
    """

    measure: Measure
    region: str
    parts: tuple[str, ...]
    by: By
    as_of: datetime
    since: date | None = None
    until: date | None = None

    def check(self) -> None:
        """Refuses with `statistics_grouping`."""
        usable = USABLE[self.measure.source]
        if self.by not in usable:
            raise GROUPING(title=self.measure.title, by=self.by, usable="、".join(usable))

    def asks_for(self, journey: Journey) -> bool:
        day = local_date(journey.submitted_at)
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def rows(self, items: Iterable[Any]) -> list[Row]:
        """The lines, by group; every part of a region has one, and so has the total."""
        groups: dict[str, list[Any]] = defaultdict(list)
        if self.by is By.REGION:
            groups |= {part: [] for part in self.parts}
        group_of = self._group()
        for item in items:
            groups[group_of(item)].append(item)
        if self.by is By.TOTAL:
            groups.setdefault(TOTAL, [])
        return [self._row(group, members) for group, members in sorted(groups.items())]

    def _row(self, group: str, members: list[Any]) -> Row:
        figures = self.measure.of(members, self.as_of)
        people = people_behind(self.measure.source, figures, len(members))
        return Row(group, people, dict(figures), self.measure.counted)

    def _group(self) -> Callable[[Any], str]:
        return {
            By.TOTAL: lambda _: TOTAL,
            By.REGION: lambda item: self._part(_region(item)),
            By.CATEGORY: lambda journey: str(journey.history.category),
            By.AGE_BAND: lambda journey: str(journey.history.age_band),
            By.EDUCATION: lambda journey: str(journey.history.education),
            By.MONTH: lambda journey: f"{local_date(journey.submitted_at):%Y-%m}",
            By.REASON: lambda journey: f"{journey.status}:{journey.reason_code or ''}",
            By.KIND: _kind,
        }[self.by]

    def _part(self, region: str) -> str:
        """The part of the region that a place belongs to."""
        length = 4 if self.region.endswith("0000") else 6
        part = region[:length].ljust(6, "0")
        return part if part in self.parts else self.region


def _region(item: Journey | OpenCase | tuple[Posting, Seats]) -> str:
    if isinstance(item, Journey):
        return item.history.region
    return item.region if isinstance(item, OpenCase) else item[0].region


def _kind(item: OpenCase | tuple[Posting, Seats]) -> str:
    return str(CaseKind(item.kind)) if isinstance(item, OpenCase) else item[0].kind
