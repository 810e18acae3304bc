"""见习意愿登记: the intent with its files."""

from functools import partial

from common.decision import Command
from common.errors import refusal
from common.store.aggregate import Answer
from common.web.command import with_file
from fastapi import UploadFile

from applications.domain import intent, uploads
from applications.domain.candidacy import Candidacy
from applications.domain.intent_form import Intent, IntentDocumentKind, IntentForm
from applications.handlers import facts, files
from applications.repository import Applications
from applications.views import ApplicationFile, IntentView

NO_INTENT_YET = refusal("no_intent_yet", 404, "您还没有登记见习意愿，请填写后提交。", rule="G4")


async def add_file(applications: Applications, kind: IntentDocumentKind, upload: UploadFile, command: Command) -> ApplicationFile:
    """A file that the intent then names. The same content is the same file, however often it comes."""
    info, content = await applications.documents.read(command.actor.id, kind, upload)
    told = with_file(command, info.id)
    record = partial(uploads.add, document_id=info.id, command=told)
    kept = await files.keep(applications, info, content, told, record)
    await applications.candidacies.change(info.owner, told, record)
    return ApplicationFile.of(kept)


async def register(applications: Applications, form: IntentForm, command: Command) -> Answer:
    """A new version of the intent (G3, R12)."""
    person_id = command.actor.id
    await files.check(applications, person_id, form.documents)
    person, reference = await facts.verified_person(applications, person_id), await applications.reference()
    return await applications.candidacies.change(
        person_id,
        command,
        lambda candidacy: intent.register(candidacy, form, person, reference, command),
        lambda candidacy: IntentView.of(_current(candidacy), reference).model_dump(mode="json"),
    )


async def read(applications: Applications, person_id: str) -> IntentView:
    """The current version. Refuses with `no_intent_yet`."""
    return IntentView.of(_current(await applications.candidacies.get(person_id)), await applications.reference())


def _current(candidacy: Candidacy | None) -> Intent:
    if candidacy is None or candidacy.intent is None:
        raise NO_INTENT_YET()
    return candidacy.intent
