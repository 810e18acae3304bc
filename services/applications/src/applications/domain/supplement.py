"""补充材料 (R10): what the intern hands in for a review that was returned, beside a newer intent."""

from common.contracts.applications import CaseSupplemented
from common.contracts.words import Role
from common.decision import Command, Entry

from applications.domain import refusals
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision, steady


def supplement(candidacy: Candidacy, application_id: str, documents: tuple[str, ...], command: Command) -> SeatedDecision:
    """Files that the intern has uploaded for this application before. Refuses with `unknown_document`."""
    application = steady(candidacy, application_id, "supplement", command.actor)
    own = {file.id for file in candidacy.files if (file.by, file.application_id) == (Role.INTERN, application_id)}
    if not own.issuperset(documents):
        raise refusals.UNKNOWN_DOCUMENT()
    event = CaseSupplemented(
        application_id=application_id, person_id=candidacy.person_id, unit_id=application.unit_id, document_ids=documents
    )
    return SeatedDecision(candidacy, (event,), (Entry(to="supplemented", subject=application_id),))
