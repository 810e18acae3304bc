"""The seeded calendar against both libraries, day by day (R6)."""

from datetime import date, timedelta
from itertools import takewhile

import chinese_calendar
import holidays
import pytest
from common.calendar import FIXED_HOLIDAYS, Calendar, package_years

CALENDAR = Calendar.of(1, package_years())


def working_days_by_library(count: int, day: date) -> date:
    """The oracle, which shares neither data nor code with ours: one day after another, asked of the library."""
    while count:
        day += timedelta(days=1)
        count -= chinese_calendar.is_workday(day)
    return day


def days_of(year: int) -> list[date]:
    return list(takewhile(lambda day: day.year == year, (date(year, 1, 1) + timedelta(days=n) for n in range(366))))


@pytest.mark.rule("R6")
@pytest.mark.parametrize("year", range(2007, 2027))
def test_both_libraries_agree_with_the_official_years(year: int) -> None:
    """They differ on none of 7,305 days, so no exception is listed; where one ever does, the notice named in the data decides."""
    other = holidays.country_holidays("CN", years=year)
    for day in days_of(year):
        answers = {CALENDAR.is_working_day(day), chinese_calendar.is_workday(day), other.is_working_day(day)}
        assert len(answers) == 1, day


@pytest.mark.rule("R5")
@pytest.mark.parametrize("year", range(2007, 2027))
def test_every_start_day_of_every_official_year_ends_where_the_oracle_says(year: int) -> None:
    for day in days_of(year)[: None if year < 2026 else -16]:
        for count in (1, 5, 10):
            assert CALENDAR.add_working_days(day, count) == working_days_by_library(count, day), (day, count)


@pytest.mark.rule("R6")
@pytest.mark.parametrize("year", [year.year for year in package_years() if not year.official])
def test_provisional_years_hold_thirteen_statutory_days(year: int) -> None:
    """Order 795 of 2024: 1 + 4 + 1 + 2 + 1 + 1 + 3; fewer dates where two fall on one day."""
    off = CALENDAR.years[year].holidays
    named = sum(len(name.split("; ")) for name in off.values())
    assert named == 13
    assert {(day.month, day.day) for day in off} >= FIXED_HOLIDAYS.keys()
    assert CALENDAR.years[year].workdays == {}


@pytest.mark.rule("R6")
def test_official_years_run_without_a_gap_to_the_provisional_ones() -> None:
    years = sorted(CALENDAR.years)
    assert years == list(range(2007, years[-1] + 1))
    assert [year for year in years if CALENDAR.years[year].official] == list(range(2007, 2027))
    assert all(year.source for year in CALENDAR.years.values())
