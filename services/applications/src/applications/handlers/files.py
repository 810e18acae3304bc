"""Files of candidacies: handed in by the intern or the unit, read by the parties they concern."""

from collections.abc import Callable, Iterable

from common.contracts.words import Permission, Role
from common.decision import Actor, Command, Decision
from common.errors import refusal
from common.refusals import NOT_FOUND
from common.regions import is_within
from common.store.documents import DocumentInfo

from applications.domain.candidacy import Application, Candidacy, Document
from applications.domain.intent_form import IntentDocument
from applications.repository import Applications

UNKNOWN_DOCUMENT = refusal("unknown_document", 422, "附件不存在或类别不符，请重新上传后再提交。", rule="G3")
_READERS = {Permission.ANSWER_APPLICANTS, Permission.REPORT_INTERNSHIPS}


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
    """The file, when it concerns the reader: the person, a unit applied to, an officer of the place. Refuses with `not_found`."""
    info = await applications.documents.info(id)
    if info is None:
        raise NOT_FOUND()
    if reader.role is Role.INTERN and info.owner == reader.id:
        return info
    candidacy = await applications.candidacies.get(info.owner)
    if candidacy is None or not _concerns(candidacy, id, reader):
        raise NOT_FOUND()
    return info


def _concerns(candidacy: Candidacy, id: str, reader: Actor) -> bool:
    """A unit's users with a part in it read what came with the applications to it (R24); an officer what concerns the office (R14)."""
    if reader.role is Role.UNIT and reader.permissions & _READERS:
        addressed = (application for application in candidacy.applications if application.unit_id == reader.unit_id)
        return any(id in _attached(candidacy, application) for application in addressed)
    if reader.role is Role.OFFICER and reader.region is not None:
        registrations = [intent.form.registration.region for intent in candidacy.intents if intent.form.registration]
        places = [*registrations, *(application.region for application in candidacy.applications)]
        return any(is_within(place, reader.region) for place in places)
    return False


def _attached(candidacy: Candidacy, application: Application) -> set[str | None]:
    """The files of an application and of the intent it was made with."""
    forms = (intent.form for intent in candidacy.intents if intent.version == application.intent_version)
    own = {document.id for document in application.documents}
    return own | {document.id for form in forms for document in form.documents} | {application.diploma.document_id}
