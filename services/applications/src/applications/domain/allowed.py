"""What a party may do about an application now: the buttons of a page, read from the table of arrows."""

from datetime import datetime

from common.contracts.words import Diploma, Role
from common.decision import Actor

from applications.domain.candidacy import Application
from applications.domain.complaint import TAKING_BACK
from applications.domain.in_place import silent
from applications.domain.question_form import Matter
from applications.domain.questions import asked, open_question
from applications.domain.status import ARROWS, COMMANDS, STEADY

_OWN_EFFECT = "supersede"
"""An effect of accepting, never a wish of its own."""

_DIPLOMA = {
    "deliver_diploma": frozenset({Diploma.OWED, Diploma.DELIVERED, Diploma.REFUSED}),
    "accept_diploma": frozenset({Diploma.DELIVERED}),
    "refuse_diploma": frozenset({Diploma.DELIVERED}),
}

_ASKING = {"ask_end": Matter.END_REQUEST, "complain": Matter.COMPLAINT, "object": Matter.OBJECTION, "ask_lift": Matter.LIFT}


def allowed(application: Application, actor: Actor, at: datetime) -> tuple[str, ...]:
    """The commands of `COMMANDS` that this actor may give now; other conditions may still refuse one by name."""
    leaving = [arrow.command for arrow in ARROWS if arrow.from_ is application.status and arrow.command != _OWN_EFFECT]
    steady = [command for command, statuses in STEADY.items() if application.status in statuses]
    return tuple(command for command in [*leaving, *steady] if _may(command, actor) and _makes_sense(command, application, actor, at))


def _may(command: str, actor: Actor) -> bool:
    rights = COMMANDS[command]
    lacking = actor.role is Role.UNIT and rights.permission is not None and rights.permission not in actor.permissions
    return actor.role in rights.roles and not lacking


def _makes_sense(command: str, application: Application, actor: Actor, at: datetime) -> bool:
    due = application.objection_due_at
    if command in ("accept", "decline"):
        return application.due_at is None or at < application.due_at
    if command == "ask_another_time":
        return application.talk is not None
    if command == "release":
        return application.release_asked_at is None
    if command == "object" and asked(application, Matter.OBJECTION):
        return False
    if command == "ask_lift":
        return application.lifted_at is None and open_question(application, Matter.LIFT) is None
    if command in _ASKING:
        return open_question(application, _ASKING[command]) is None and (due is None or at < due)
    if command == "decline_end":
        return application.internship is not None and application.internship.proposed is not None
    if actor.role is Role.OFFICER and command in ("absent", "terminate"):
        return silent(application)
    if command in TAKING_BACK:
        return open_question(application, TAKING_BACK[command]) is not None
    return application.diploma.state in _DIPLOMA.get(command, frozenset(Diploma))
