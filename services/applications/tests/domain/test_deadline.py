"""The five working days (G7, R5, R6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from applications.domain import deadline, intern_answer
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from common.contracts.applications import ApplicationDueChanged
from common.contracts.words import Status
from common.reference import Reference, ReferenceItem
from hypothesis import given
from hypothesis import strategies as st

from . import builders as b

DUE = datetime(2026, 11, 9, 16, tzinfo=UTC)
"""24:00 in Shanghai of the fifth working day after NOON's Monday."""
SECOND = timedelta(seconds=1)


def notice(**holidays: str) -> Reference:
    """The sample calendar with days off by a later notice: `h0309` is 9 March."""
    year = b.REFERENCE.latest["calendar", "2026"]
    days = {f"2026-{name[1:3]}-{name[3:]}": label for name, label in holidays.items()}
    value = {**year.value, "holidays": {**year.value["holidays"], **days}}
    return b.REFERENCE.with_items([ReferenceItem(kind="calendar", key="2026", version=year.version + 1, value=value)])


@pytest.mark.rule("R5")
def test_an_offer_stores_its_due_instant_with_the_calendar_it_was_reckoned_by() -> None:
    offered = b.application(b.in_status(Status.OFFERED))
    assert (offered.due_at, offered.calendar_version) == (DUE, b.REFERENCE.calendar.version)


@pytest.mark.rule("R5")
@pytest.mark.parametrize(("offered", "last_day"), [(date(2026, 2, 13), date(2026, 2, 27)), (date(2026, 12, 28), date(2027, 1, 5))])
def test_holidays_and_the_turn_of_the_year_are_counted(offered: date, last_day: date) -> None:
    at = datetime(offered.year, offered.month, offered.day, 15, 59, tzinfo=UTC)
    form = b.graduate_form(graduation_date=date(2025, 6, 30), diploma_issued=date(2025, 6, 30))
    candidacy = b.do(b.submitted(b.registered(form, at), at=at), "offer", at=at).state
    assert b.application(candidacy).due_at == datetime(last_day.year, last_day.month, last_day.day, 16, tzinfo=UTC)


@pytest.mark.rule("R5", "G7")
@pytest.mark.parametrize("deed", ["accept", "decline"])
def test_an_answer_is_taken_until_the_last_second_and_a_late_one_is_refused(deed: str) -> None:
    offered = b.in_status(Status.OFFERED)
    assert b.do(offered, deed, at=DUE - SECOND).events
    with b.refused("answer_too_late"):
        b.do(offered, deed, at=DUE)


@pytest.mark.rule("R5", "G7")
def test_an_offer_expires_at_its_due_instant_and_never_earlier() -> None:
    offered = b.in_status(Status.OFFERED)
    with b.refused("not_due_yet"):
        b.do(offered, "expire", at=DUE - SECOND)
    expired = b.application(b.do(offered, "expire", at=DUE).state)
    assert expired.status is Status.UNWILLING
    assert expired.reason is not None
    assert expired.reason.code == "timeout"
    assert expired.due_at is None


@pytest.mark.rule("R6")
def test_a_newer_calendar_extends_the_answer_and_says_so_once() -> None:
    offered = b.in_status(Status.OFFERED)
    decision = deadline.extend(offered, "app_1", notice(h1105="示例假日"), b.by(b.SYSTEM))
    assert b.application(decision.state).due_at == DUE + b.DAY
    assert [line.reason_code for line in decision.history] == ["calendar_changed"]
    assert decision.events == (ApplicationDueChanged(application_id="app_1", person_id=b.INTERN.id, unit_id="uni_1", due_at=DUE + b.DAY),)
    again = deadline.extend(decision.state, "app_1", notice(h1105="示例假日"), b.by(b.SYSTEM))
    assert again == SeatedDecision(decision.state)


@pytest.mark.rule("R6", "R5")
@pytest.mark.parametrize("deed", ["accept", "decline"])
def test_a_notice_of_one_minute_before_midnight_costs_nobody_a_day(deed: str) -> None:
    """Nobody has come round to extend the offer, and the old term is over: the newer calendar counts all the same."""
    offered, known = b.in_status(Status.OFFERED), notice(h1109="示例假日")
    answer = {"accept": intern_answer.accept, "decline": intern_answer.decline}[deed]
    for at in (DUE - timedelta(minutes=1), DUE, DUE + b.DAY - SECOND):
        with b.refused("not_due_yet"):
            deadline.expire(offered, "app_1", known, b.by(b.SYSTEM, at=at))
        assert answer(offered, "app_1", known, b.by(b.INTERN, at=at)).events
    with b.refused("answer_too_late"):
        answer(offered, "app_1", known, b.by(b.INTERN, at=DUE + b.DAY))
    assert deadline.expire(offered, "app_1", known, b.by(b.SYSTEM, at=DUE + b.DAY)).events


@pytest.mark.rule("R6")
def test_an_offer_that_ran_out_keeps_the_calendar_it_was_reckoned_by() -> None:
    """So that an expiry under a calendar replaced since can be told from a right one."""
    expired = b.application(b.do(b.in_status(Status.OFFERED), "expire", at=DUE).state)
    assert (expired.offered_at, expired.calendar_version) == (b.NOON, b.REFERENCE.calendar.version)
    assert notice(h1109="示例假日").calendar.version > b.REFERENCE.calendar.version


@pytest.mark.rule("R6")
@given(st.lists(st.tuples(st.sets(st.integers(1, 20)), st.booleans()), max_size=6))
def test_whichever_notices_are_heard_the_term_only_grows_and_covers_the_newest(notices: list[tuple[set[int], bool]]) -> None:
    """Any sequence of notices, of which the sweeper sees some: no due instant that was ever told is taken back."""
    state, told = b.in_status(Status.OFFERED), [DUE]
    last = b.REFERENCE
    for version, (off, swept) in enumerate(notices, 2):
        last = calendar_of(version, off)
        if swept:
            state = deadline.extend(state, "app_1", last, b.by(b.SYSTEM)).state
            told.append(due_of(state))
    state = deadline.extend(state, "app_1", last, b.by(b.SYSTEM)).state
    off = notices[-1][0] if notices else set()
    assert told == sorted(told)
    assert due_of(state) == max(told[-1], fifth_working_day(off))
    assert deadline.extend(state, "app_1", last, b.by(b.SYSTEM)) == SeatedDecision(state)


def calendar_of(version: int, off: set[int]) -> Reference:
    year = b.REFERENCE.latest["calendar", "2026"]
    holidays = {**year.value["holidays"], **{f"2026-11-{day:02}": "示例假日" for day in off}}
    return b.REFERENCE.with_items([ReferenceItem(kind="calendar", key="2026", version=version, value={**year.value, "holidays": holidays})])


def due_of(state: Candidacy) -> datetime:
    due = b.application(state).due_at
    assert due is not None
    return due


def fifth_working_day(off: set[int]) -> datetime:
    """Counted by hand: November 2026 after the 2nd has no official holiday and no make-up day."""
    working = [day for day in range(3, 31) if date(2026, 11, day).weekday() < 5 and day not in off]
    return datetime(2026, 11, working[4], 16, tzinfo=UTC)


@pytest.mark.rule("R6")
def test_a_calendar_older_than_the_one_reckoned_by_is_passed_over() -> None:
    newer = deadline.extend(b.in_status(Status.OFFERED), "app_1", notice(h1224="示例假日"), b.by(b.SYSTEM)).state
    assert deadline.extend(newer, "app_1", b.REFERENCE, b.by(b.SYSTEM)) == SeatedDecision(newer)


@pytest.mark.rule("R6")
def test_a_notice_without_effect_only_notes_the_version() -> None:
    other = notice(h1224="示例假日")
    decision = deadline.extend(b.in_status(Status.OFFERED), "app_1", other, b.by(b.SYSTEM))
    assert b.application(decision.state).due_at == DUE
    assert b.application(decision.state).calendar_version == other.calendar.version
    assert (decision.events, decision.history) == ((), ())


@pytest.mark.rule("R6")
def test_a_calendar_that_takes_a_holiday_back_shortens_nothing() -> None:
    extended = deadline.extend(b.in_status(Status.OFFERED), "app_1", notice(h1105="示例假日"), b.by(b.SYSTEM)).state
    back = notice(h1105="示例假日").with_items([b.REFERENCE.latest["calendar", "2026"].model_copy(update={"version": 3})])
    assert b.application(deadline.extend(extended, "app_1", back, b.by(b.SYSTEM)).state).due_at == DUE + b.DAY


@pytest.mark.rule("G7", "R5")
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 11, 30)), st.integers(-60, 60))
def test_at_every_instant_exactly_one_of_answer_and_expiry_is_possible(offered_at: datetime, minutes: int) -> None:
    offered_at = offered_at.replace(tzinfo=UTC)
    form = b.graduate_form(diploma_issued=date(2025, 12, 1))
    candidacy = b.registered(form, datetime(2025, 12, 31, tzinfo=UTC))
    offered = b.do(b.submitted(candidacy, at=offered_at, deadline=date(2099, 1, 1)), "offer", at=offered_at).state
    due = b.application(offered).due_at
    assert due is not None
    at = due + timedelta(minutes=minutes)
    possible, impossible, code = ("accept", "expire", "not_due_yet") if at < due else ("expire", "accept", "answer_too_late")
    with b.refused(code):
        b.do(offered, impossible, at=at)
    assert b.do(offered, possible, at=at).events
