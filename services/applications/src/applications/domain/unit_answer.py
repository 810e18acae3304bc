"""The unit answers an application (G6): offers, rejects, or invites once more whom it had rejected (R4)."""

from common.contracts.words import Status
from common.decision import Command, Entry
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision, follow, ready, steady
from applications.domain.deadline import fresh_term
from applications.domain.stated import stated


def offer(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> SeatedDecision:
    """Takes a seat (R8) and starts the clock of the answer, with the version of the calendar it is reckoned by (R5)."""
    application, along = ready(candidacy, application_id, "offer", command.actor)
    return follow(SeatedDecision(candidacy), application, along, command, **fresh_term(application, reference, command.at))


def reject(
    candidacy: Candidacy, application_id: str, reason: StatedReason | None, reference: Reference, command: Command
) -> SeatedDecision:
    """With a reason that the intern reads (R18)."""
    application, along = ready(candidacy, application_id, "reject", command.actor)
    return follow(SeatedDecision(candidacy), application, along, command, stated(reason, Status.REJECTED, "reject", reference))


def reinvite(candidacy: Candidacy, application_id: str, command: Command) -> SeatedDecision:
    """Lets a rejected intern apply to the same posting again (R4)."""
    application = steady(candidacy, application_id, "reinvite", command.actor)
    if application.reinvited:
        return SeatedDecision(candidacy)
    state = candidacy.with_application(application.but(reinvited=True))
    return SeatedDecision(state, history=(Entry(to="reinvited", subject=application_id),))
