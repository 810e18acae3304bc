"""A posting that closes ends the applications that wait there (R9); offers and what follows them go on."""

from common.contracts.words import Status
from common.decision import Command

from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision, follow, ready


def sweep(candidacy: Candidacy, posting_id: str, command: Command) -> SeatedDecision:
    """PENDING there becomes WITHDRAWN by `posting_closed`; where nothing waits, nothing changes."""
    decision = SeatedDecision(candidacy)
    for waiting in candidacy.in_status(Status.PENDING):
        if waiting.posting_id == posting_id:
            application, along = ready(candidacy, waiting.id, "close", command.actor)
            decision = follow(decision, application, along, command)
    return decision
