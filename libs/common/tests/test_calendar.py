"""Working days (R5, R6, programme §7)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from common.calendar import SHANGHAI, Calendar, CalendarYear, local_date, midnight, package_years
from hypothesis import given
from hypothesis import strategies as st

CALENDAR = Calendar.of(1, package_years())
ONE_DAY = timedelta(days=1)
days = st.dates(date(2007, 1, 1), date(2099, 12, 1))


def naive_working_days_after(day: date) -> list[date]:
    """The oracle: every working day of the next three months, one by one."""
    return [later for later in (day + ONE_DAY * n for n in range(1, 93)) if CALENDAR.is_working_day(later)]


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    ("offered", "last"),
    [
        ("2026-02-13", "2026-02-27"),
        ("2026-02-14", "2026-02-28"),
        ("2026-02-15", "2026-02-28"),
        ("2026-06-13", "2026-06-22"),
        ("2026-09-30", "2026-10-13"),
        ("2026-12-28", "2027-01-05"),
    ],
)
def test_the_examples_of_the_programme(offered: str, last: str) -> None:
    start, end = date.fromisoformat(offered), date.fromisoformat(last)
    assert CALENDAR.add_working_days(start, 5) == end
    noon = datetime(start.year, start.month, start.day, 12, tzinfo=SHANGHAI)
    assert CALENDAR.due_instant(noon, 5) == midnight(end + ONE_DAY)


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    ("offered", "count", "last"),
    [
        ("2024-02-28", 1, "2024-02-29"),  # a leap day that is a working day
        ("2024-02-29", 5, "2024-03-07"),  # the offer on a leap day
        ("2028-02-28", 5, "2028-03-06"),  # over a leap day, in a provisional year
        ("2023-02-28", 1, "2023-03-01"),  # no leap day
        ("2026-01-30", 1, "2026-02-02"),  # the end of a month on a Friday
        ("2026-01-01", 5, "2026-01-08"),  # offered on a holiday; Sunday 4 January is made up
        ("2026-01-03", 1, "2026-01-04"),  # the first day of the term is a make-up Sunday
        ("2026-01-04", 1, "2026-01-05"),  # offered on a make-up Sunday
        ("2026-02-24", 4, "2026-02-28"),  # the term ends on a make-up Saturday
        ("2026-02-24", 5, "2026-03-02"),  # and one day later not on the Sunday
        ("2026-09-18", 1, "2026-09-20"),  # a make-up Sunday after a free Saturday
        ("2026-04-30", 5, "2026-05-11"),  # the holiday, then a make-up Saturday as the fourth day
        ("2007-12-28", 1, "2007-12-29"),  # a make-up Saturday in the last days of a year
        ("2026-12-24", 5, "2026-12-31"),  # the last day of an official year
        ("2026-12-25", 5, "2027-01-04"),  # and the first working day of a provisional one
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-01-01", 5, "2027-01-08"),
    ],
)
def test_leap_days_month_ends_and_make_up_days_at_the_edges(offered: str, count: int, last: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(offered), count) == date.fromisoformat(last)


@pytest.mark.rule("R5")
@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_every_start_day_of_a_year_agrees_with_counting_one_by_one(year: int) -> None:
    for day in (date(year, 1, 1) + ONE_DAY * n for n in range(365)):
        coming = naive_working_days_after(day)
        assert [CALENDAR.add_working_days(day, n) for n in range(1, 11)] == coming[:10]
        assert CALENDAR.working_days_between(day, coming[9]) == 10


@pytest.mark.rule("R5")
@given(days, st.integers(0, 40))
def test_counting_and_adding_are_each_others_inverse(day: date, count: int) -> None:
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.working_days_between(day, end) == count
    assert end == day or CALENDAR.is_working_day(end)


@pytest.mark.rule("R21")
@given(days, st.integers(1, 20))
def test_going_back_from_the_last_day_finds_the_reminder_day(day: date, count: int) -> None:
    end = CALENDAR.add_working_days(day, count)
    for back in range(1, count):
        assert CALENDAR.add_working_days(end, -back) == CALENDAR.add_working_days(day, count - back)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert CALENDAR.working_days_between(date(2026, 3, 2), date(2026, 2, 2)) == 0


@pytest.mark.rule("R5")
def test_the_day_of_the_offer_is_the_day_in_shanghai() -> None:
    """23:59 and 00:00 in Shanghai are one minute apart and start terms of different days."""
    before, after = datetime(2026, 3, 2, 15, 59, tzinfo=UTC), datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert (local_date(before), local_date(after)) == (date(2026, 3, 2), date(2026, 3, 3))
    assert CALENDAR.due_instant(before, 5) == datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert CALENDAR.due_instant(after, 5) == datetime(2026, 3, 10, 16, tzinfo=UTC)


@pytest.mark.rule("R5")
@given(st.datetimes(datetime(2007, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_a_due_instant_is_a_shanghai_midnight_in_utc(start: datetime) -> None:
    due = CALENDAR.due_instant(start, 5)
    assert due.utcoffset() == timedelta(0)
    assert (due.hour, due.minute, due.second, due.microsecond) == (16, 0, 0, 0)
    assert due - start > timedelta(days=5)


def test_an_instant_without_an_offset_is_an_error() -> None:
    with pytest.raises(ValueError, match="offset"):
        CALENDAR.due_instant(datetime(2026, 3, 2), 5)


@pytest.mark.rule("R5")
@pytest.mark.parametrize("day", ["2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10", "2007-12-29"])
def test_make_up_days_are_working_days(day: str) -> None:
    made_up = date.fromisoformat(day)
    assert made_up.weekday() >= 5
    assert CALENDAR.is_working_day(made_up)


@pytest.mark.rule("R6")
def test_a_year_without_a_notice_has_its_statutory_days_off() -> None:
    off = ["01-01", "02-05", "02-08", "04-05", "06-09", "09-15", "10-01"]
    assert CALENDAR.is_provisional(2027)
    assert not CALENDAR.is_provisional(2026)
    assert not any(CALENDAR.is_working_day(date.fromisoformat(f"2027-{day}")) for day in off)
    assert CALENDAR.is_working_day(date(2027, 2, 9))


@pytest.mark.rule("R6")
@given(st.dates(date(1900, 1, 1), date(9998, 1, 1)), st.integers(0, 30))
def test_a_missing_year_never_raises(day: date, count: int) -> None:
    for calendar in (CALENDAR, Calendar.of(0, [])):
        assert calendar.add_working_days(day, count) >= day
        assert calendar.is_provisional(day.year) or 2007 <= day.year <= 2026


@pytest.mark.rule("R6")
def test_beyond_all_data_weekends_and_fixed_days_are_off() -> None:
    assert [CALENDAR.is_working_day(date(2099, month, day)) for month, day in [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]] == [False] * 5
    assert CALENDAR.is_working_day(date(2099, 10, 5))


@pytest.mark.rule("R6")
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 15),
    st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40),
    st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40),
)
def test_any_notice_gives_the_later_of_the_old_term_and_the_new(start: datetime, count: int, off: set[date], made_up: set[date]) -> None:
    """The oracle goes day by day through sets of days, without the calendar's own code."""
    years = [
        CalendarYear(
            year=year,
            official=True,
            source="示例通知",
            holidays=dict.fromkeys((day for day in off - made_up if day.year == year), "示例"),
            workdays=dict.fromkeys((day for day in made_up if day.year == year), "示例"),
        )
        for year in (2026, 2027)
    ]
    noted = Calendar.of(2, [*(year for year in package_years() if year.year not in (2026, 2027)), *years])
    day, left = start.astimezone(SHANGHAI).date(), count
    while left:
        day += ONE_DAY
        statutory = day.year > 2027 and not CALENDAR.is_working_day(day)
        left -= day in made_up or (day.weekday() < 5 and day not in off and not statutory)
    before, oracle = CALENDAR.due_instant(start, count), midnight(day + ONE_DAY)
    assert noted.due_instant(start, count) == oracle
    assert noted.extended(before, start, count) == max(before, oracle)
    assert noted.extended(noted.extended(before, start, count), start, count) == max(before, oracle)


@pytest.mark.rule("R6")
def test_a_notice_extends_an_open_term_and_never_shortens_it() -> None:
    """The notice of 2027 adds 4 January as a day off; another makes Saturday 2 January a working day."""
    start = datetime(2026, 12, 28, 4, tzinfo=UTC)
    due = CALENDAR.due_instant(start, 5)

    def notice(**days: dict[date, str]) -> Calendar:
        year = CalendarYear(year=2027, official=True, source="示例通知", holidays={date(2027, 1, 1): "元旦"}, workdays={}).but(**days)
        return Calendar.of(2, [*CALENDAR.years.values(), year])

    longer = notice(holidays={date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"})
    shorter = notice(workdays={date(2027, 1, 2): "元旦"})
    assert longer.extended(due, start, 5) == due + ONE_DAY
    assert shorter.due_instant(start, 5) < due
    assert shorter.extended(due, start, 5) == due


@pytest.mark.rule("R6")
def test_a_day_of_another_year_or_of_both_kinds_is_refused() -> None:
    with pytest.raises(ValueError, match="outside 2027"):
        CalendarYear(year=2027, official=True, source="示例通知", holidays={date(2026, 12, 31): "元旦"}, workdays={})
    with pytest.raises(ValueError, match="both"):
        CalendarYear(year=2027, official=True, source="示例通知", holidays={date(2027, 1, 2): "元旦"}, workdays={date(2027, 1, 2): "元旦"})
