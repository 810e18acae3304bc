"""异议 (R17): an intern objects once to how an internship was ended; upheld, its kind and reason are corrected.

What follows from a termination of either kind stays as it is: it blocks (G11, R3), and its months count.
"""

from dataclasses import replace

from common.calendar import local_date
from common.contracts.applications import EndCorrected
from common.contracts.words import EndKind
from common.decision import Command
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import questions, refusals
from applications.domain.candidacy import Application, Candidacy, Internship
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


def uphold_early(decision: SeatedDecision, application_id: str, reason_code: str, case_id: str) -> SeatedDecision:
    """It ended early for this reason, as the officer has found: the seat is free where it was kept until now (R8)."""
    before, internship = _ended(decision.state, application_id)
    after = before.but(internship=internship.but(end_kind=EndKind.EARLY), reason=StatedReason(code=reason_code))
    moves = (SeatMove(after.posting_id, after.id, take=False),) if before.holds_seat and not after.holds_seat else ()
    return _corrected(decision, after, case_id, moves)


def uphold_completed(decision: SeatedDecision, application_id: str, case_id: str, command: Command) -> SeatedDecision:
    """It lasted to its planned end, as the officer has found. A seat that the early end freed stays free: another may have it (R8).

    Refuses with `not_completed` before the day of the planned end; on that day itself it is accepted.
    """
    before, internship = _ended(decision.state, application_id)
    end = max(internship.planned_end, internship.end or internship.planned_end)
    if end > local_date(command.at):
        raise refusals.NOT_COMPLETED(planned_end=end)
    completed = internship.but(end=end, end_kind=EndKind.COMPLETED, seat_freed=not before.holds_seat)
    return _corrected(decision, before.but(internship=completed, reason=None), case_id)


def _ended(candidacy: Candidacy, application_id: str) -> tuple[Application, Internship]:
    application = candidacy.application(application_id)
    assert application.internship is not None, "what was terminated had begun"
    return application, application.internship


def _corrected(decision: SeatedDecision, after: Application, case_id: str, moves: tuple[SeatMove, ...] = ()) -> SeatedDecision:
    return replace(
        decision,
        state=decision.state.with_application(after),
        events=(*decision.events, _event(decision.state.person_id, after, case_id)),
        moves=(*decision.moves, *moves),
    )


def _event(person_id: str, application: Application, case_id: str) -> EndCorrected:
    internship = application.internship
    assert internship is not None, "what was terminated had begun"
    assert internship.end is not None, "what was terminated has ended"
    assert internship.end_kind is not None, "what was terminated has ended"
    return EndCorrected(
        application_id=application.id,
        person_id=person_id,
        posting_id=application.posting_id,
        unit_id=application.unit_id,
        region=application.region,
        end_kind=internship.end_kind,
        end=internship.end,
        reason_code=application.reason.code if application.reason else None,
        retained=bool(internship.retained),
        case_id=case_id,
    )
