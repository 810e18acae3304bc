"""The eligibility answer (R11): every rule, its result, why, and what to do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from applications.domain import eligibility
from applications.domain.candidacy import Candidacy
from applications.domain.eligibility_words import WHYS
from applications.domain.facts import PersonFacts
from applications.domain.intent_form import Intent, IntentForm
from common.contracts.words import Check, Status, Verdict
from common.policy import Policy
from hypothesis import given
from hypothesis import strategies as st

from . import builders as b

pytestmark = pytest.mark.rule("R11")


def results(form: IntentForm, day: date = b.TODAY, birth: date = date(2003, 5, 20), policy: Policy | None = None) -> dict[str, str]:
    """The why of each rule on a day."""
    findings = eligibility.explain(intent_of(form), birth, False, day, policy or Policy())
    return {finding.line.rule: finding.line.why for finding in findings}


def intent_of(form: IntentForm, check: Check = Check.CHECKING) -> Intent:
    return Intent(version=1, registered_at=b.NOON, form=form, check=check)


def test_a_graduate_with_the_diploma_passes_every_rule() -> None:
    assert results(b.graduate_form()) == {
        "diploma": "diploma_recent",
        "once_only": "first_internship",
        "employment": "not_employed",
        "licence": "no_business_licence",
    }


@pytest.mark.parametrize(
    ("issued", "day", "why"),
    [
        (date(2024, 11, 2), date(2026, 11, 2), "diploma_recent"),
        (date(2024, 11, 1), date(2026, 11, 2), "diploma_too_old"),
        (date(2024, 2, 29), date(2026, 2, 28), "diploma_recent"),
        (date(2024, 2, 29), date(2026, 3, 1), "diploma_too_old"),
        (date(2022, 2, 28), date(2024, 2, 28), "diploma_recent"),
        (date(2022, 2, 28), date(2024, 2, 29), "diploma_too_old"),
        (date(2023, 12, 31), date(2025, 12, 31), "diploma_recent"),
        (date(2023, 12, 31), date(2026, 1, 1), "diploma_too_old"),
    ],
)
def test_a_diploma_counts_for_24_months_to_the_day(issued: date, day: date, why: str) -> None:
    assert results(b.graduate_form(diploma_issued=issued), day)["diploma"] == why


def test_a_diploma_of_24_months_and_a_day_is_refused_at_submission() -> None:
    candidacy = b.registered(b.graduate_form(diploma_issued=date(2024, 11, 2)))
    assert b.submitted(candidacy).applications
    with b.refused("not_eligible"):
        b.submitted(candidacy, at=b.NOON + b.DAY)


def test_a_recommendation_form_is_pending_in_the_running_year_and_fails_after_it() -> None:
    assert results(b.owing_form(), date(2026, 12, 31))["diploma"] == "diploma_owed"
    assert WHYS["diploma_owed"].result == "pending"
    assert results(b.owing_form(), date(2027, 1, 1))["diploma"] == "form_outdated"
    assert results(b.owing_form(), policy=Policy(recommendation_form_allowed=False))["diploma"] == "form_not_allowed"
    assert b.submitted(b.registered(b.owing_form())).applications
    with b.refused("not_eligible"):
        b.submitted(b.registered(b.owing_form()), at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))


def test_a_graduate_of_thirty_is_fine() -> None:
    thirty = PersonFacts(birth_date=date(1996, 11, 2), resume_version=1)
    application = b.application(b.submitted(b.registered(person=thirty), person=thirty))
    assert application.age_band == "30_plus"


@pytest.mark.parametrize(
    ("birth", "why"),
    [
        (date(2010, 11, 3), "too_young"),
        (date(2010, 11, 2), "age_fits"),
        (date(2002, 11, 2), "age_fits"),
        (date(2001, 11, 3), "age_fits"),
        (date(2001, 11, 2), "too_old"),
    ],
)
def test_youths_are_16_to_24_by_the_calendar(birth: date, why: str) -> None:
    assert results(b.youth_form(), birth=birth)["age"] == why
    person = PersonFacts(birth_date=birth, resume_version=1)
    candidacy = b.registered(b.youth_form(), person=person)
    if why == "age_fits":
        assert b.submitted(candidacy, person=person).applications
    else:
        with b.refused("not_eligible"):
            b.submitted(candidacy, person=person)


def test_who_is_born_on_29_february_turns_25_on_the_28th() -> None:
    birth = date(2004, 2, 29)
    assert results(b.youth_form(), date(2029, 2, 27), birth)["age"] == "age_fits"
    assert results(b.youth_form(), date(2029, 2, 28), birth)["age"] == "too_old"


def test_turning_25_after_the_submission_changes_nothing() -> None:
    nearly = PersonFacts(birth_date=date(2001, 11, 5), resume_version=1)
    candidacy = b.submitted(b.checked(b.registered(b.youth_form(), person=nearly)), person=nearly)
    for days, deed in enumerate(("offer", "accept", "approve"), start=2):
        candidacy = b.do(candidacy, deed, at=b.NOON + timedelta(days=days)).state
    assert b.application(candidacy).status is Status.APPROVED
    assert b.application(candidacy).age_band == "18_24"


@pytest.mark.rule("R13")
@pytest.mark.parametrize(("check", "result"), [(Check.CHECKING, "pending"), (Check.PASSED, "pass"), (Check.FAILED, "fail")])
def test_the_registration_is_as_its_check(check: Check, result: str) -> None:
    findings = eligibility.explain(intent_of(b.youth_form(), check), date(2003, 5, 20), False, b.TODAY, Policy())
    assert {finding.line.rule: finding.line.result for finding in findings}["registration"] == result


@pytest.mark.rule("R3")
def test_a_former_participant_fails_by_record_and_by_declaration() -> None:
    declared = b.graduate_form().declarations.but(no_earlier_internship=False)
    assert results(b.graduate_form(declarations=declared))["once_only"] == "took_part_before"
    assert results(b.graduate_form(declarations=declared), policy=Policy(once_only=False))["once_only"] == "may_take_part_again"
    assert eligibility.took_part(b.in_status(Status.TERMINATED))
    assert not eligibility.took_part(Candidacy(person_id="per_1"))
    with b.refused("not_eligible"):
        b.submitted(b.registered(b.graduate_form(declarations=declared)))


def test_declarations_of_work_and_licence_count() -> None:
    working = b.graduate_form().declarations.but(not_employed=False, no_business_licence=False)
    found = results(b.graduate_form(declarations=working))
    assert (found["employment"], found["licence"]) == ("employed", "business_licence")


def test_each_failure_says_why_and_what_to_do() -> None:
    for code, why in WHYS.items():
        assert why.sentence.endswith("。"), code
        assert (why.result == "pass") == (why.remedy == ""), code


@given(st.dates(date(1960, 1, 1), date(2026, 11, 2)), st.sampled_from([b.graduate_form(), b.owing_form(), b.youth_form()]))
def test_every_answer_is_complete_and_readable(birth: date, form: IntentForm) -> None:
    findings = eligibility.explain(intent_of(form), birth, False, b.TODAY, Policy())
    assert len({finding.line.rule for finding in findings}) == len(findings)
    assert all("{" not in finding.sentence + finding.remedy for finding in findings)
    assert eligibility.age_band(birth, b.TODAY) in {"under_16", "16_17", "18_24", "25_29", "30_plus"}


def test_a_failed_registration_is_a_failure_before_applying_too() -> None:
    failed = b.checked(b.registered(b.youth_form()), Verdict.DISAPPROVE).intent
    assert failed is not None
    [age, registration, *_] = eligibility.explain(failed, date(2003, 5, 20), False, b.TODAY, Policy())
    assert (age.line.result, registration.line.result) == ("pass", "fail")
