"""申请放弃 (R30): an intern asks to be released; the officer records DISAPPROVED, or the unit ABSENT, as `intern_withdrew`."""

from common.contracts.applications import ReleaseAsked
from common.decision import Command, Entry
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import attention
from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision, steady
from applications.domain.refusals import RELEASE_NOT_ASKED

INTERN_WITHDREW = "intern_withdrew"


def ask(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> SeatedDecision:
    """The wish stands until the status moves on, an approval excepted. Asking again changes nothing."""
    application = steady(candidacy, application_id, "release", command.actor)
    if application.release_asked_at is not None:
        return SeatedDecision(candidacy)
    event = ReleaseAsked(
        application_id=application_id,
        person_id=candidacy.person_id,
        unit_id=application.unit_id,
        region=application.region,
        status=application.status,
    )
    asked = application.but(release_asked_at=command.at)
    state = candidacy.with_application(asked.but(attend_at=attention.attend_at(asked, reference, command.at)))
    return SeatedDecision(state, (event,), (Entry(to="release asked", subject=application_id),))


def check_asked(application: Application, reason: StatedReason) -> None:
    """Nobody withdraws in the intern's name. Refuses with `release_not_asked`."""
    if reason.code == INTERN_WITHDREW and application.release_asked_at is None:
        raise RELEASE_NOT_ASKED()
