"""代为办理 (R29): where a unit is silent, suspended, revoked or gone, the officer takes its step, with a reason."""

from common.decision import Command
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import onboarding, questions, refusals, termination
from applications.domain.candidacy import UNIT_OWES, Application, Candidacy
from applications.domain.change import SeatedDecision, permitted
from applications.domain.question_form import Matter, Outcome
from applications.domain.termination import Ending


def absent(
    candidacy: Candidacy, application_id: str, reason: StatedReason | None, recognised: bool, reference: Reference, command: Command
) -> SeatedDecision:
    """确认未到岗. Refuses with `unit_may_still_act`, and to offices that it is not of with `unknown_application`."""
    _check(candidacy, application_id, "absent", recognised, reference, command)
    return onboarding.absent(candidacy, application_id, reason, reference, command)


def terminate(
    candidacy: Candidacy, application_id: str, ending: Ending, recognised: bool, reference: Reference, command: Command
) -> SeatedDecision:
    """终止, without the files that only the unit has. Refuses as `absent`."""
    _check(candidacy, application_id, "terminate", recognised, reference, command)
    return termination.terminate(candidacy, application_id, ending, reference, command)


def silent(application: Application) -> bool:
    """An officer has been asked about it, because the unit did not do what it owed or the intern wants to leave; or has agreed to that."""
    asked = any(questions.open_question(application, matter) for matter in (*UNIT_OWES, Matter.END_REQUEST))
    return asked or any(wish.outcome is Outcome.APPROVED for wish in questions.asked(application, Matter.END_REQUEST))


def _check(candidacy: Candidacy, application_id: str, deed: str, recognised: bool, reference: Reference, command: Command) -> None:
    application = permitted(candidacy, application_id, deed, command.actor)
    office = command.actor.region
    if office is None or not reference.regions.is_within(application.region, office):
        raise refusals.UNKNOWN_APPLICATION()
    if recognised and not silent(application):
        raise refusals.UNIT_MAY_STILL_ACT()
