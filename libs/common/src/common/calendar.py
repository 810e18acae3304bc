"""Working days (R5, R6): notices per year as data, pure arithmetic on top. Nothing here reads a clock or fails for a missing year."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Self

from pydantic import model_validator

from common import data
from common.values import Value

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The one civil time of the programme: no summer time since 1991, so a fixed offset needs no time-zone files."""

ONE_DAY = timedelta(days=1)

FIXED_HOLIDAYS = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
"""Statutory days of the solar calendar (month, day) since 2025: all that a year without any data has."""


class CalendarYear(Value):
    """The days of one year that differ from the week: `holidays` are off, `workdays` are make-up Saturdays and Sundays; each with its name.

    `official` is false until the State Council's notice, named in `source`, is out.
    """

    year: int
    official: bool
    source: str
    holidays: dict[date, str]
    workdays: dict[date, str]

    @property
    def key(self) -> str:
        return str(self.year)

    @model_validator(mode="after")
    def _days_belong_here(self) -> Self:
        if any(day.year != self.year for day in [*self.holidays, *self.workdays]):
            raise ValueError(f"a day outside {self.year}")
        if self.holidays.keys() & self.workdays.keys():
            raise ValueError("a day is both a holiday and a make-up working day")
        return self


class Calendar(Value):
    """All years known, as version `version`: raised by every change, stored with each due instant."""

    version: int
    years: dict[int, CalendarYear]

    @classmethod
    def of(cls, version: int, years: Iterable[CalendarYear]) -> Self:
        return cls(version=version, years={year.year: year for year in years})

    def is_provisional(self, year: int) -> bool:
        """Whether the year still waits for its official notice."""
        return year not in self.years or not self.years[year].official

    def is_working_day(self, day: date) -> bool:
        year = self.years.get(day.year)
        if year is None:
            return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS
        return day in year.workdays or (day.weekday() < 5 and day not in year.holidays)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, when negative); `day` itself is not counted, and zero gives it back."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days come after `start` up to and including `end`; none when `end` is not later."""
        days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def due_instant(self, start: datetime, working_days: int) -> datetime:
        """24:00 in Shanghai of the `working_days`-th working day after the day of `start`, in UTC (R5). An act at that instant is late."""
        last = self.add_working_days(local_date(start), working_days)
        return midnight(last + ONE_DAY)

    def extended(self, due: datetime, start: datetime, working_days: int) -> datetime:
        """The due instant under this calendar for a term that ran until `due` under an older one: never earlier (R6)."""
        return max(due, self.due_instant(start, working_days))


def local_date(instant: datetime) -> date:
    """The date in Shanghai at an aware instant. ValueError for a naive one: its place on the time line is a guess."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(SHANGHAI).date()


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Shanghai, in UTC."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)


def package_years() -> list[CalendarYear]:
    """The years that ship with the package: official ones from past notices, provisional ones after them."""
    return [CalendarYear.model_validate({"year": int(year), **content}) for year, content in data.load("calendar").items()]
