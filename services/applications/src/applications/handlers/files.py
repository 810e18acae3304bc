"""Files of candidacies: handed in by the intern or the unit, read by the parties they concern."""

from collections.abc import Callable, Iterable

from common.contracts.words import Role
from common.decision import Actor, Command, Decision
from common.refusals import NOT_FOUND
from common.store.documents import DocumentInfo
from common.store.security_notes import Deed

from applications.domain import reading
from applications.domain.candidacy import Candidacy, Document
from applications.domain.intent_form import IntentDocument
from applications.domain.refusals import UNKNOWN_DOCUMENT
from applications.repository import Applications


async def keep(
    applications: Applications, info: DocumentInfo, content: bytes, command: Command, record: Callable[[Candidacy], Decision[Candidacy]]
) -> DocumentInfo:
    """Store a file before it is recorded, unless recording it would be refused."""
    await applications.candidacies.try_out(info.owner, command, record)
    return await applications.documents.keep(info, content, command.at)


async def check(applications: Applications, person_id: str, documents: Iterable[IntentDocument | Document]) -> None:
    """Refuses with `unknown_document` when one was not handed in for this person as what it is said to be."""
    for document in documents:
        info = await applications.documents.info(document.id)
        if info is None or (info.owner, info.kind) != (person_id, document.kind.value):
            raise UNKNOWN_DOCUMENT()


async def readable(applications: Applications, id: str, reader: Actor) -> DocumentInfo:
    """The file, when it concerns the reader: the person, a unit applied to, an officer of the place. Refuses with `not_found`.

    What leaves to others than the person is noted before (R19, R24).
    """
    info = await applications.documents.info(id)
    if info is None:
        raise NOT_FOUND()
    if reader.role is Role.INTERN and info.owner == reader.id:
        return info
    candidacy = await applications.candidacies.get(info.owner)
    if candidacy is None or not reading.concerns(candidacy, id, reader, (await applications.reference()).regions):
        raise NOT_FOUND()
    await applications.notes.note(Deed.DOCUMENT_READ, reader, id)
    return info
