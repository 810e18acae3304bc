"""The clock of the answer (G7, R5, R6): an offer expires at its due instant, never earlier; a newer calendar only ever extends it."""

from datetime import datetime
from typing import Any

from common.calendar import local_date
from common.contracts.applications import ApplicationDueChanged
from common.decision import Command, Entry
from common.reference import Reference

from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision, follow, ready, steady
from applications.domain.refusals import NOT_DUE_YET

CALENDAR_CHANGED = "calendar_changed"


def fresh_term(application: Application, reference: Reference, at: datetime) -> dict[str, Any]:
    """Fields of an application that is OFFERED from this instant: its due instant, and the calendar it is reckoned by (R5)."""
    policy, calendar = reference.policy(application.region, local_date(at)), reference.calendar
    return {"offered_at": at, "due_at": calendar.due_instant(at, policy.answer_working_days), "calendar_version": calendar.version}


def due(application: Application, reference: Reference) -> datetime:
    """When the answer to an offer is due by everything known: a newer calendar counts before the sweeper has come round with it (R6)."""
    offered_at, due_at, reckoned_by, calendar = application.offered_at, application.due_at, application.calendar_version, reference.calendar
    assert offered_at is not None and due_at is not None and reckoned_by is not None, "an offer always has its due instant"  # noqa: PT018
    if reckoned_by >= calendar.version:
        return due_at
    policy = reference.policy(application.region, local_date(offered_at))
    return calendar.extended(due_at, offered_at, policy.answer_working_days)


def expire(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> SeatedDecision:
    """UNWILLING by `timeout`. Refuses with `not_due_yet` before the due instant, however early the sweeper runs."""
    application, along = ready(candidacy, application_id, "expire", command.actor)
    if command.at < due(application, reference):
        raise NOT_DUE_YET()
    missed, version = due(application, reference), reference.calendar.version
    return follow(SeatedDecision(candidacy), application, along, command, ran_out_at=missed, expired_under=version)


def extend(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> SeatedDecision:
    """Reckon the due instant again by a newer calendar, under the policy of the day of the offer; say so when it is later (R6)."""
    application = steady(candidacy, application_id, "extend", command.actor)
    due_at, reckoned_by, version = application.due_at, application.calendar_version, reference.calendar.version
    if due_at is None or reckoned_by is None or reckoned_by >= version:
        return SeatedDecision(candidacy)
    extended = due(application, reference)
    state = candidacy.with_application(application.but(due_at=extended, calendar_version=version))
    if extended == due_at:
        return SeatedDecision(state)
    event = ApplicationDueChanged(
        application_id=application_id, person_id=candidacy.person_id, unit_id=application.unit_id, due_at=extended
    )  # fmt: skip
    later = Entry(to=extended.isoformat(), from_=due_at.isoformat(), subject=application_id, reason_code=CALENDAR_CHANGED)
    return SeatedDecision(state, (event,), (later,))
