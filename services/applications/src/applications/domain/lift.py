"""解除限制 (R3): who has taken part once may ask to take part again; two officers decide, and twelve months in all are the most."""

from dataclasses import replace

from common.calendar import local_date
from common.contracts.applications import BlockLifted
from common.contracts.words import Status
from common.decision import Command
from common.reference import Reference

from applications.domain import questions, refusals
from applications.domain.candidacy import Application, Candidacy, Internship
from applications.domain.change import SeatedDecision, steady
from applications.domain.dates import months_after
from applications.domain.question_form import Matter, Words

SOON_OVER = "ended_within_days"
"""The cause that an end a few days after the start is (policy `lift_within_days`)."""


def ask_lift(candidacy: Candidacy, application_id: str, words: Words, reference: Reference, command: Command) -> SeatedDecision:
    """Refuses with `lift_granted`, `months_used_up` or `lift_not_soon_over`, and as `questions.ask_as_intern`."""
    application = steady(candidacy, application_id, "ask_lift", command.actor)
    policy = reference.policy(application.region, local_date(command.at))
    if application.lifted_at is not None:
        raise refusals.LIFT_GRANTED()
    if months_served(candidacy) >= policy.months_max:
        raise refusals.MONTHS_USED_UP(months=policy.months_max)
    if words.cause == SOON_OVER and days_served(application) > policy.lift_within_days:
        raise refusals.LIFT_NOT_SOON_OVER(days=policy.lift_within_days)
    return questions.ask_as_intern(SeatedDecision(candidacy), application_id, "ask_lift", Matter.LIFT, words, reference, command)


def grant(decision: SeatedDecision, application_id: str, case_id: str, command: Command) -> SeatedDecision:
    """The internship binds no more; its months still count."""
    after = decision.state.application(application_id).but(lifted_at=command.at)
    state = decision.state.with_application(after)
    event = BlockLifted(
        application_id=application_id,
        person_id=state.person_id,
        region=after.region,
        months_served=months_served(state),
        case_id=case_id,
    )
    return replace(decision, state=state, events=(*decision.events, event))


def months_served(candidacy: Candidacy) -> int:
    """In all ended internships; a month begun counts as one."""
    return sum(_months(one.internship) for one in candidacy.in_status(Status.TERMINATED) if one.internship)


def days_served(application: Application) -> int:
    internship = application.internship
    return (internship.end - internship.start).days if internship and internship.end else 0


def _months(internship: Internship) -> int:
    assert internship.end is not None, "it has ended"
    months = 0
    while months_after(internship.start, months) < internship.end:
        months += 1
    return months
