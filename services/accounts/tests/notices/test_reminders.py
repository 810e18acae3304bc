"""When a reminder comes (R21, R22, R29): against a naive count of days over a whole year and its turn, and under clocks that jump."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from accounts.notices.domain import reminders
from accounts.notices.domain.notice import office, person, unit
from accounts.notices.domain.reminders import Reminder, morning, newest, next_after
from accounts.notices.domain.tracked import TrackedApplication, TrackedCase, TrackedUnit
from accounts.notices.domain.wording import FILLED_LATER, NEEDS, placeholders, templates
from common.calendar import CalendarYear, local_date, midnight
from common.contracts.words import CaseKind, CaseStatus, Permission, Status, UnitStatus
from common.reference import Reference, ReferenceItem
from hypothesis import given
from hypothesis import strategies as st

from ..builders import COUNTY

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SAMPLE = Reference.sample()
YEAR = [date(2026, 1, 10) + number * DAY for number in range(366)]
"""Every day from January 2026 to January 2027: over the turn to a year without a notice."""


def offered(since: datetime, reference: Reference = SAMPLE, **changes: Any) -> TrackedApplication:
    return waiting(Status.OFFERED, since, due_at=reference.calendar.due_instant(since, 5), **changes)


def waiting(status: Status, since: datetime, **changes: Any) -> TrackedApplication:
    fields: dict[str, Any] = {"person_id": "per_1", "unit_id": "unt_1", "posting_id": "pst_1", "region": COUNTY}
    return TrackedApplication(**{**fields, "status": status, "since": since, **changes})


def plan(application: TrackedApplication, reference: Reference = SAMPLE) -> list[Reminder]:
    return reminders.of_application("app_1", application, reference)


def swept(planned: Iterable[Reminder], looks: Iterable[datetime]) -> list[tuple[datetime, Reminder]]:
    """What a sweep that looks at these instants sends: each cause once for each template."""
    known, sent, told = list(planned), [], set()
    for now in looks:
        for one in newest(known, now):
            if (one.cause, one.told.template) not in told:
                told.add((one.cause, one.told.template))
                sent.append((now, one))
    return sent


def naive_working_days(after: date, count: int) -> list[date]:
    """The working days after a day, counted one by one from the notices themselves."""
    found: list[date] = []
    while len(found) < count:
        after += DAY
        year = SAMPLE.calendar.years[after.year]
        if after in year.workdays or (after.isoweekday() <= 5 and after not in year.holidays):
            found.append(after)
    return found


def test_a_morning_is_eight_oclock_in_shanghai() -> None:
    assert morning(date(2027, 1, 5)) == datetime(2027, 1, 5, 0, tzinfo=UTC)


@pytest.mark.rule("R21", "R5", "R6")
def test_an_offer_of_any_day_of_the_year_is_reminded_of_three_one_and_no_working_days_before_its_end_each_once() -> None:
    for day in YEAR:
        since = midnight(day) + 10 * HOUR
        _, second, _, fourth, fifth = naive_working_days(day, 5)
        expected = [(morning(second), "3"), (morning(fourth), "1"), (morning(fifth), "0")]
        looks = [since + number * HOUR for number in range(24 * 20)]
        sent = swept(plan(offered(since)), looks)
        assert [(one.at, one.told.facts["days"]) for _, one in sent] == expected, day
        assert all(now - one.at < HOUR and now < midnight(fifth + DAY) for now, one in sent)
        assert {one.told.audience for _, one in sent} == {person("per_1")}


@pytest.mark.rule("R21")
@given(day=st.sampled_from(YEAR), hour=st.integers(0, 23), jumps=st.lists(st.integers(1, 24 * 8), max_size=12))
def test_a_clock_that_jumps_sends_the_newest_alone_and_none_after_the_end(day: date, hour: int, jumps: list[int]) -> None:
    application = offered(midnight(day) + hour * HOUR)
    planned, now, looks = plan(application), application.since, [application.since]
    for jump in jumps:
        now += jump * HOUR
        looks.append(now)
    sent = swept(planned, looks)
    assert len({one.cause for _, one in sent}) == len(sent)
    assert application.due_at
    for now, one in sent:
        assert one.at <= now < application.due_at
        assert one.at == max(other.at for other in planned if other.at <= now)


@pytest.mark.rule("R21")
@given(day=st.sampled_from(YEAR))
def test_looking_only_when_the_next_one_is_due_misses_none(day: date) -> None:
    application = offered(midnight(day) + 10 * HOUR)
    planned = plan(application)
    at: datetime | None = application.since
    looks = []
    while at:
        looks.append(at)
        at = next_after(planned, at)
    assert len(swept(planned, looks)) == 3


@pytest.mark.rule("R21", "R6")
def test_a_term_that_a_newer_calendar_extends_has_reminders_of_its_own() -> None:
    since = datetime(2026, 12, 28, 2, tzinfo=UTC)
    before = offered(since)
    closed = {date(2027, 1, 4): "示例放假"}
    year = SAMPLE.calendar.years[2027]
    changed = CalendarYear(**{**year.model_dump(), "official": True, "holidays": {**year.holidays, **closed}})
    item = ReferenceItem(kind="calendar", key="2027", version=2, value=changed.model_dump(mode="json"))
    newer = SAMPLE.with_items([item])
    after = offered(since, newer)
    assert before.due_at == datetime(2027, 1, 5, 16, tzinfo=UTC)
    assert after.due_at == datetime(2027, 1, 6, 16, tzinfo=UTC)
    assert [local_date(one.at) for one in plan(before)] == [date(2026, 12, 30), date(2027, 1, 4), date(2027, 1, 5)]
    assert [local_date(one.at) for one in plan(after, newer)] == [date(2026, 12, 30), date(2027, 1, 5), date(2027, 1, 6)]
    assert {one.cause for one in plan(before)}.isdisjoint(one.cause for one in plan(after, newer))


@pytest.mark.rule("R21")
def test_who_has_answered_is_reminded_no_more() -> None:
    since = datetime(2026, 11, 24, 2, tzinfo=UTC)
    for status in set(Status) - {Status.OFFERED, Status.PENDING, Status.APPROVED, Status.ONBOARDED}:
        assert plan(offered(since).but(status=status)) == []
    assert plan(waiting(Status.OFFERED, since)) == []


@pytest.mark.rule("R21")
def test_a_term_shorter_than_a_reminder_has_none_before_the_offer() -> None:
    since = datetime(2026, 11, 24, 2, tzinfo=UTC)
    short = waiting(Status.OFFERED, since, due_at=midnight(date(2026, 11, 26)))
    assert [one.told.facts["days"] for one in plan(short)] == ["0"]


@pytest.mark.rule("R22")
def test_a_unit_is_reminded_of_all_who_wait_too_long_once_a_day() -> None:
    for day in YEAR:
        tenth = naive_working_days(day, 10)[-1]
        early, late = (waiting(Status.PENDING, midnight(day) + hours * HOUR, person_id=f"per_{hours}") for hours in (1, 23))
        [one], [other] = plan(early), plan(late)
        assert one == other
        assert one.at == morning(tenth + DAY)
        assert one.told.audience == unit("unt_1", Permission.ANSWER_APPLICANTS)
        assert (one.told.template, one.told.facts["days"]) == ("reminder.unit_answer.unit", "10")


@pytest.mark.rule("R29")
def test_the_unit_is_reminded_as_a_report_falls_due_and_the_intern_on_its_last_day() -> None:
    start = datetime(2026, 11, 24, 2, tzinfo=UTC)
    onboard = waiting(Status.APPROVED, start)
    end = waiting(Status.ONBOARDED, start, planned_end=date(2026, 12, 25))
    for application, name, working_days in (
        (onboard, "onboard_report", naive_working_days(local_date(start), 5)),
        (end, "end_report", naive_working_days(date(2026, 12, 25), 10)),
    ):
        by_side: dict[str, list[date]] = {"unit": [], "intern": []}
        for one in plan(application):
            by_side[one.told.template.removeprefix(f"reminder.{name}.")].append(local_date(one.at))
        assert by_side == {"unit": [working_days[-4], working_days[-2], working_days[-1]], "intern": [working_days[-1]]}
    assert plan(waiting(Status.ONBOARDED, start)) == []
    said = onboard.but(due_at=midnight(date(2026, 12, 9)))
    assert {one.told.facts["due"] for one in plan(said)} == {midnight(date(2026, 12, 9)).isoformat()}


def case(status: CaseStatus, due: datetime | None, kind: CaseKind = CaseKind.ELIGIBILITY) -> TrackedCase:
    since = datetime(2026, 11, 24, 2, tzinfo=UTC)
    return TrackedCase(kind=kind, subject="per_1", region=COUNTY, status=status, since=since, due_at=due)


@pytest.mark.rule("R29")
@pytest.mark.parametrize("status", CaseStatus)
def test_an_office_is_reminded_of_a_case_past_its_term_while_it_can_be_decided(status: CaseStatus) -> None:
    tracked = case(status, midnight(date(2026, 12, 2)))
    planned = [one for one in reminders.of_case("cas_1", tracked, SAMPLE) if one.told.audience.kind == "office"]
    if status not in (CaseStatus.OPEN, CaseStatus.CLAIMED):
        assert planned == []
        return
    [one] = planned
    assert (one.at, one.told.audience) == (morning(date(2026, 12, 2)), office(COUNTY))
    assert one == reminders.of_case("cas_2", tracked, SAMPLE)[0]
    assert reminders.of_case("cas_1", tracked.but(due_at=None), SAMPLE) == []


@pytest.mark.rule("R10")
@pytest.mark.parametrize("kind", CaseKind)
def test_the_party_is_reminded_of_what_it_is_to_supplement(kind: CaseKind) -> None:
    planned = reminders.of_case("cas_1", case(CaseStatus.RETURNED, midnight(date(2026, 12, 9)), kind), SAMPLE)
    assert [local_date(one.at) for one in planned] == [date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 8)]
    expected = {CaseKind.RECOGNITION: "unit", CaseKind.POSTING: "posting"}.get(kind, "person")
    assert {one.told.audience.kind for one in planned} == {expected}
    assert {one.told.until for one in planned} == {midnight(date(2026, 12, 9))}


@pytest.mark.rule("R15")
def test_a_unit_is_reminded_sixty_and_thirty_days_before_its_recognition_ends() -> None:
    tracked = TrackedUnit(name="示例单位", region=COUNTY, status=UnitStatus.RECOGNISED, recognised_until=date(2027, 3, 1))
    planned = reminders.of_unit("unt_1", tracked, SAMPLE)
    assert [local_date(one.at) for one in planned] == [date(2026, 12, 31), date(2027, 1, 30)]
    assert {one.told.until for one in planned} == {midnight(date(2027, 3, 2))}
    for status in set(UnitStatus) - {UnitStatus.RECOGNISED}:
        assert reminders.of_unit("unt_1", tracked.but(status=status), SAMPLE) == []
    assert reminders.of_unit("unt_1", tracked.but(waiting=True), SAMPLE) == []


@pytest.mark.rule("R21")
def test_every_reminder_has_words_that_its_facts_fill_in() -> None:
    start = datetime(2026, 11, 24, 2, tzinfo=UTC)
    every = [
        *plan(offered(start)),
        *plan(waiting(Status.PENDING, start)),
        *plan(waiting(Status.APPROVED, start)),
        *plan(waiting(Status.ONBOARDED, start, planned_end=date(2026, 12, 25))),
        *reminders.of_case("cas_1", case(CaseStatus.OPEN, start), SAMPLE),
        *reminders.of_case("cas_1", case(CaseStatus.RETURNED, start + 20 * DAY), SAMPLE),
        *reminders.of_case("cas_1", case(CaseStatus.RETURNED, start + 20 * DAY, CaseKind.RECOGNITION), SAMPLE),
        *reminders.of_unit(
            "unt_1", TrackedUnit(name="示", region=COUNTY, status=UnitStatus.RECOGNISED, recognised_until=date(2027, 3, 1)), SAMPLE
        ),
    ]
    for one in every:
        wording, facts = templates()[one.told.template].wording(one.told.facts), set(one.told.facts)
        known = facts | {name for name, source in FILLED_LATER.items() if source in facts}
        for text in (wording.title, wording.body, wording.sms or ""):
            assert all(NEEDS[name] <= known for name in placeholders(text)), one.told.template
    assert {one.told.template for one in every} == {key for key in templates() if key.startswith("reminder.")}
