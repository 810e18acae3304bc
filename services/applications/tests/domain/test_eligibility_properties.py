"""The eligibility answer against an oracle that knows only days and counts them one by one (R11), and what never lapses."""

from datetime import date, timedelta
from functools import cache

import pytest
from applications.domain import eligibility, onboarding
from applications.domain.eligibility import Subject
from applications.domain.facts import PersonFacts
from applications.domain.intent_form import IntentForm
from common.calendar import local_date
from common.contracts.words import Check, Status
from common.policy import Policy
from hypothesis import given
from hypothesis import strategies as st

from . import builders as b

pytestmark = pytest.mark.rule("R11")

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
LEAP_DAYS = st.sampled_from([date(year, 2, 29) for year in (2000, 2004, 2008, 2012)])
EDGES = st.integers(-3, 3).map(lambda days: timedelta(days=days))
FORMS = st.sampled_from([b.graduate_form(), b.owing_form(), b.youth_form()])


@cache
def anniversaries(start: date, years: int) -> tuple[date, ...]:
    """The days on which another year is full: found by walking day by day, 29 February counting as the 28th."""
    wanted = (2, 28) if (start.month, start.day) == (2, 29) else (start.month, start.day)
    found: list[date] = []
    day = start
    while len(found) < years:
        day += timedelta(days=1)
        if (day.month, day.day) == wanted:
            found.append(day)
    return tuple(found)


def naive_age(birth: date, day: date) -> int:
    return sum(birthday <= day for birthday in anniversaries(birth, 40))


def results(form: IntentForm, day: date, birth: date, policy: Policy | None = None) -> dict[str, str]:
    subject = Subject(form, Check.PASSED, False, policy or Policy(), birth, day, b.COUNTY)
    return {line.rule: line.result for line in eligibility.measure(subject)}


@given(st.dates(date(1999, 1, 1), date(2012, 12, 31)) | LEAP_DAYS, st.integers(14, 27), EDGES)
def test_a_youth_passes_on_exactly_the_days_of_16_to_24(birth: date, years: int, near: timedelta) -> None:
    day = anniversaries(birth, years)[-1] + near
    found = results(b.youth_form(), day, birth)
    assert (found["age"] == "pass") == (16 <= naive_age(birth, day) <= 24)
    assert (found["consent"] == "pass") == (naive_age(birth, day) >= 18)


@given(DAYS | LEAP_DAYS, EDGES)
def test_a_diploma_passes_until_the_day_two_years_are_full(issued: date, near: timedelta) -> None:
    full = anniversaries(issued, 2)[-1]
    assert (results(b.graduate_form(diploma_issued=issued), full + near, date(1990, 1, 1))["diploma"] == "pass") == (full + near <= full)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans())
def test_a_recommendation_form_is_never_a_pass_and_pends_in_its_year_alone(day: date, taken: bool) -> None:
    found = results(b.owing_form(), day, date(2003, 5, 20), Policy(recommendation_form_allowed=taken))["diploma"]
    assert found == ("pending" if taken and day.year == 2026 else "fail")


@given(st.dates(date(1960, 1, 1), date(2026, 11, 2)), FORMS, st.sampled_from(Check))
def test_every_answer_is_complete_and_readable(birth: date, form: IntentForm, check: Check) -> None:
    findings = eligibility.explain(Subject(form, check, False, Policy(), birth, b.TODAY, b.COUNTY))
    assert tuple(finding.line.rule for finding in findings) == eligibility.RULES[form.category]
    assert all("{" not in finding.sentence + finding.remedy for finding in findings)
    assert eligibility.age_band(birth, b.TODAY) in {"under_16", "16_17", "18_24", "25_29", "30_plus"}


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(["age", "months"]))
def test_age_and_months_do_not_lapse_through_others_delay(review_after: int, onboard_after: int, measured: str) -> None:
    """On the last day on which one may apply, however long the others take."""
    youth, graduate = b.youth_form(), b.graduate_form(diploma_issued=date(2024, 11, 2))
    person = PersonFacts(birth_date=date(2001, 11, 3) if measured == "age" else date(1990, 1, 1), resume_version=1)
    candidacy = b.registered(youth if measured == "age" else graduate, person=person)
    candidacy = b.submitted(candidacy if measured == "months" else b.checked(candidacy), person=person)
    for deed in ("offer", "accept"):
        candidacy = b.do(candidacy, deed).state
    reviewed = b.NOON + review_after * b.DAY
    candidacy = candidacy.but(intents=tuple(intent.but(checked_at=reviewed) for intent in candidacy.intents))
    approved = b.do(candidacy, "approve", at=reviewed).state
    came = reviewed + onboard_after * b.DAY
    start = local_date(came)
    state = onboarding.onboard(approved, "app_1", start, start + timedelta(days=90), b.REFERENCE, b.by(b.UNIT, came)).state
    assert b.application(state).status is Status.ONBOARDED
