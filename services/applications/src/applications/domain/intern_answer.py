"""The intern's own answers: 岗位确认 (G7) with all it brings about (R2), and taking back a pending application (R7)."""

from datetime import datetime

from common.decision import Command
from common.reference import Reference

from applications.domain import deadline, recheck, status
from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision, follow, ready
from applications.domain.dates import in_words
from applications.domain.refusals import ANSWER_TOO_LATE
from applications.domain.status import Arrow


def accept(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> SeatedDecision:
    """确认意愿: this one becomes WILLING and all others end, in one step (R2); its review asks for an outdated check again (R13).

    Refuses a late answer with `answer_too_late` (R5).
    """
    application, along = ready(candidacy, application_id, "accept", command.actor)
    _check_in_time(application, reference, command.at)
    decision = follow(SeatedDecision(candidacy), application, along, command)
    for other, its_arrow in _effects(candidacy, application_id):
        decision = follow(decision, other, its_arrow, command)
    return recheck.ask_where_old(decision, application, reference, command)


def _effects(candidacy: Candidacy, application_id: str) -> tuple[tuple[Application, Arrow], ...]:
    """What accepting does to the intern's other applications."""
    others = (application for application in candidacy.applications if application.id != application_id)
    steps = ((other, status.arrow(other.status, "supersede")) for other in others)
    return tuple((other, along) for other, along in steps if along is not None)


def decline(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> SeatedDecision:
    """确认无意愿. Refuses a late answer with `answer_too_late`: the clock has answered by then (R5)."""
    application, along = ready(candidacy, application_id, "decline", command.actor)
    _check_in_time(application, reference, command.at)
    return follow(SeatedDecision(candidacy), application, along, command)


def withdraw(candidacy: Candidacy, application_id: str, command: Command) -> SeatedDecision:
    """R7."""
    application, along = ready(candidacy, application_id, "withdraw", command.actor)
    return follow(SeatedDecision(candidacy), application, along, command)


def _check_in_time(application: Application, reference: Reference, at: datetime) -> None:
    due = deadline.due(application, reference)
    if at >= due:
        raise ANSWER_TOO_LATE(due=in_words(due))
