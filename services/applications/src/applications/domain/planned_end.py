"""变更见习结束日期 (R29): another planned end needs both the unit and the intern."""

from datetime import date

from common.calendar import local_date
from common.contracts.applications import PlannedEndChanged
from common.decision import Command, Entry
from common.reference import Reference

from applications.domain import attention, refusals
from applications.domain.candidacy import Application, Candidacy, ProposedEnd
from applications.domain.change import SeatedDecision, steady
from applications.domain.dates import months_after
from applications.domain.lift import months_served


def propose(candidacy: Candidacy, application_id: str, planned_end: date, reference: Reference, command: Command) -> SeatedDecision:
    """One party proposes it, and the other agrees by naming the same day. Refuses with `planned_end`."""
    application = steady(candidacy, application_id, "plan_end", command.actor)
    assert application.internship is not None, "it has begun"
    today = local_date(command.at)
    months = reference.policy(application.region, today).months_max - months_served(candidacy)
    if not today <= planned_end <= months_after(application.internship.start, months):
        raise refusals.PLANNED_END(months=months)
    proposed = application.internship.proposed
    if proposed is None or proposed.by is command.actor.role or proposed.planned_end != planned_end:
        fresh = ProposedEnd(planned_end=planned_end, by=command.actor.role)
        return _said(candidacy, application.but(internship=application.internship.but(proposed=fresh)), "proposed", planned_end)
    agreed = application.but(internship=application.internship.but(planned_end=planned_end, proposed=None))
    return _said(candidacy, agreed.but(attend_at=attention.attend_at(agreed, reference, command.at)), "agreed", planned_end)


def decline(candidacy: Candidacy, application_id: str, command: Command) -> SeatedDecision:
    """The end stays as it was planned. Refuses with `no_question` where nothing is proposed."""
    application = steady(candidacy, application_id, "decline_end", command.actor)
    assert application.internship is not None, "it has begun"
    proposed = application.internship.proposed
    if proposed is None:
        raise refusals.NO_QUESTION()
    return _said(candidacy, application.but(internship=application.internship.but(proposed=None)), "declined", proposed.planned_end)


def _said(candidacy: Candidacy, application: Application, change: str, planned_end: date) -> SeatedDecision:
    event = PlannedEndChanged.model_validate(
        {
            "application_id": application.id,
            "person_id": candidacy.person_id,
            "unit_id": application.unit_id,
            "change": change,
            "planned_end": planned_end,
        }
    )
    entry = Entry(to=f"end {change} {planned_end}", subject=application.id)
    return SeatedDecision(candidacy.with_application(application), (event,), (entry,))
