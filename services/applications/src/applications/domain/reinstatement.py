"""恢复 (R25): an officer puts an application back along one of the five arrows, where a mistake was made or the clock was unjust."""

from typing import Any

from common.calendar import local_date
from common.contracts.words import OFFICIAL, Status
from common.decision import Command
from common.policy import Policy
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import attention, recheck, refusals
from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision, follow, permitted, ready
from applications.domain.deadline import fresh_term
from applications.domain.stated import stated
from applications.domain.status import OPEN, Arrow

_BOUND = frozenset({Status.WILLING, Status.APPROVED, Status.ONBOARDED})
"""Beside one of these nothing else is alive (R2)."""


def reinstate(
    candidacy: Candidacy, application_id: str, to: Status, reason: StatedReason, closing: bool, reference: Reference, command: Command
) -> SeatedDecision:
    """One step back to `to`; takes or frees a seat as R8 says. `closing`: the posting ends, so nothing waits there any more (R9).

    Refuses with `reinstatement_target`, `not_timed_out`, or by what else of the intern forbids it: `intern_bound`,
    `intern_pending_full`, `category_changed`.
    """
    _check_office(permitted(candidacy, application_id, "reinstate", command.actor), command.actor.region, reference)
    application, along = ready(candidacy, application_id, "reinstate", command.actor)
    _check_arrow(application, along, to)
    policy = reference.policy(application.region, local_date(command.at))
    _check_others(candidacy, application, to, policy)
    if to is Status.PENDING:
        _check_waits(candidacy, closing, policy)
    elif candidacy.intent is None or candidacy.intent.form.category is not application.category:
        raise refusals.CATEGORY_CHANGED()
    grounds = stated(reason, "reinstatement", "reinstate", reference)
    decision = follow(SeatedDecision(candidacy), application, along, command, grounds, **_fresh(application, to, reference, command))
    return recheck.ask_where_old(decision, application, reference, command) if to is Status.WILLING else decision


def _check_office(application: Application, office: str | None, reference: Reference) -> None:
    """R14: the county of the posting and what lies above it; for all others it is unknown."""
    if office is None or not reference.regions.is_within(application.region, office):
        raise refusals.UNKNOWN_APPLICATION()


def _check_arrow(application: Application, along: Arrow, to: Status) -> None:
    if to is not along.to:
        raise refusals.REINSTATEMENT_TARGET(status=OFFICIAL[application.status], to=OFFICIAL[along.to])
    if application.status is Status.UNWILLING and (application.reason is None or application.reason.code != "timeout"):
        raise refusals.NOT_TIMED_OUT()


def _check_others(candidacy: Candidacy, application: Application, to: Status, policy: Policy) -> None:
    """R2, R3, R4, G11: whoever is bound, or is back at work on this posting, is not brought into a second application."""
    hindering = _BOUND if to in (Status.PENDING, Status.OFFERED) else OPEN
    hindering |= {Status.TERMINATED} if policy.once_only else set()
    for other in candidacy.applications:
        again = other.posting_id == application.posting_id and other.status in OPEN
        if other.id != application.id and other.lifted_at is None and (again or other.status in hindering):
            raise refusals.INTERN_BOUND(status=OFFICIAL[other.status])


def _check_waits(candidacy: Candidacy, closing: bool, policy: Policy) -> None:
    """G5, R9."""
    if closing:
        raise refusals.POSTING_CLOSED()
    if len(candidacy.in_status(Status.PENDING)) >= policy.max_pending:
        raise refusals.INTERN_PENDING_FULL(limit=policy.max_pending)


def _fresh(application: Application, to: Status, reference: Reference, command: Command) -> dict[str, Any]:
    """What begins anew with the status: the term of the answer, the need of another invitation, the review."""
    if to is Status.OFFERED:
        return fresh_term(application, reference, command.at)
    if to is Status.PENDING:
        return {"offered_at": None, "calendar_version": None, "reinvited": False}
    if to is Status.WILLING:
        return {"decided_at": None}
    return {"attend_at": attention.attend_at(application.but(status=to), reference, command.at)}
