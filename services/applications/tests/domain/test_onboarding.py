"""The owed diploma (G13), consent (R19), 确认上岗 and 确认未到岗 (G9, R29)."""

from datetime import UTC, date, datetime

import pytest
from applications.domain import onboarding
from applications.domain.candidacy import Application, Candidacy
from applications.domain.facts import PersonFacts
from common.contracts.applications import DiplomaChanged
from common.contracts.words import Diploma, Status, Verdict
from common.reasons import StatedReason

from . import builders as b


def owing() -> Candidacy:
    """APPROVED with the diploma owed."""
    return b.walked(b.registered(b.owing_form()), Status.APPROVED)


def onboarded(candidacy: Candidacy, start: date = b.TODAY, planned_end: date = date(2027, 5, 1), at: datetime = b.NOON) -> Application:
    return b.application(onboarding.onboard(candidacy, "app_1", start, planned_end, b.REFERENCE, b.by(b.UNIT, at)).state)


@pytest.mark.rule("G13")
def test_onboarding_waits_for_an_accepted_diploma() -> None:
    candidacy = owing()
    with b.refused("diploma_owed"):
        onboarded(candidacy)
    delivered = b.do(candidacy, "deliver_diploma").state
    with b.refused("diploma_owed"):
        onboarded(delivered)
    refused = b.do(delivered, "refuse_diploma").state
    with b.refused("diploma_owed"):
        onboarded(refused)
    accepted = b.do(b.do(refused, "deliver_diploma").state, "accept_diploma").state
    assert onboarded(accepted).status is Status.ONBOARDED


@pytest.mark.rule("G13")
def test_each_step_of_the_diploma_is_said_with_its_reason() -> None:
    delivered = b.do(owing(), "deliver_diploma").state
    assert b.application(delivered).diploma.document_id == "doc_new"
    decision = b.do(delivered, "refuse_diploma")
    assert decision.events == (
        DiplomaChanged(application_id="app_1", person_id=b.INTERN.id, unit_id="uni_1", diploma=Diploma.REFUSED, reason_code="not_readable"),
    )
    assert b.application(decision.state).diploma.refusal == StatedReason(code="not_readable")


@pytest.mark.rule("G13")
def test_the_unit_may_scan_the_paper_itself() -> None:
    scanned = onboarding.deliver_diploma(owing(), "app_1", "doc_scan", b.by(b.UNIT)).state
    assert onboarded(b.do(scanned, "accept_diploma").state).diploma.document_id == "doc_scan"


@pytest.mark.rule("G13")
def test_a_diploma_out_of_turn_is_refused() -> None:
    with b.refused("diploma_not_owed"):
        b.do(b.in_status(Status.APPROVED), "deliver_diploma")
    accepted = b.do(b.do(owing(), "deliver_diploma").state, "accept_diploma").state
    with b.refused("diploma_not_owed"):
        b.do(accepted, "deliver_diploma")
    for deed in ("accept_diploma", "refuse_diploma"):
        with b.refused("diploma_not_delivered"):
            b.do(owing(), deed)


@pytest.mark.rule("G13")
def test_new_year_changes_nothing_for_who_owes_the_diploma() -> None:
    january = datetime(2027, 1, 20, 4, tzinfo=UTC)
    ready = b.do(b.do(owing(), "deliver_diploma", at=january).state, "accept_diploma", at=january).state
    assert onboarded(ready, date(2027, 1, 20), date(2027, 7, 20), january).status is Status.ONBOARDED


@pytest.mark.rule("R19")
def test_a_minor_starts_with_the_guardians_consent_or_after_the_birthday() -> None:
    minor = PersonFacts(birth_date=date(2008, 11, 3), resume_version=1)
    candidacy = b.submitted(b.checked(b.registered(b.youth_form(), person=minor)), person=minor)
    for deed in ("offer", "accept", "approve"):
        candidacy = b.do(candidacy, deed).state
    with b.refused("consent_needed"):
        onboarded(candidacy)
    with b.refused("start_date"):
        onboarded(candidacy, date(1, 1, 1))
    assert onboarded(b.do(candidacy, "consent").state).status is Status.ONBOARDED
    assert onboarded(candidacy, date(2026, 11, 3), at=b.NOON + b.DAY).status is Status.ONBOARDED


@pytest.mark.rule("R29", "G9")
def test_the_start_lies_between_the_approval_and_today() -> None:
    approved = b.in_status(Status.APPROVED)
    for start in (date(2026, 11, 1), date(2026, 11, 3)):
        with b.refused("start_date"):
            onboarded(approved, start)
    internship = onboarded(approved, date(2026, 11, 3), at=b.NOON + b.DAY).internship
    assert internship is not None
    assert (internship.start, internship.planned_end) == (date(2026, 11, 3), date(2027, 5, 1))


@pytest.mark.rule("R29")
def test_an_internship_is_planned_for_at_most_twelve_months() -> None:
    approved = b.in_status(Status.APPROVED)
    assert onboarded(approved, planned_end=date(2027, 11, 2)).status is Status.ONBOARDED
    for end in (b.TODAY, date(2027, 11, 3)):
        with b.refused("planned_end"):
            onboarded(approved, planned_end=end)


@pytest.mark.rule("G9", "R18")
def test_an_absence_carries_a_reason() -> None:
    with b.refused("reason_needed"):
        onboarding.absent(owing(), "app_1", None, b.REFERENCE, b.by(b.UNIT))
    reason = StatedReason(code="diploma_not_delivered")
    absent = onboarding.absent(owing(), "app_1", reason, b.REFERENCE, b.by(b.UNIT)).state
    assert b.application(absent).reason == reason


@pytest.mark.rule("R11", "R3")
@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"not_employed": False}, "intern_employed"),
        ({"no_business_licence": False}, "intern_holds_licence"),
        ({"no_earlier_internship": False}, "intern_took_part"),
    ],
)
def test_the_first_day_looks_again_at_what_the_intern_declares(declared: dict[str, bool], code: str) -> None:
    approved = b.in_status(Status.APPROVED)
    changed = b.renewed(approved, b.graduate_form(declarations=b.graduate_form().declarations.but(**declared)))
    with b.refused(code):
        onboarded(changed)
    assert onboarded(b.renewed(changed, b.graduate_form())).status is Status.ONBOARDED


@pytest.mark.rule("R11", "R13")
def test_the_first_day_is_hindered_by_a_registration_that_failed_since_not_by_one_under_way() -> None:
    approved = b.do(b.checked(b.walked(b.registered(b.youth_form()), Status.WILLING)), "approve").state
    corrected = b.renewed(approved, b.youth_form(registration=b.REGISTRATION.but(number="示例-2")))
    assert onboarded(corrected).status is Status.ONBOARDED
    with b.refused("unemployment_check_not_passed"):
        onboarded(b.checked(corrected, Verdict.DISAPPROVE, version=2))
