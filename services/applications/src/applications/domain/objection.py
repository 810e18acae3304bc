"""异议 (R17): an intern objects once to how an internship was ended; upheld, the reason is corrected."""

from dataclasses import replace

from common.contracts.applications import EndCorrected
from common.contracts.words import EndKind
from common.decision import Command
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import questions, refusals
from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision, steady
from applications.domain.dates import in_words
from applications.domain.question_form import Matter, Words
from applications.domain.seats import SeatMove


def object_to(candidacy: Candidacy, application_id: str, words: Words, reference: Reference, command: Command) -> SeatedDecision:
    """Within its term and once. Refuses with `objection_too_late` or `objection_made`, and as `questions.ask_as_intern`."""
    application = steady(candidacy, application_id, "object", command.actor)
    due = application.objection_due_at
    if due is not None and command.at >= due:
        raise refusals.OBJECTION_TOO_LATE(due=in_words(due))
    if questions.asked(application, Matter.OBJECTION):
        raise refusals.OBJECTION_MADE()
    return questions.ask_as_intern(SeatedDecision(candidacy), application_id, "object", Matter.OBJECTION, words, reference, command)


def uphold(decision: SeatedDecision, application_id: str, reason_code: str, case_id: str) -> SeatedDecision:
    """It ended early for this reason, as the officer has found: the seat is free where it was kept until now (R8)."""
    before = decision.state.application(application_id)
    assert before.internship is not None, "what was terminated had begun"
    internship = before.internship.but(end_kind=EndKind.EARLY)
    after = before.but(internship=internship, reason=StatedReason(code=reason_code))
    moves = (SeatMove(after.posting_id, after.id, take=False),) if before.holds_seat and not after.holds_seat else ()
    return replace(
        decision,
        state=decision.state.with_application(after),
        events=(*decision.events, _corrected(decision.state.person_id, after, case_id)),
        moves=(*decision.moves, *moves),
    )


def _corrected(person_id: str, application: Application, case_id: str) -> EndCorrected:
    internship = application.internship
    assert internship is not None, "what was terminated had begun"
    assert internship.end is not None, "what was terminated has ended"
    return EndCorrected(
        application_id=application.id,
        person_id=person_id,
        posting_id=application.posting_id,
        unit_id=application.unit_id,
        region=application.region,
        end_kind=EndKind.EARLY,
        end=internship.end,
        reason_code=application.reason.code if application.reason else None,
        retained=bool(internship.retained),
        case_id=case_id,
    )
