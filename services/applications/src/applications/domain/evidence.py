"""What an intern hands in for an officer to look at: evidence of what is asked about an internship (R3, R17, R30)."""

from common.decision import Command, Entry

from applications.domain import uploads
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision, steady


def attach(candidacy: Candidacy, application_id: str, document_id: str, command: Command) -> SeatedDecision:
    """A file that an objection, a complaint or another question then names. The unit does not read it, nor of it."""
    steady(candidacy, application_id, "attach", command.actor)
    recorded = uploads.record(candidacy, document_id, command, application_id, for_officers=True)
    return SeatedDecision(recorded, history=(Entry(to="attached", subject=application_id),))
