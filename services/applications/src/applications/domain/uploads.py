"""Files handed in (G3, G13, R17, R19): recorded with the candidacy, and never more than so many of one party for one purpose."""

from common.decision import Command, Decision

from applications.domain.candidacy import Candidacy, HandedIn
from applications.domain.refusals import FILES_FULL

LIMIT = 30


def add(candidacy: Candidacy, document_id: str, command: Command) -> Decision[Candidacy]:
    """A file that the intent may name from now on."""
    return Decision(record(candidacy, document_id, command))


def record(
    candidacy: Candidacy, document_id: str, command: Command, application_id: str | None = None, *, for_officers: bool = False
) -> Candidacy:
    """With one file more; the same file again changes nothing. Refuses with `files_full`."""
    file = HandedIn(id=document_id, by=command.actor.role, application_id=application_id, for_officers=for_officers)
    beside = [known for known in candidacy.files if (known.by, known.application_id) == (file.by, file.application_id)]
    if file in beside:
        return candidacy
    if len(beside) >= LIMIT:
        raise FILES_FULL(limit=LIMIT)
    return candidacy.but(files=(*candidacy.files, file))
