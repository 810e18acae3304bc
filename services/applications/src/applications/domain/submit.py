"""岗位投递: a submission that passes every gate is PENDING, with what was measured on its day."""

from datetime import date, datetime
from typing import Any

from common.calendar import local_date
from common.contracts.words import Category, Diploma, Status
from common.decision import Command
from common.reference import Reference

from applications.domain import eligibility, gates
from applications.domain.candidacy import Application, Candidacy, OwedDiploma
from applications.domain.change import SeatedDecision, follow, require_role
from applications.domain.dates import adult_on
from applications.domain.facts import PersonFacts, PostingFacts, UnitFacts
from applications.domain.gates import Attempt, Goal
from applications.domain.intent_form import Intent, IntentDocumentKind, IntentForm
from applications.domain.status import ARROWS

SUBMISSION = next(arrow for arrow in ARROWS if arrow.from_ is None)


def submit(
    candidacy: Candidacy,
    application_id: str,
    person: PersonFacts,
    posting: PostingFacts,
    unit: UnitFacts,
    reference: Reference,
    command: Command,
) -> SeatedDecision:
    """A new application in PENDING under the given id. Refuses as `gates.pass_all`."""
    require_role("submit", command.actor)
    attempt = Attempt(candidacy, person, Goal(posting, unit), local_date(command.at), reference)
    gates.pass_all(attempt)
    birth_date, resume_version, intent = attempt.ready()
    measured = {**_measured(attempt, birth_date), "resume_version": resume_version}
    return follow(SeatedDecision(candidacy), _pending(application_id, intent, posting, command.at, measured), SUBMISSION, command)


def _pending(application_id: str, intent: Intent, posting: PostingFacts, at: datetime, measured: dict[str, Any]) -> Application:
    """The new application, with what was measured on the day of submission."""
    return Application(
        id=application_id,
        posting_id=posting.posting_id,
        unit_id=posting.unit_id,
        region=posting.region,
        status=Status.PENDING,
        submitted_at=at,
        changed_at=at,
        intent_version=intent.version,
        category=intent.form.category,
        education=intent.form.education,
        diploma=OwedDiploma(state=_diploma(intent.form)),
        **measured,
    )


def _measured(attempt: Attempt, birth_date: date) -> dict[str, Any]:
    """Fields of the application as of the day of submission (R11)."""
    return {
        "age_band": eligibility.age_band(birth_date, attempt.day),
        "adult_on": adult_on(birth_date),
        "eligibility": eligibility.measure(attempt.subject()),
        "policy_versions": attempt.policy.versions,
    }


def _diploma(form: IntentForm) -> Diploma:
    """G13: a graduate without the diploma owes it."""
    owed = form.category is Category.GRADUATE and not form.attaches(IntentDocumentKind.DIPLOMA)
    return Diploma.OWED if owed else Diploma.HELD
