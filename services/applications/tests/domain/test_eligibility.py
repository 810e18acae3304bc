"""The eligibility answer (R11): every rule, its result, why, what to do, whom to ask, and at the edges of the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from applications.domain import eligibility
from applications.domain.candidacy import Candidacy
from applications.domain.eligibility import Finding, Subject
from applications.domain.eligibility_words import FACT_NAMES, SOURCES, WHYS
from applications.domain.facts import PersonFacts
from applications.domain.intent_form import IntentForm
from common.contracts.eligibility import RESULT_NAMES, RULE_NAMES, WHY_NAMES
from common.contracts.words import Category, Check, Status, Verdict
from common.policy import Policy

from . import builders as b

pytestmark = pytest.mark.rule("R11")
BIRTH = date(2003, 5, 20)


def found(
    form: IntentForm, day: date = b.TODAY, birth: date = BIRTH, policy: Policy | None = None, check: Check = Check.CHECKING
) -> dict[str, Finding]:
    subject = Subject(form, check, False, policy or Policy(), birth, day, b.COUNTY)
    assert eligibility.measure(subject) == tuple(finding.line for finding in eligibility.explain(subject))
    return {finding.line.rule: finding for finding in eligibility.explain(subject)}


def whys(form: IntentForm, day: date = b.TODAY, birth: date = BIRTH, policy: Policy | None = None) -> dict[str, str]:
    return {rule: finding.line.why for rule, finding in found(form, day, birth, policy).items()}


def test_a_graduate_with_the_diploma_passes_every_rule() -> None:
    assert whys(b.graduate_form()) == {
        "diploma": "diploma_recent",
        "once_only": "first_internship",
        "employment": "not_employed",
        "licence": "no_business_licence",
        "consent": "of_age",
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
    assert whys(b.graduate_form(diploma_issued=issued), day)["diploma"] == why


def test_a_diploma_of_24_months_and_a_day_is_refused_at_submission() -> None:
    candidacy = b.registered(b.graduate_form(diploma_issued=date(2024, 11, 2)))
    assert b.submitted(candidacy).applications
    with b.refused("not_eligible"):
        b.submitted(candidacy, at=b.NOON + b.DAY)


def test_a_recommendation_form_is_pending_in_the_running_year_and_fails_after_it() -> None:
    owed = found(b.owing_form(), date(2026, 12, 31))["diploma"].line
    assert (owed.why, owed.result) == ("diploma_owed", "pending")
    assert whys(b.owing_form(), date(2027, 1, 1))["diploma"] == "form_outdated"
    assert whys(b.owing_form(), policy=Policy(recommendation_form_allowed=False))["diploma"] == "form_not_allowed"
    assert b.submitted(b.registered(b.owing_form())).applications
    last_instant = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert b.submitted(b.registered(b.owing_form()), at=last_instant).applications
    with b.refused("not_eligible"):
        b.submitted(b.registered(b.owing_form()), at=last_instant + timedelta(seconds=1))


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
    assert whys(b.youth_form(), birth=birth)["age"] == why
    person = PersonFacts(birth_date=birth, resume_version=1)
    candidacy = b.registered(b.youth_form(), person=person)
    if why == "age_fits":
        assert b.submitted(candidacy, person=person).applications
    else:
        with b.refused("not_eligible"):
            b.submitted(candidacy, person=person)


@pytest.mark.parametrize(
    ("day", "age", "consent"),
    [
        (date(2020, 2, 27), "too_young", "consent_needed"),
        (date(2020, 2, 28), "age_fits", "consent_needed"),
        (date(2022, 2, 27), "age_fits", "consent_needed"),
        (date(2022, 2, 28), "age_fits", "of_age"),
        (date(2029, 2, 27), "age_fits", "of_age"),
        (date(2029, 2, 28), "too_old", "of_age"),
    ],
)
def test_a_birth_on_29_february_counts_as_the_28th_in_every_year(day: date, age: str, consent: str) -> None:
    found_then = whys(b.youth_form(), day, date(2004, 2, 29))
    assert (found_then["age"], found_then["consent"]) == (age, consent)


@pytest.mark.rule("R19")
def test_a_minor_needs_a_consent_later_which_hinders_no_submission() -> None:
    minor = found(b.youth_form(), birth=date(2009, 5, 1))["consent"]
    assert (minor.line.result, minor.facts[1].value) == ("pending", "2027-05-01")
    assert "监护人" in minor.remedy
    person = PersonFacts(birth_date=date(2009, 5, 1), resume_version=1)
    assert b.submitted(b.registered(b.youth_form(), person=person), person=person).applications


@pytest.mark.rule("R13")
@pytest.mark.parametrize(("check", "result"), [(Check.CHECKING, "pending"), (Check.PASSED, "pass"), (Check.FAILED, "fail")])
def test_the_registration_is_as_its_check(check: Check, result: str) -> None:
    assert found(b.youth_form(), check=check)["registration"].line.result == result


@pytest.mark.rule("R3")
def test_a_former_participant_fails_by_record_and_by_declaration() -> None:
    declared = b.graduate_form().declarations.but(no_earlier_internship=False)
    assert whys(b.graduate_form(declarations=declared))["once_only"] == "took_part_before"
    assert whys(b.graduate_form(declarations=declared), policy=Policy(once_only=False))["once_only"] == "may_take_part_again"
    assert eligibility.took_part(b.in_status(Status.TERMINATED))
    assert not eligibility.took_part(Candidacy(person_id="per_1"))
    with b.refused("not_eligible"):
        b.submitted(b.registered(b.graduate_form(declarations=declared)))


def test_declarations_of_work_and_licence_count() -> None:
    working = b.graduate_form().declarations.but(not_employed=False, no_business_licence=False)
    answers = whys(b.graduate_form(declarations=working))
    assert (answers["employment"], answers["licence"]) == ("employed", "business_licence")


def test_each_failure_says_why_and_what_to_do() -> None:
    for code, why in WHYS.items():
        assert why.sentence.endswith("。"), code
        assert (why.result == "pass") == (why.remedy == ""), code


def test_an_officer_reads_every_code_in_words() -> None:
    assert set(WHY_NAMES) == set(WHYS)
    assert {rule for rules in eligibility.RULES.values() for rule in rules} == set(RULE_NAMES) == set(SOURCES)
    assert {why.result for why in WHYS.values()} == set(RESULT_NAMES)


@pytest.mark.rule("G17")
def test_each_finding_names_its_facts_its_office_and_what_it_rests_on() -> None:
    elsewhere = b.REGISTRATION.but(region="520111")
    policy = b.REFERENCE.policy(b.COUNTY, b.TODAY)
    answers = found(b.youth_form(registration=elsewhere), policy=policy)
    age = answers["age"]
    assert {fact.name: (fact.label, fact.value) for fact in age.facts} == {
        "day": (FACT_NAMES["day"], "2026-11-02"),
        "age": (FACT_NAMES["age"], "23"),
        "low": (FACT_NAMES["low"], "16"),
        "high": (FACT_NAMES["high"], "24"),
    }
    assert age.sentence == "2026-11-02您的年龄为23周岁，符合16至24周岁的条件。"
    assert (age.ask, answers["registration"].ask) == (b.COUNTY, "520111")
    assert (age.source.rule, age.source.policy) == ("R11", ("520000:2022-01-01:1",))


def test_a_failed_registration_is_a_failure_before_applying_too() -> None:
    failed = b.checked(b.registered(b.youth_form()), Verdict.DISAPPROVE).intent
    assert failed is not None
    answers = found(failed.form, check=failed.check)
    assert (answers["age"].line.result, answers["registration"].line.result) == ("pass", "fail")


def test_every_category_has_its_rules_and_each_rule_is_measured_once_or_looked_at_again() -> None:
    assert set(eligibility.RULES) == set(Category)
    assert set(eligibility.MEASURED).isdisjoint(eligibility.STANDING)
    assert set(eligibility.MEASURED) | set(eligibility.STANDING) == set(RULE_NAMES)
