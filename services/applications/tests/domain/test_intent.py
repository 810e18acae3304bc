"""见习意愿登记 (G2, G3, R12, R13)."""

from datetime import UTC, date, datetime

import pytest
from applications.domain import intent
from applications.domain.candidacy import Candidacy
from applications.domain.facts import PersonFacts
from applications.domain.intent_form import IntentDocument, IntentDocumentKind, IntentForm, UnemploymentRegistration
from common.contracts.applications import IntentChecked, IntentRegistered
from common.contracts.words import Category, Check, Role, Status, Verdict
from pydantic import ValidationError

from . import builders as b

NOBODY = Candidacy(person_id=b.INTERN.id)


@pytest.mark.rule("G2")
def test_real_name_comes_first_then_the_resume() -> None:
    for person, code in ((PersonFacts(), "real_name_needed"), (PersonFacts(birth_date=date(2003, 5, 20)), "resume_needed")):
        with b.refused(code):
            b.registered(person=person)


@pytest.mark.rule("G3")
def test_a_registered_intent_says_its_version_and_what_statistics_need() -> None:
    decision = intent.register(NOBODY, b.youth_form(), b.PERSON, b.REFERENCE, b.by(b.INTERN))
    assert decision.events == (
        IntentRegistered(
            person_id=b.INTERN.id,
            intent_version=1,
            category=Category.YOUTH,
            education="bachelor",
            age_band="18_24",
            household_region=b.COUNTY,
            residence_region="520103",
            check=Check.CHECKING,
            registration_region=b.COUNTY,
        ),
    )


OTHER_PROOF = IntentDocument(id="doc_proof", kind=IntentDocumentKind.OTHER_PROOF)
WRONG_FORMS: list[tuple[IntentForm, str]] = [
    (b.graduate_form(documents=(), diploma_issued=None), "proof_needed"),
    (b.graduate_form(diploma_issued=None), "diploma_date"),
    (b.graduate_form(diploma_issued=date(2026, 11, 3)), "diploma_date"),
    (b.owing_form(graduation_date=date(2025, 6, 30)), "diploma_needed"),
    (b.youth_form(registration=None), "registration_needed"),
    (b.youth_form(registration=b.REGISTRATION.but(day=date(2026, 11, 3))), "registration_date"),
    (b.youth_form(registration=b.REGISTRATION.but(region="520502")), "registration_place"),
    (b.youth_form(household_region="520222", registration=b.REGISTRATION.but(region="520204")), "registration_place"),
    (b.graduate_form(education="示例"), "invalid_input"),
    (b.graduate_form(priority_group="nobody"), "invalid_input"),
]


@pytest.mark.rule("G3")
@pytest.mark.parametrize(("form", "code"), WRONG_FORMS)
def test_evidence_that_does_not_fit_the_category_is_refused(form: IntentForm, code: str) -> None:
    with b.refused(code):
        b.registered(form)


@pytest.mark.rule("G3", "R14")
def test_residence_and_registration_lie_where_an_office_is_and_the_household_may_lie_anywhere() -> None:
    elsewhere, abolished = "110105", "520114"
    assert b.registered(b.youth_form(household_region=elsewhere, registration=b.REGISTRATION.but(region="520103"))).intent
    for region in (elsewhere, abolished, "520199"):
        with b.refused("invalid_input"):
            b.registered(b.graduate_form(residence_region=region))
        with b.refused("invalid_input"):
            b.registered(b.youth_form(household_region=region, registration=b.REGISTRATION.but(region=region)))


@pytest.mark.rule("G3", "R14")
def test_who_comes_from_a_county_abolished_since_registers_in_its_successor() -> None:
    assert b.registered(b.youth_form(household_region="520222", registration=b.REGISTRATION.but(region="520281"))).intent


@pytest.mark.rule("G3")
def test_evidence_at_the_edges_is_taken() -> None:
    new_years_eve = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert b.registered(b.owing_form(), at=new_years_eve).intent
    with b.refused("diploma_needed"):
        b.registered(b.owing_form(), at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    for form in (
        b.owing_form(documents=(OTHER_PROOF,)),
        b.youth_form(registration=b.REGISTRATION.but(day=b.TODAY)),
        b.youth_form(registration=b.REGISTRATION.but(region="520103")),
        b.youth_form(registration=b.REGISTRATION.but(region="520100", office="示例市公共就业服务中心")),
    ):
        assert b.registered(form).intent


@pytest.mark.rule("G13")
def test_where_policy_takes_no_recommendation_form_the_diploma_is_needed() -> None:
    strict = b.with_policy("520103", recommendation_form_allowed=False)
    with b.refused("diploma_needed"):
        intent.register(NOBODY, b.owing_form(), b.PERSON, strict, b.by(b.INTERN))


@pytest.mark.rule("R12")
def test_each_change_is_a_new_version_and_the_same_form_is_none() -> None:
    first = b.registered()
    assert intent.register(first, b.graduate_form(), b.PERSON, b.REFERENCE, b.by(b.INTERN)).state == first
    second = b.renewed(first, b.graduate_form(major="法学"))
    assert [version.version for version in second.intents] == [2]


@pytest.mark.rule("R12")
def test_an_application_keeps_the_version_it_was_made_with() -> None:
    candidacy = b.submitted(b.registered())
    for major in ("法学", "历史学"):
        candidacy = b.renewed(candidacy, b.graduate_form(major=major))
    assert b.application(candidacy).intent_version == 1
    assert [version.version for version in candidacy.intents] == [1, 3]
    assert candidacy.intents[0].form.major == "会计学"


@pytest.mark.rule("R12")
@pytest.mark.parametrize("status", Status)
def test_the_category_is_locked_from_the_offer_on(status: Status) -> None:
    candidacy = b.in_status(status)
    if status in {Status.OFFERED, Status.WILLING, Status.APPROVED, Status.ONBOARDED, Status.TERMINATED}:
        with b.refused("category_locked"):
            b.renewed(candidacy, b.youth_form())
    else:
        assert b.renewed(candidacy, b.youth_form()).intents[-1].form.category is Category.YOUTH
    assert b.renewed(candidacy, b.graduate_form(major="法学")).intents[-1].version == 2


@pytest.mark.rule("R13")
@pytest.mark.parametrize(("verdict", "check"), [(Verdict.APPROVE, Check.PASSED), (Verdict.DISAPPROVE, Check.FAILED)])
def test_a_verdict_is_applied_once_and_said_once(verdict: Verdict, check: Check) -> None:
    candidacy = b.registered(b.youth_form())
    decision = intent.apply_check(candidacy, 1, verdict, "no_registration", "cas_1", b.by(b.OFFICER))
    assert decision.events == (
        IntentChecked(person_id=b.INTERN.id, intent_version=1, check=check, reason_code="no_registration", case_id="cas_1"),
    )
    repeated = intent.apply_check(decision.state, 1, verdict, "no_registration", "cas_1", b.by(b.OFFICER))
    assert (repeated.state, repeated.events) == (decision.state, ())


@pytest.mark.rule("R13")
def test_a_verdict_about_a_version_that_is_gone_or_needs_no_check_is_refused() -> None:
    replaced = b.renewed(b.registered(b.youth_form()), b.youth_form(major="法学"))
    for candidacy in (replaced, b.registered()):
        with b.refused("intent_moved_on"):
            b.checked(candidacy)
    for role in set(Role) - {Role.OFFICER}:
        with b.refused("wrong_role"):
            intent.apply_check(replaced, 2, Verdict.APPROVE, None, "cas_2", b.by(b.ACTORS[role]))


@pytest.mark.rule("R13")
def test_a_pass_stays_with_the_registration_and_a_correction_is_checked_anew() -> None:
    passed = b.checked(b.registered(b.youth_form()))
    assert b.renewed(passed, b.youth_form(major="法学")).intents[-1].check is Check.PASSED
    corrected = b.renewed(passed, b.youth_form(registration=b.REGISTRATION.but(number="示例-1")))
    assert corrected.intents[-1].check is Check.CHECKING
    assert corrected.intents[-1].check_case_id is None


@pytest.mark.rule("R13")
@pytest.mark.parametrize("between", [b.graduate_form(), b.youth_form(registration=b.REGISTRATION.but(number="示例-1"))])
@pytest.mark.parametrize(("verdict", "check"), [(Verdict.APPROVE, Check.PASSED), (Verdict.DISAPPROVE, Check.FAILED)])
def test_a_registration_keeps_its_verdict_whatever_was_registered_in_between(between: IntentForm, verdict: Verdict, check: Check) -> None:
    decided = b.checked(b.registered(b.youth_form()), verdict)
    again = b.renewed(b.renewed(decided, between), b.youth_form(major="法学"))
    assert again.intent is not None
    assert (again.intent.version, again.intent.check, again.intent.check_case_id) == (3, check, "cas_check_1")
    if check is Check.FAILED:
        with b.refused("unemployment_check_failed"):
            b.submitted(again)


@pytest.mark.rule("R13")
def test_each_registration_keeps_its_own_verdict_and_one_version_of_it_is_enough() -> None:
    other = b.REGISTRATION.but(number="示例-1")
    candidacy = b.checked(b.registered(b.youth_form()), Verdict.DISAPPROVE)
    candidacy = b.checked(b.renewed(candidacy, b.youth_form(registration=other)), Verdict.APPROVE, version=2)
    for major in ("法学", "历史学", "化学"):
        candidacy = b.renewed(candidacy, b.youth_form(major=major))
        assert candidacy.intents[-1].check is Check.FAILED
        candidacy = b.renewed(candidacy, b.youth_form(major=major, registration=other))
        assert candidacy.intents[-1].check is Check.PASSED
    assert [version.version for version in candidacy.intents] == [6, 7, 8]


@pytest.mark.rule("G3")
def test_what_nobody_sees_in_a_text_is_dropped_and_is_no_text() -> None:
    written = {"office": "示例街道\u200b公共就业服务中心\ufeff", "region": b.COUNTY, "day": "2026-10-12", "number": "\u202e示例-1"}
    registration = UnemploymentRegistration.model_validate(written)
    assert (registration.office, registration.number) == ("示例街道公共就业服务中心", "示例-1")
    for field in ("school", "major"):
        with pytest.raises(ValidationError):
            IntentForm.model_validate(b.graduate_form().model_dump() | {field: "\u200b"})
