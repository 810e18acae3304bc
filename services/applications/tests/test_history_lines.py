"""Lines of history about questions to officers: every cause and every decision in words that people read (R20, R23)."""

from dataclasses import asdict

import pytest
from applications.domain import decisions, questions
from applications.domain.change import SeatedDecision
from applications.domain.decisions import CaseDecision
from applications.domain.question_form import Matter
from applications.history_views import ApplicationLine, line
from common.contracts.words import CaseKind, Role, Status, Verdict
from common.decision import Entry

from .domain import builders as b

DEEDS = {Matter.OBJECTION: "object", Matter.LIFT: "ask_lift", Matter.END_REQUEST: "ask_end", Matter.COMPLAINT: "complain"}
BY_CODE = b.REFERENCE.reasons.by_scope


def read(entry: Entry, deed: str, role: Role) -> ApplicationLine:
    return line({"at": b.NOON, "actor": {"role": role}, "command": deed, **asdict(entry)}, b.REFERENCE)


def decided(matter: Matter, verdict: Verdict, reason_code: str | None) -> ApplicationLine:
    """The line of the first decision about the matter."""
    asked = b.with_question(b.in_status(Status.TERMINATED), matter)
    case = CaseDecision(
        case_id="cas_1", kind=matter.kind, number=1, application_id="app_1", verdict=verdict, reason_code=reason_code
    )  # fmt: skip
    settled = decisions.apply(asked, case, b.REFERENCE, b.by(b.OFFICER))
    return read(settled.history[0], f"{verdict}_{matter.kind}", Role.OFFICER)


@pytest.mark.rule("R20", "R23")
@pytest.mark.parametrize("matter", Matter)
def test_every_cause_of_a_question_is_read_in_words(matter: Matter) -> None:
    for code, reason in BY_CODE[matter.causes].items():
        asked = questions.ask(SeatedDecision(b.in_status(Status.TERMINATED)), "app_1", matter, code, b.by(b.INTERN))
        shown = read(asked.history[0], DEEDS.get(matter, "ask_officer"), Role.INTERN).reason
        assert shown is not None
        assert shown.label == reason.label


@pytest.mark.rule("R18", "R20", "R23")
@pytest.mark.parametrize("matter", Matter)
def test_every_reason_to_turn_a_question_down_is_read_in_words(matter: Matter) -> None:
    for code, reason in BY_CODE[matter.turned_down].items():
        shown = decided(matter, Verdict.DISAPPROVE, code).reason
        assert shown is not None
        assert shown.label == reason.label


@pytest.mark.rule("R17", "R20", "R23")
def test_the_reason_that_corrects_an_end_is_read_in_words() -> None:
    for code, reason in BY_CODE[Status.TERMINATED].items():
        shown = decided(Matter.OBJECTION, Verdict.APPROVE, code).reason
        assert shown is not None
        assert shown.label == reason.label


@pytest.mark.rule("R6", "R20", "R23")
def test_an_offer_made_anew_for_a_calendar_says_so_in_words() -> None:
    entry = Entry(to=Status.OFFERED, from_=Status.UNWILLING, subject="app_1", reason_code="calendar_changed")
    shown = read(entry, f"{Verdict.APPROVE}_{CaseKind.REINSTATEMENT}", Role.OFFICER).reason
    assert shown is not None
    assert shown.label == "工作日安排调整"


@pytest.mark.rule("R20", "R30")
@pytest.mark.parametrize("verdict", Verdict)
def test_what_is_decided_about_a_wish_to_end_is_not_called_a_complaint(verdict: Verdict) -> None:
    wish, complaint = (decided(matter, verdict, None) for matter in (Matter.END_REQUEST, Matter.COMPLAINT))
    assert ("提前结束" in wish.deed, "投诉" in wish.deed) == (True, False)
    assert "投诉" in complaint.deed
