"""The decision about eligibility (G8, R1, R13)."""

import pytest
from applications.domain import decisions, intent, refusals, review
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from common.contracts.applications import DecisionRefused, IntentRecheckAsked
from common.contracts.words import Status, Verdict
from common.decision import Decision
from common.reasons import StatedReason

from . import builders as b


def willing_youth() -> Candidacy:
    return b.walked(b.registered(b.youth_form()), Status.WILLING)


def decide(candidacy: Candidacy, verdict: Verdict, reason: StatedReason | None = None, case_id: str = "cas_1") -> SeatedDecision:
    return review.decide(candidacy, "app_1", verdict, reason, case_id, b.REFERENCE, b.by(b.OFFICER))


@pytest.mark.rule("G8")
def test_a_decision_is_applied_once_and_names_its_case() -> None:
    decision = decide(b.in_status(Status.WILLING), Verdict.APPROVE)
    [event] = decision.events
    assert event.case_id == "cas_1"  # type: ignore[attr-defined]
    repeated = decide(decision.state, Verdict.APPROVE)
    assert (repeated.state, repeated.events, repeated.moves) == (decision.state, (), ())


@pytest.mark.rule("G8")
def test_the_same_case_told_again_after_onboarding_changes_nothing() -> None:
    approved = decide(b.in_status(Status.WILLING), Verdict.APPROVE).state
    onboarded = b.do(approved, "onboard").state
    assert decide(onboarded, Verdict.APPROVE) == SeatedDecision(onboarded)


@pytest.mark.rule("R20")
def test_each_decision_of_a_case_is_heard_once_in_the_order_it_was_made() -> None:
    candidacy, made = b.in_status(Status.WILLING), []

    def hear(seq: int, code: str | None = None) -> None:
        nonlocal candidacy

        def applied() -> Decision[Candidacy]:
            made.append(seq)
            if code:
                raise refusals.WRONG_STATUS(status="", deed="")
            return Decision(candidacy)

        candidacy = decisions.once(candidacy, "cas_1", seq, applied).state

    for seq, code in ((3, "wrong_status"), (3, None), (2, None), (5, None), (5, None), (4, None), (6, None)):
        hear(seq, code)
    assert made == [3, 5, 6]
    assert candidacy.heard == {"cas_1": 6}
    assert decisions.once(candidacy, "cas_2", 1, lambda: Decision(candidacy)).state.heard == {"cas_1": 6, "cas_2": 1}


@pytest.mark.rule("R25", "G8")
def test_a_reinstated_application_is_decided_again_by_the_same_case() -> None:
    disapproved = decide(b.in_status(Status.WILLING), Verdict.DISAPPROVE, StatedReason(code="employed")).state
    willing = b.do(disapproved, "reinstate").state
    assert b.application(decide(willing, Verdict.APPROVE).state).status is Status.APPROVED


@pytest.mark.rule("R18", "R23")
def test_a_disapproval_needs_a_reason_from_the_list() -> None:
    willing = b.in_status(Status.WILLING)
    with b.refused("reason_needed"):
        decide(willing, Verdict.DISAPPROVE)
    with b.refused("reason_unknown"):
        decide(willing, Verdict.DISAPPROVE, StatedReason(code="skills_do_not_fit"))
    refused = decide(willing, Verdict.DISAPPROVE, StatedReason(code="employed")).state
    assert b.application(refused).decided_at == b.NOON


@pytest.mark.rule("R13")
def test_nobody_is_approved_before_the_check_has_passed() -> None:
    willing = willing_youth()
    with b.refused("unemployment_check_not_passed"):
        decide(willing, Verdict.APPROVE)
    with b.refused("unemployment_check_not_passed"):
        decide(b.checked(willing, Verdict.DISAPPROVE), Verdict.APPROVE)
    assert b.application(decide(b.checked(willing), Verdict.APPROVE).state).status is Status.APPROVED
    assert b.application(decide(willing, Verdict.DISAPPROVE, StatedReason(code="employed")).state).status is Status.DISAPPROVED


@pytest.mark.rule("R11", "R3")
@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"not_employed": False}, "intern_employed"),
        ({"no_business_licence": False}, "intern_holds_licence"),
        ({"no_earlier_internship": False}, "intern_took_part"),
    ],
)
def test_what_the_newest_intent_declares_is_looked_at_again(declared: dict[str, bool], code: str) -> None:
    willing = b.in_status(Status.WILLING)
    changed = b.renewed(willing, b.graduate_form(declarations=b.graduate_form().declarations.but(**declared)))
    with b.refused(code):
        decide(changed, Verdict.APPROVE)
    assert b.REFERENCE.reasons.label("decision_refused", code) != code
    assert b.application(decide(b.renewed(changed, b.graduate_form()), Verdict.APPROVE).state).status is Status.APPROVED
    assert b.application(decide(changed, Verdict.DISAPPROVE, StatedReason(code="employed")).state).status is Status.DISAPPROVED


@pytest.mark.rule("R11", "R3")
def test_an_internship_on_record_forbids_another_only_where_policy_asks_for_once_only() -> None:
    willing = b.in_status(Status.WILLING)
    both = willing.with_application(b.application(b.in_status(Status.TERMINATED)).but(id="app_0"))
    with b.refused("intern_took_part"):
        decide(both, Verdict.APPROVE)
    lenient = b.with_policy(b.COUNTY, once_only=False)
    approved = review.decide(both, "app_1", Verdict.APPROVE, None, "cas_1", lenient, b.by(b.OFFICER)).state
    assert b.application(approved).status is Status.APPROVED


@pytest.mark.rule("R13")
def test_a_corrected_registration_counts_for_an_application_made_before() -> None:
    failed = b.checked(willing_youth(), Verdict.DISAPPROVE)
    corrected = b.renewed(failed, b.youth_form(registration=b.REGISTRATION.but(number="示例-2")))
    with b.refused("unemployment_check_not_passed"):
        decide(corrected, Verdict.APPROVE)
    assert b.application(decide(b.checked(corrected, version=2), Verdict.APPROVE).state).status is Status.APPROVED


@pytest.mark.rule("R13")
def test_an_outdated_pass_is_asked_for_again_when_the_review_begins() -> None:
    passed = b.checked(b.registered(b.youth_form()))
    offered = b.do(b.submitted(passed, at=b.NOON + 30 * b.DAY), "offer", at=b.NOON + 30 * b.DAY).state
    assert len(b.do(offered, "accept", at=b.NOON + 30 * b.DAY).events) == 1
    decision = b.do(offered, "accept", at=b.NOON + 31 * b.DAY)
    willing, asked = decision.events
    assert isinstance(asked, IntentRecheckAsked)
    assert (willing.to, asked.intent_version, asked.registration_region) == (Status.WILLING, 1, b.COUNTY)  # type: ignore[attr-defined]
    with b.refused("unemployment_check_not_passed"):
        decide(decision.state, Verdict.APPROVE)
    assert b.application(decide(b.checked(decision.state), Verdict.APPROVE).state).status is Status.APPROVED


@pytest.mark.rule("R13")
def test_an_approval_by_a_pass_that_grew_old_meanwhile_is_answered_and_the_check_asked_for_again() -> None:
    willing = b.checked(willing_youth())
    later = b.by(b.OFFICER, b.NOON + 31 * b.DAY)
    decision = review.decide(willing, "app_1", Verdict.APPROVE, None, "cas_1", b.REFERENCE, later)
    asked, answer = decision.events
    assert isinstance(asked, IntentRecheckAsked)
    assert answer == DecisionRefused(person_id=b.INTERN.id, case_id="cas_1", reason_code="unemployment_check_too_old")
    assert b.application(decision.state).status is Status.WILLING
    again = intent.apply_check(decision.state, 1, Verdict.APPROVE, None, "cas_check_1", later).state
    approved = review.decide(again, "app_1", Verdict.APPROVE, None, "cas_1", b.REFERENCE, later).state
    assert b.application(approved).status is Status.APPROVED


@pytest.mark.rule("R12", "R13")
def test_an_application_is_judged_in_the_category_it_was_made_in() -> None:
    pending = b.renewed(b.submitted(b.registered(b.youth_form())), b.graduate_form())
    willing = b.do(b.do(pending, "offer").state, "accept").state
    with b.refused("unemployment_check_not_passed"):
        decide(willing, Verdict.APPROVE)
    assert b.application(decide(b.checked(willing), Verdict.APPROVE).state).status is Status.APPROVED


def test_what_cannot_be_applied_is_answered_to_audit_and_changes_nothing() -> None:
    pending = b.in_status(Status.PENDING)
    with b.refused("wrong_status"):
        decide(pending, Verdict.APPROVE)
    answer = decisions.once(pending, "cas_1", 1, lambda: decide(pending, Verdict.APPROVE))
    assert answer.state == pending.but(heard={"cas_1": 1})
    assert answer.events == (DecisionRefused(person_id=b.INTERN.id, case_id="cas_1", reason_code="wrong_status"),)
