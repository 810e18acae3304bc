"""The one door through which the status of an application moves: rights, arrow, event, history and seats together."""

from dataclasses import dataclass, replace
from typing import Any

from common.contracts.applications import ApplicationStatusChanged
from common.contracts.words import OFFICIAL, Role, Status
from common.decision import Actor, Command, Decision, Entry
from common.reasons import StatedReason

from applications.domain import questions
from applications.domain.candidacy import Application, Candidacy
from applications.domain.refusals import NOT_YOUR_APPLICATION, PERMISSION_MISSING, WRONG_ROLE, WRONG_STATUS
from applications.domain.seats import SeatMove
from applications.domain.status import COMMANDS, STEADY, Arrow, arrow


@dataclass(frozen=True)
class SeatedDecision(Decision[Candidacy]):
    """A decision with the seats it takes and frees: with any move, candidacy and seats are written in one transaction (R8)."""

    moves: tuple[SeatMove, ...] = ()


def permitted(candidacy: Candidacy, application_id: str, deed: str, actor: Actor) -> Application:
    """The application, when the actor is the party to give this command about it.

    Refuses with `unknown_application`, `wrong_role`, `not_your_application` or `permission_missing`.
    """
    application = candidacy.application(application_id)
    require_role(deed, actor)
    if actor.role is Role.INTERN and actor.id != candidacy.person_id:
        raise NOT_YOUR_APPLICATION()
    if actor.role is Role.UNIT and actor.unit_id != application.unit_id:
        raise NOT_YOUR_APPLICATION()
    permission = COMMANDS[deed].permission
    if actor.role is Role.UNIT and permission is not None and permission not in actor.permissions:
        raise PERMISSION_MISSING(deed=COMMANDS[deed].label)
    return application


def require_role(deed: str, actor: Actor) -> None:
    """Refuses with `wrong_role`."""
    if actor.role not in COMMANDS[deed].roles:
        raise WRONG_ROLE(deed=COMMANDS[deed].label)


def ready(candidacy: Candidacy, application_id: str, deed: str, actor: Actor) -> tuple[Application, Arrow]:
    """The application and the arrow this command takes out of its status. Refuses as `permitted`, or with `wrong_status`."""
    application = permitted(candidacy, application_id, deed, actor)
    found = arrow(application.status, deed)
    if found is None:
        raise WRONG_STATUS(status=OFFICIAL[application.status], deed=COMMANDS[deed].label)
    return application, found


def steady(candidacy: Candidacy, application_id: str, deed: str, actor: Actor) -> Application:
    """The application, for a command that leaves its status. Refuses as `permitted`, or with `wrong_status`."""
    application = permitted(candidacy, application_id, deed, actor)
    if application.status not in STEADY[deed]:
        raise WRONG_STATUS(status=OFFICIAL[application.status], deed=COMMANDS[deed].label)
    return application


def follow(
    decision: SeatedDecision, application: Application, along: Arrow, command: Command, reason: StatedReason | None = None, **changes: Any
) -> SeatedDecision:
    """Add one step to a decision: the application moves along the arrow, with these fields changed.

    One event, one line of history, and a seat taken or freed where R8 says so. What an officer was asked before moves on with it; what
    awaits a review may be decided again by its case (R25).
    """
    reason = StatedReason.of(along.reason) or reason
    fresh = {"status": along.to, "changed_at": command.at, "reason": reason}
    fresh |= dict.fromkeys(("due_at", "attend_at", "ran_out_at", "expired_under"))
    if along.to is Status.WILLING:
        fresh["case_id"] = None
    if along.to is not Status.APPROVED:
        fresh["release_asked_at"] = None
    moved = application.but(**{**fresh, **changes})
    entry = Entry(
        to=along.to,
        from_=along.from_,
        subject=application.id,
        reason_code=reason.code if reason else None,
        reason_text=reason.text if reason else None,
    )
    decision = replace(
        decision,
        state=decision.state.with_application(moved),
        events=(*decision.events, _event(decision.state.person_id, moved, along, command)),
        history=(*decision.history, entry),
        moves=(*decision.moves, *_seat_move(application, moved, along)),
    )
    return questions.move_on(decision, moved.id, command)


def _seat_move(before: Application, after: Application, along: Arrow) -> tuple[SeatMove, ...]:
    held = along.from_ is not None and before.holds_seat
    if held == after.holds_seat:
        return ()
    return (SeatMove(after.posting_id, after.id, take=after.holds_seat),)


def _event(person_id: str, application: Application, along: Arrow, command: Command) -> ApplicationStatusChanged:
    return ApplicationStatusChanged(
        application_id=application.id,
        person_id=person_id,
        posting_id=application.posting_id,
        unit_id=application.unit_id,
        region=application.region,
        from_=along.from_,
        to=along.to,
        reason_code=application.reason.code if application.reason else None,
        actor_role=command.actor.role,
        category=application.category,
        age_band=application.age_band,
        education=application.education,
        intent_version=application.intent_version,
        resume_version=application.resume_version,
        due_at=application.due_at,
        eligibility=application.eligibility if along.to is Status.WILLING else (),
        case_id=application.case_id if along.to in (Status.APPROVED, Status.DISAPPROVED) else None,
        reinstated=along.reinstates,
        **(application.internship.model_dump(exclude={"contract_date", "proposed", "seat_freed"}) if application.internship else {}),
    )
