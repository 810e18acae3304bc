"""Nothing that blocks stays unattended (R29, R30), and no offer is lost to a calendar replaced since (R6): an officer is asked.

`attend_at` of an application is the instant from which on that is so; a sweep looks at what has come to it.
"""

from dataclasses import replace
from datetime import datetime

from common.calendar import local_date, midnight
from common.contracts.words import Status
from common.decision import Command, Decision
from common.reference import Reference

from applications.domain import questions
from applications.domain.candidacy import UNIT_OWES, UNIT_REPORTS, Application, Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.deadline import CALENDAR_CHANGED
from applications.domain.question_form import Matter

UNIT_SILENT, ONBOARDING, END, UNIT_GONE = "unit_silent", "onboarding_not_reported", "end_not_reported", "unit_gone"
TIMEOUT = "timeout"


def attend_at(application: Application, reference: Reference, at: datetime) -> datetime | None:
    """For an application as it is since `at`: the report of the first day is due some days after the approval or after the wish to be
    released, that of the end some days after the planned end. None where no unit owes anything.
    """
    policy = reference.policy(application.region, local_date(at))
    if application.status is Status.APPROVED:
        return reference.calendar.due_instant(at, policy.onboard_report_working_days)
    if application.status is Status.ONBOARDED and application.internship is not None:
        return reference.calendar.due_instant(max(at, midnight(application.internship.planned_end)), policy.end_report_working_days)
    return None


def unanswered_since(reference: Reference, region: str, now: datetime) -> datetime:
    """What has waited since before that instant has waited for longer than units should take (R22)."""
    today = local_date(now)
    return midnight(reference.calendar.add_working_days(today, -reference.policy(region, today).unit_answer_working_days))


def look(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> Decision[Candidacy]:
    """Ask an officer about a unit that owes a report; harmless when it has come meanwhile. A newer calendar may give more time (R6)."""
    application = candidacy.application(application_id)
    if application.attend_at is None or application.attend_at > command.at or application.status not in UNIT_REPORTS:
        return Decision(candidacy)
    later = attend_at(application, reference, _owed_since(application))
    if later is not None and later > command.at:
        return Decision(candidacy.with_application(application.but(attend_at=later)))
    if application.release_asked_at is not None:
        matter, cause = Matter.RELEASE, UNIT_SILENT
    else:
        matter, cause = Matter.SILENCE, ONBOARDING if application.status is Status.APPROVED else END
    seen = candidacy.with_application(application.but(attend_at=None))
    return questions.ask(SeatedDecision(seen), application_id, matter, cause, command)


def hand_over(candidacy: Candidacy, unit_id: str, command: Command) -> Decision[Candidacy]:
    """The unit may no longer act: what it would have to report is an officer's from now on: once for each status."""
    decision = SeatedDecision(candidacy)
    for application in candidacy.in_status(*UNIT_REPORTS):
        told = any(known.cause == UNIT_GONE and known.asked_at >= application.changed_at for known in application.questions)
        if application.unit_id == unit_id and not told:
            seen = replace(decision, state=decision.state.with_application(application.but(attend_at=None)))
            decision = questions.ask(seen, application.id, Matter.SILENCE, UNIT_GONE, command)
    return decision


def look_again(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> Decision[Candidacy]:
    """An offer that ran out under an older calendar: had it run longer under this one, an officer decides whether it is made anew (R6)."""
    application = candidacy.application(application_id)
    version = reference.calendar.version
    ran_out_at, offered_at = application.ran_out_at, application.offered_at
    if application.expired_under is None or application.expired_under >= version or ran_out_at is None or offered_at is None:
        return Decision(candidacy)
    days = reference.policy(application.region, local_date(offered_at)).answer_working_days
    seen = SeatedDecision(candidacy.with_application(application.but(expired_under=version)))
    if reference.calendar.due_instant(offered_at, days) <= ran_out_at:
        return seen
    return questions.ask(seen, application_id, Matter.REINSTATEMENT, CALENDAR_CHANGED, command)


def _owed_since(application: Application) -> datetime:
    """Since when its term runs: the change of status, the wish to be released, or an officer's answer to the last question."""
    settled = (known.settled_at for known in application.questions if known.matter in UNIT_OWES and known.settled_at)
    return max([application.changed_at, *settled, *([application.release_asked_at] if application.release_asked_at else [])])
