"""见习意愿登记 and what it entitles to: the intent with its files, and the eligibility answer."""

from functools import partial

from common.decision import Actor, Command
from common.errors import Refusal, refusal
from common.reference import Reference
from common.store.aggregate import Answer
from common.web.command import with_file
from fastapi import UploadFile

from applications.domain import eligibility, intent, submit, uploads
from applications.domain.candidacy import Candidacy
from applications.domain.intent_form import Intent, IntentDocumentKind, IntentForm
from applications.domain.refusals import INTENT_NEEDED
from applications.handlers import facts, files
from applications.repository import Applications
from applications.views import ApplicationFile, EligibilityView, IntentView, SubmissionRefusal

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


async def explain(applications: Applications, intern: Actor, posting_id: str | None) -> EligibilityView:
    """As of today (R11): for one posting with what would refuse an application to it now, else a preview by the policy of the residence."""
    reference = await applications.reference()
    candidacy = await applications.candidacies.get(intern.id)
    if candidacy is None or candidacy.intent is None:
        raise INTENT_NEEDED()
    if posting_id is None:
        birth_date, _ = intent.steps_before(await facts.verified_person(applications, intern.id))
        region, refused = candidacy.intent.form.residence_region, None
    else:
        wanted = await facts.submission(applications, intern.id, posting_id)
        birth_date, _ = intent.steps_before(wanted.person)
        region, refused = wanted.posting.region, _refusal(applications, candidacy, wanted, reference, intern)
    day = applications.clock.today()
    took_part, policy = eligibility.took_part(candidacy), reference.policy(region, day)
    findings = eligibility.explain(candidacy.intent, birth_date, took_part, day, policy)
    return EligibilityView.of(day, findings, reference.whom_to_ask(region), refused)


def _refusal(
    applications: Applications, candidacy: Candidacy, wanted: facts.Submission, reference: Reference, intern: Actor
) -> SubmissionRefusal | None:
    """What submitting would be answered, without doing it."""
    trial = Command("submit", intern, "", applications.clock.now())
    try:
        submit.submit(candidacy, "", wanted.person, wanted.posting, wanted.unit, reference, trial)
    except Refusal as refused:
        return SubmissionRefusal(code=refused.code, detail=refused.detail)
    return None


def _current(candidacy: Candidacy | None) -> Intent:
    if candidacy is None or candidacy.intent is None:
        raise NO_INTENT_YET()
    return candidacy.intent
