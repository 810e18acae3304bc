"""What an intern does: the intent, an application, the answers to offers."""

from collections.abc import Callable
from dataclasses import dataclass

from common.calendar import local_date
from common.decision import Actor, Command, Decision
from common.errors import Refusal
from common.ids import derived_id
from common.store.aggregate import Answer
from fastapi import UploadFile

from applications.domain import eligibility, intent, intern_answer, onboarding, submit
from applications.domain.candidacy import Candidacy
from applications.domain.intent_form import Intent, IntentForm
from applications.domain.refusals import INTENT_NEEDED
from applications.handlers import facts, files
from applications.repository import Applications
from applications.views import ApplicationDetail, ApplicationView, EligibilityView, IntentView, Refused


async def register_intent(applications: Applications, form: IntentForm, command: Command) -> Answer:
    """A new version of the intent (G3, R12)."""
    person_id = command.actor.id
    await files.check(applications, person_id, form.documents)
    person, reference = await facts.verified_person(applications, person_id), await applications.reference()
    return await applications.candidacies.change(
        person_id,
        command,
        lambda candidacy: intent.register(candidacy, form, person, reference, command),
        lambda candidacy: IntentView.of(current_intent(candidacy), reference).model_dump(mode="json"),
    )
