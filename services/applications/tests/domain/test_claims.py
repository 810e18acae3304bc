"""What an intern may ask officers, and what their decisions do: objection, lift, wish to end, complaint, supplement (R3, R10, R17, R30)."""

from datetime import datetime, timedelta

import pytest
from applications.domain import (
    complaint,
    decisions,
    eligibility,
    evidence,
    lift,
    objection,
    onboarding,
    questions,
    supplement,
)
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.decisions import CaseDecision
from applications.domain.question_form import Matter, Outcome, Words
from common.calendar import midnight
from common.contracts.applications import BlockLifted, CaseAsked, CaseSettled, CaseSupplemented, EndCorrected
from common.contracts.words import CaseKind, EndKind, Status, Verdict

from . import builders as b

TERM = timedelta(days=15)


def ended(**internship: object) -> Candidacy:
    """A terminated internship whose end may be objected to for fifteen days."""
    candidacy = b.in_status(Status.TERMINATED)
    application = b.application(candidacy)
    assert application.internship is not None
    return candidacy.with_application(application.but(objection_due_at=b.NOON + TERM, internship=application.internship.but(**internship)))


def objected(candidacy: Candidacy) -> SeatedDecision:
    return objection.object_to(candidacy, "app_1", b.NOT_AGREED, b.REFERENCE, b.by(b.INTERN))


def decide(
    candidacy: Candidacy,
    kind: CaseKind,
    verdict: Verdict = Verdict.APPROVE,
    reason: str | None = None,
    end_kind: EndKind | None = None,
    at: datetime = b.NOON,
) -> SeatedDecision:
    case = CaseDecision(
        case_id="cas_1", kind=kind, number=1, application_id="app_1", verdict=verdict, reason_code=reason, end_kind=end_kind
    )  # fmt: skip
    decision = decisions.apply(candidacy, case, b.REFERENCE, b.by(b.OFFICER, at))
    assert isinstance(decision, SeatedDecision)
    return decision


@pytest.mark.rule("R17")
def test_an_intern_objects_once_and_within_the_term() -> None:
    decision = objected(ended())
    (asked,) = decision.events
    assert isinstance(asked, CaseAsked)
    assert (asked.kind, asked.number, asked.cause) == (CaseKind.OBJECTION, 1, "not_agreed")
    with b.refused("objection_made"):
        objected(decision.state)
    settled = decide(decision.state, CaseKind.OBJECTION, Verdict.DISAPPROVE, "not_founded")
    with b.refused("objection_made"):
        objected(settled.state)
    with b.refused("objection_too_late"):
        objection.object_to(ended(), "app_1", b.NOT_AGREED, b.REFERENCE, b.by(b.INTERN, b.NOON + TERM))
    with b.refused("reason_unknown"):
        objection.object_to(ended(), "app_1", Words(cause="illness", text="示例"), b.REFERENCE, b.by(b.INTERN))


@pytest.mark.rule("R17")
@pytest.mark.parametrize("kind", EndKind)
def test_an_upheld_objection_corrects_the_reason_and_frees_the_seat_that_was_kept(kind: EndKind) -> None:
    before = objected(ended(end_kind=kind)).state
    decision = decide(before, CaseKind.OBJECTION, reason="unit")
    after = b.application(decision.state)
    assert after.internship is not None
    assert (after.internship.end_kind, after.reason and after.reason.code, after.status) == (EndKind.EARLY, "unit", Status.TERMINATED)
    assert [type(event) for event in decision.events] == [CaseSettled, EndCorrected]
    assert [move.take for move in decision.moves] == ([False] if kind is EndKind.COMPLETED else [])
    assert after.questions[0].outcome is Outcome.APPROVED


@pytest.mark.rule("R17", "R8")
@pytest.mark.parametrize("kind", EndKind)
@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("waited", [-1, 0, 40])
def test_an_upheld_objection_finds_the_internship_completed_once_its_planned_end_has_come(kind: EndKind, days: int, waited: int) -> None:
    """`days`: from the planned end to the end that the unit reported; `waited`: from the planned end to the decision."""
    begun = b.application(ended()).internship
    assert begun is not None
    planned = begun.planned_end
    before = objected(ended(end_kind=kind, end=planned + timedelta(days=days))).state
    at = midnight(planned + timedelta(days=waited))
    held = b.application(before).holds_seat
    assert held == (kind is EndKind.COMPLETED)
    if waited < max(days, 0):
        with b.refused("not_completed"):
            decide(before, CaseKind.OBJECTION, end_kind=EndKind.COMPLETED, at=at)
        return
    decision = decide(before, CaseKind.OBJECTION, end_kind=EndKind.COMPLETED, at=at)
    after = b.application(decision.state)
    assert after.internship is not None
    assert (after.status, after.reason, after.internship.end_kind) == (Status.TERMINATED, None, EndKind.COMPLETED)
    assert after.internship.end == planned + timedelta(days=max(days, 0))
    assert (after.holds_seat, decision.moves) == (held, ()), "whoever has got the seat meanwhile keeps it"
    _, corrected = decision.events
    assert isinstance(corrected, EndCorrected)
    assert (corrected.end_kind, corrected.end, corrected.reason_code) == (EndKind.COMPLETED, after.internship.end, None)


@pytest.mark.rule("R17", "R3", "G11")
@pytest.mark.parametrize("end_kind", EndKind)
def test_an_internship_blocks_however_its_end_is_corrected_and_counts_to_its_corrected_end(end_kind: EndKind) -> None:
    before = objected(ended(end_kind=EndKind.EARLY, end=b.TODAY + timedelta(days=40))).state
    planned = b.application(before).internship.planned_end  # type: ignore[union-attr]
    reason = "unit" if end_kind is EndKind.EARLY else None
    decision = decide(before, CaseKind.OBJECTION, reason=reason, end_kind=end_kind, at=midnight(planned))
    assert eligibility.took_part(decision.state)
    assert b.application(decision.state).binds
    assert lift.months_served(before) == 2
    assert lift.months_served(decision.state) == (2 if end_kind is EndKind.EARLY else 6)
    with b.refused("objection_made"):
        objected(decision.state)


def test_why_a_correction_is_not_possible_is_read_in_words() -> None:
    assert b.REFERENCE.reasons.label("decision_refused", "not_completed") != "not_completed"


@pytest.mark.rule("R3")
def test_a_lift_lets_the_intern_take_part_again_with_the_months_that_are_left() -> None:
    begun = b.application(ended()).internship
    assert begun is not None
    served = ended(end=begun.start + timedelta(days=40))
    asked = lift.ask_lift(served, "app_1", b.ILL, b.REFERENCE, b.by(b.INTERN)).state
    assert eligibility.took_part(asked)
    decision = decide(asked, CaseKind.LIFT)
    lifted = decision.events[-1]
    assert isinstance(lifted, BlockLifted)
    assert lifted.months_served == lift.months_served(decision.state) == 2
    assert not eligibility.took_part(decision.state)
    assert not b.application(decision.state).binds
    with b.refused("lift_granted"):
        lift.ask_lift(decision.state, "app_1", b.ILL, b.REFERENCE, b.by(b.INTERN))
    declared = b.graduate_form().declarations.but(no_earlier_internship=False)
    again = b.submission(b.renewed(decision.state, b.graduate_form(declarations=declared)), 2)
    assert {line.rule: line.why for line in b.application(again.state, 2).eligibility}["once_only"] == "block_lifted"


@pytest.mark.rule("R3")
def test_months_served_count_and_a_month_begun_is_one() -> None:
    application = b.application(ended())
    assert application.internship is not None
    start = application.internship.start
    for days, months in ((0, 0), (1, 1), (30, 1), (31, 2), (364, 12)):
        served = ended(end=start + timedelta(days=days))
        assert lift.months_served(served) == months
    with b.refused("months_used_up"):
        lift.ask_lift(ended(end=start + timedelta(days=360)), "app_1", b.ILL, b.REFERENCE, b.by(b.INTERN))
    soon = Words(cause="ended_within_days", text="示例：上岗三天即终止")
    with b.refused("lift_not_soon_over"):
        lift.ask_lift(ended(end=start + timedelta(days=40)), "app_1", soon, b.REFERENCE, b.by(b.INTERN))
    assert lift.ask_lift(ended(end=start + timedelta(days=30)), "app_1", soon, b.REFERENCE, b.by(b.INTERN)).events


@pytest.mark.rule("R3", "R29")
def test_after_a_lift_no_internship_is_planned_beyond_twelve_months_in_all() -> None:
    application = b.application(ended())
    assert application.internship is not None
    served = ended(end=application.internship.start + timedelta(days=300))
    free = decide(lift.ask_lift(served, "app_1", b.ILL, b.REFERENCE, b.by(b.INTERN)).state, CaseKind.LIFT).state
    approved = free.but(applications=(*free.applications, b.application(b.in_status(Status.APPROVED)).but(id="app_2")))
    months = 12 - lift.months_served(free)
    within = b.TODAY + timedelta(days=months * 28)
    assert onboarding.onboard(approved, "app_2", b.TODAY, within, b.REFERENCE, b.by(b.UNIT)).events
    with b.refused("planned_end"):
        onboarding.onboard(approved, "app_2", b.TODAY, b.TODAY + timedelta(days=months * 31 + 1), b.REFERENCE, b.by(b.UNIT))


@pytest.mark.rule("R30")
@pytest.mark.parametrize("matter", [Matter.END_REQUEST, Matter.COMPLAINT])
def test_who_is_at_work_asks_to_end_or_complains_takes_it_back_and_asks_anew(matter: Matter) -> None:
    deed, back = ("ask_end", "take_back_end") if matter is Matter.END_REQUEST else ("complain", "take_back_complaint")
    asked = b.DEEDS[deed](b.in_status(Status.ONBOARDED), "app_1", b.by(b.INTERN)).state
    with b.refused("question_open"):
        b.DEEDS[deed](asked, "app_1", b.by(b.INTERN))
    taken_back = complaint.take_back(asked, "app_1", back, b.by(b.INTERN))
    (settled,) = taken_back.events
    assert isinstance(settled, CaseSettled)
    assert settled.case_id is None
    with b.refused("no_question"):
        complaint.take_back(taken_back.state, "app_1", back, b.by(b.INTERN))
    with b.refused("question_settled"):
        decide(taken_back.state, CaseKind.COMPLAINT)
    again = b.DEEDS[deed](taken_back.state, "app_1", b.by(b.INTERN)).state
    assert [question.number for question in b.application(again).questions] == [1, 2]


@pytest.mark.rule("R30")
def test_a_complaint_is_open_to_the_end_of_the_objection_and_outlives_the_internship() -> None:
    with b.refused("complaint_too_late"):
        complaint.complain(ended(), "app_1", b.NO_MENTOR, b.REFERENCE, b.by(b.INTERN, b.NOON + TERM))
    asked = b.DEEDS["complain"](b.DEEDS["ask_end"](b.in_status(Status.ONBOARDED), "app_1", b.by(b.INTERN)).state, "app_1", b.by(b.INTERN))
    over = b.DEEDS["terminate"](asked.state, "app_1", b.by(b.UNIT)).state
    assert questions.open_question(b.application(over), Matter.COMPLAINT)
    assert not questions.open_question(b.application(over), Matter.END_REQUEST)


@pytest.mark.rule("R30")
def test_nobody_asks_without_end() -> None:
    candidacy = b.in_status(Status.ONBOARDED)
    for _ in range(questions.LIMIT):
        candidacy = complaint.take_back(
            b.DEEDS["complain"](candidacy, "app_1", b.by(b.INTERN)).state, "app_1", "take_back_complaint", b.by(b.INTERN)
        ).state
    with b.refused("questions_full"):
        b.DEEDS["complain"](candidacy, "app_1", b.by(b.INTERN))


@pytest.mark.rule("R10")
def test_an_intern_supplements_a_review_with_own_files_only() -> None:
    willing = evidence.attach(b.in_status(Status.WILLING), "app_1", "doc_1", b.by(b.INTERN)).state
    (event,) = supplement.supplement(willing, "app_1", ("doc_1",), b.by(b.INTERN)).events
    assert isinstance(event, CaseSupplemented)
    assert event.document_ids == ("doc_1",)
    with b.refused("unknown_document"):
        supplement.supplement(willing, "app_1", ("doc_1", "doc_2"), b.by(b.INTERN))
    with b.refused("unknown_document"):
        objection.object_to(ended(), "app_1", b.NOT_AGREED.but(documents=("doc_9",)), b.REFERENCE, b.by(b.INTERN))
