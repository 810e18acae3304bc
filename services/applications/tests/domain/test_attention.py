"""What a unit leaves undone comes to an officer, who may act in its place; planned ends change by both (R6, R22, R29, R30)."""

from datetime import date, timedelta

import pytest
from applications.domain import attention, decisions, in_place, planned_end, questions, release
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.decisions import CaseDecision
from applications.domain.question_form import Matter
from applications.domain.termination import Ending
from common.checks.copies import ASKED, waits_of_candidacy
from common.contracts.applications import CaseAsked, CaseSettled, PlannedEndChanged
from common.contracts.words import CaseKind, EndKind, Role, Status, Verdict
from common.decision import Actor
from common.reasons import StatedReason
from common.reference import Reference, ReferenceItem

from . import builders as b

LONG_AFTER = b.NOON + timedelta(days=400)
DID_NOT_COME = StatedReason(code="did_not_come", text="示例")
ELSEWHERE = Actor(id="stf_9", role=Role.OFFICER, region="520302")


def owing(status: Status) -> Candidacy:
    """As the straight way leads there: with the instant from which on an officer is asked."""
    before = b.in_status(Status.WILLING if status is Status.APPROVED else Status.APPROVED)
    return b.DEEDS["approve" if status is Status.APPROVED else "onboard"](
        before, "app_1", b.by(b.OFFICER if status is Status.APPROVED else b.UNIT)
    ).state


@pytest.mark.rule("R29")
@pytest.mark.parametrize(("status", "cause"), [(Status.APPROVED, attention.ONBOARDING), (Status.ONBOARDED, attention.END)])
def test_an_officer_is_asked_when_the_report_is_overdue_and_never_earlier(status: Status, cause: str) -> None:
    candidacy = owing(status)
    due = b.application(candidacy).attend_at
    assert due is not None
    assert due > b.NOON
    early = attention.look(candidacy, "app_1", b.REFERENCE, b.by(b.SYSTEM, due - timedelta(microseconds=1)))
    assert (early.state, early.events) == (candidacy, ())
    decision = attention.look(candidacy, "app_1", b.REFERENCE, b.by(b.SYSTEM, due))
    (asked,) = decision.events
    assert isinstance(asked, CaseAsked)
    assert (asked.kind, asked.cause, asked.asked_by) == (CaseKind.SILENCE, cause, Role.SYSTEM)
    again = attention.look(decision.state, "app_1", b.REFERENCE, b.by(b.SYSTEM, LONG_AFTER))
    assert (again.state, again.events) == (decision.state, ())


@pytest.mark.rule("R29")
def test_the_terms_are_five_working_days_after_the_approval_and_ten_after_the_planned_end() -> None:
    approved, onboarded = b.application(owing(Status.APPROVED)), b.application(owing(Status.ONBOARDED))
    assert approved.attend_at == b.REFERENCE.calendar.due_instant(b.NOON, 5)
    assert onboarded.internship is not None
    planned = onboarded.internship.planned_end
    assert onboarded.attend_at is not None
    assert b.REFERENCE.calendar.working_days_between(planned, (onboarded.attend_at - timedelta(hours=1)).date()) == 10


@pytest.mark.rule("R30")
def test_who_asked_to_be_released_and_is_left_waiting_comes_to_an_officer_who_records_it() -> None:
    asked = release.ask(owing(Status.APPROVED), "app_1", b.REFERENCE, b.by(b.INTERN)).state
    waiting = attention.look(asked, "app_1", b.REFERENCE, b.by(b.SYSTEM, LONG_AFTER))
    assert questions.open_question(b.application(waiting.state), Matter.RELEASE)
    case = CaseDecision(case_id="cas_1", kind=CaseKind.RELEASE, number=1, application_id="app_1", verdict=Verdict.APPROVE, reason_code=None)
    after = b.application(decisions.apply(waiting.state, case, b.REFERENCE, b.by(b.OFFICER)).state)
    assert (after.status, after.reason and after.reason.code) == (Status.ABSENT, "intern_withdrew")


@pytest.mark.rule("R29")
@pytest.mark.parametrize("verdict", Verdict)
def test_a_unit_that_goes_on_being_silent_is_looked_at_again(verdict: Verdict) -> None:
    waiting = attention.look(owing(Status.APPROVED), "app_1", b.REFERENCE, b.by(b.SYSTEM, LONG_AFTER)).state
    case = CaseDecision(case_id="cas_1", kind=CaseKind.SILENCE, number=1, application_id="app_1", verdict=verdict, reason_code=None)
    settled = decisions.apply(waiting, case, b.REFERENCE, b.by(b.OFFICER, LONG_AFTER)).state
    due = b.application(settled).attend_at
    assert due is not None
    assert due > LONG_AFTER
    assert attention.look(settled, "app_1", b.REFERENCE, b.by(b.SYSTEM, due)).events


@pytest.mark.rule("R29")
def test_an_officer_acts_only_in_the_place_of_a_unit_that_is_silent_or_may_not_act() -> None:
    candidacy = owing(Status.APPROVED)
    with b.refused("unit_may_still_act"):
        in_place.absent(candidacy, "app_1", DID_NOT_COME, True, b.REFERENCE, b.by(b.OFFICER))
    with b.refused("unknown_application"):
        in_place.absent(candidacy, "app_1", DID_NOT_COME, False, b.REFERENCE, b.by(ELSEWHERE))
    unrecognised = in_place.absent(candidacy, "app_1", DID_NOT_COME, False, b.REFERENCE, b.by(b.OFFICER))
    assert b.application(unrecognised.state).status is Status.ABSENT
    silent = attention.look(candidacy, "app_1", b.REFERENCE, b.by(b.SYSTEM, LONG_AFTER)).state
    decision = in_place.absent(silent, "app_1", DID_NOT_COME, True, b.REFERENCE, b.by(b.OFFICER))
    assert b.application(decision.state).status is Status.ABSENT
    assert [type(event).__name__ for event in decision.events] == ["ApplicationStatusChanged", CaseSettled.__name__]
    assert [move.take for move in decision.moves] == [False]


@pytest.mark.rule("R29")
def test_an_officer_ends_an_internship_without_the_files_that_only_the_unit_has() -> None:
    ending = Ending(kind=EndKind.EARLY, end=b.TODAY, retained=False, reason=StatedReason(code="unit", text="示例"))
    candidacy = owing(Status.ONBOARDED)
    decision = in_place.terminate(candidacy, "app_1", ending, False, b.REFERENCE, b.by(b.OFFICER))
    assert b.application(decision.state).status is Status.TERMINATED
    with b.refused("wrong_role"):
        in_place.terminate(candidacy, "app_1", ending, False, b.REFERENCE, b.by(b.INTERN))


@pytest.mark.rule("R29", "R30")
@pytest.mark.parametrize(("verdict", "may"), [(None, True), (Verdict.APPROVE, True), (Verdict.DISAPPROVE, False)])
def test_an_officer_ends_an_internship_whose_intern_wishes_it_unless_the_wish_was_turned_down(verdict: Verdict | None, may: bool) -> None:
    candidacy = b.do(owing(Status.ONBOARDED), "ask_end").state
    if verdict:
        case = CaseDecision(
            case_id="cas_1", kind=CaseKind.COMPLAINT, number=1, application_id="app_1", verdict=verdict, reason_code=None
        )  # fmt: skip
        candidacy = decisions.apply(candidacy, case, b.REFERENCE, b.by(b.OFFICER)).state
    ending = b.early(reason=StatedReason(code="personal", text="示例"), documents=())
    if may:
        after = in_place.terminate(candidacy, "app_1", ending, True, b.REFERENCE, b.by(b.OFFICER)).state
        assert b.application(after).status is Status.TERMINATED
    else:
        with b.refused("unit_may_still_act"):
            in_place.terminate(candidacy, "app_1", ending, True, b.REFERENCE, b.by(b.OFFICER))


@pytest.mark.rule("R29")
def test_another_planned_end_takes_both_parties() -> None:
    candidacy, later = owing(Status.ONBOARDED), date(2027, 6, 30)
    proposed = planned_end.propose(candidacy, "app_1", later, b.REFERENCE, b.by(b.UNIT)).state
    assert planned_end.propose(proposed, "app_1", later, b.REFERENCE, b.by(b.UNIT)).state == proposed
    agreed = planned_end.propose(proposed, "app_1", later, b.REFERENCE, b.by(b.INTERN))
    (event,) = agreed.events
    assert isinstance(event, PlannedEndChanged)
    after = b.application(agreed.state)
    assert after.internship is not None
    assert (event.change, after.internship.planned_end, after.internship.proposed) == ("agreed", later, None)
    assert after.attend_at != b.application(candidacy).attend_at
    other = planned_end.propose(proposed, "app_1", date(2027, 3, 31), b.REFERENCE, b.by(b.INTERN)).state
    waits = b.application(other).internship
    assert waits is not None
    assert waits.proposed is not None
    assert waits.proposed.by is Role.INTERN
    declined = b.application(planned_end.decline(other, "app_1", b.by(b.UNIT)).state).internship
    assert declined is not None
    assert (declined.proposed, declined.planned_end) == (None, date(2027, 5, 1))
    with b.refused("planned_end"):
        planned_end.propose(candidacy, "app_1", date(2027, 11, 3), b.REFERENCE, b.by(b.UNIT))
    with b.refused("no_question"):
        planned_end.decline(candidacy, "app_1", b.by(b.INTERN))


@pytest.mark.rule("R6")
def test_an_offer_that_ran_out_under_an_older_calendar_comes_to_an_officer_only_if_it_would_have_run_longer() -> None:
    offered = b.in_status(Status.OFFERED)
    due = b.application(offered).due_at
    assert due is not None
    late = due + timedelta(days=3)
    expired = b.DEEDS["expire"](offered, "app_1", b.by(b.SYSTEM, late)).state
    unchanged = with_calendar({})
    seen = attention.look_again(expired, "app_1", unchanged, b.by(b.SYSTEM, LONG_AFTER))
    assert (seen.events, b.application(seen.state).expired_under) == ((), unchanged.calendar.version)
    longer = with_calendar({(due - timedelta(hours=12)).date().isoformat(): "示例假日"})
    decision = attention.look_again(expired, "app_1", longer, b.by(b.SYSTEM, LONG_AFTER))
    (asked,) = decision.events
    assert isinstance(asked, CaseAsked)
    assert (asked.kind, asked.cause) == (CaseKind.REINSTATEMENT, "calendar_changed")
    again = attention.look_again(decision.state, "app_1", longer, b.by(b.SYSTEM, LONG_AFTER))
    assert (again.state, again.events) == (decision.state, ())
    case = CaseDecision(
        case_id="cas_1", kind=CaseKind.REINSTATEMENT, number=1, application_id="app_1", verdict=Verdict.APPROVE, reason_code=None
    )
    back = b.application(decisions.apply(decision.state, case, longer, b.by(b.OFFICER)).state)
    assert (back.status, back.due_at is not None) == (Status.OFFERED, True)


def with_calendar(holidays: dict[str, str]) -> Reference:
    """The next version of this year's calendar, with more holidays."""
    item = next(one for one in b.REFERENCE.items() if (one.kind, one.key) == ("calendar", "2026"))
    value = {**item.value, "holidays": {**item.value["holidays"], **holidays}}
    return b.REFERENCE.with_items([ReferenceItem(kind="calendar", key="2026", version=item.version + 1, value=value)])


@pytest.mark.rule("R22", "R32")
def test_what_waits_too_long_is_overdue() -> None:
    pending = b.application(b.in_status(Status.PENDING))
    assert pending.overdue(b.NOON, b.NOON + timedelta(seconds=1))
    assert not pending.overdue(b.NOON, b.NOON)
    owed = b.application(owing(Status.APPROVED))
    assert owed.overdue(LONG_AFTER, b.NOON - timedelta(days=1))
    assert not owed.overdue(b.NOON, b.NOON - timedelta(days=1))


@pytest.mark.rule("R27")
def test_checks_across_services_know_the_case_of_every_question() -> None:
    decision = SeatedDecision(b.submitted(b.registered()))
    for matter in Matter:
        decision = questions.ask(decision, "app_1", matter, "other", b.by(b.INTERN))
    events = [event for event in decision.events if isinstance(event, CaseAsked)]
    standings = {f"{event.kind}:{b.INTERN.id}:app_1:{event.number}": {"waiting": True, "version": event.number} for event in events}
    assert waits_of_candidacy(b.INTERN.id, decision.state.model_dump()) == standings
    assert set(ASKED) == {matter.kind for matter in Matter}
