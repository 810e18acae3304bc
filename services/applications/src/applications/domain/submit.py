"""岗位投递: every gate a submission passes, in the order in which the intern can do something about it."""

from datetime import date, datetime
from typing import Any

from common.calendar import local_date
from common.contracts.words import OFFICIAL, Category, Check, Diploma, PostingStatus, Status
from common.decision import Command
from common.policy import Policy
from common.reference import Reference

from applications.domain import eligibility, refusals
from applications.domain.candidacy import Application, Candidacy, OwedDiploma
from applications.domain.change import SeatedDecision, follow, require_role
from applications.domain.dates import adult_on
from applications.domain.facts import PersonFacts, PostingFacts, UnitFacts
from applications.domain.intent import steps_before
from applications.domain.intent_form import Intent, IntentDocumentKind, IntentForm
from applications.domain.status import ARROWS, BLOCKING, OPEN

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
    """A new application in PENDING under the given id."""
    require_role("submit", command.actor)
    day = local_date(command.at)
    policy = reference.policy(posting.region, day)
    birth_date, resume_version = steps_before(person)
    intent = _intent(candidacy)
    check_free(candidacy, policy)
    _check_again(candidacy, intent, posting.posting_id)
    _check_posting(posting, unit, day)
    _check_pending(candidacy, policy)
    measured = _measured(candidacy, intent, birth_date, day, policy)
    application = _pending(application_id, intent, posting, command.at, {"resume_version": resume_version, **measured})
    return follow(SeatedDecision(candidacy), application, SUBMISSION, command)


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


def check_free(candidacy: Candidacy, policy: Policy) -> None:
    """Refuses with `once_only` where policy asks for it (R3), or with `blocked_by_application` (G11)."""
    if policy.once_only and eligibility.took_part(candidacy):
        raise refusals.ONCE_ONLY()
    for application in candidacy.in_status(*BLOCKING - {Status.TERMINATED}):
        raise refusals.BLOCKED(status=OFFICIAL[application.status])


def _intent(candidacy: Candidacy) -> Intent:
    """G4, R13."""
    if candidacy.intent is None:
        raise refusals.INTENT_NEEDED()
    if candidacy.intent.check is Check.FAILED:
        raise refusals.CHECK_FAILED()
    return candidacy.intent


def _check_again(candidacy: Candidacy, intent: Intent, posting_id: str) -> None:
    """R4: what an earlier application to the same posting forbids."""
    earlier = [application for application in candidacy.applications if application.posting_id == posting_id]
    if not earlier:
        return
    for alive in earlier:
        if alive.status in OPEN:
            raise refusals.ALREADY_APPLIED(status=OFFICIAL[alive.status])
    last = earlier[-1]
    if last.status is Status.REJECTED and not last.reinvited:
        raise refusals.REINVITATION_NEEDED()
    if last.status is Status.DISAPPROVED and last.decided_at is not None and intent.registered_at <= last.decided_at:
        raise refusals.INTENT_NOT_RENEWED()


def _check_posting(posting: PostingFacts, unit: UnitFacts, day: date) -> None:
    """G15, R9. A full posting still accepts."""
    if posting.status is PostingStatus.PAUSED and not posting.closing:
        raise refusals.POSTING_PAUSED()
    if posting.status is not PostingStatus.PUBLISHED or posting.closing:
        raise refusals.POSTING_CLOSED()
    if not unit.recognised:
        raise refusals.UNIT_NOT_RECOGNISED()
    if day > posting.deadline:
        raise refusals.POSTING_DEADLINE_PASSED()


def _measured(candidacy: Candidacy, intent: Intent, birth_date: date, day: date, policy: Policy) -> dict[str, Any]:
    """Fields of the application as of the day of submission (R11): a rule that fails refuses, one that is pending does not."""
    findings = eligibility.explain(intent, birth_date, eligibility.took_part(candidacy), day, policy)
    failed = [finding for finding in findings if finding.line.result == "fail"]
    if failed:
        why = "".join(f"{finding.sentence}{finding.remedy}" for finding in failed)
        raise refusals.NOT_ELIGIBLE(why=why, findings=[finding.model_dump(mode="json") for finding in findings])
    return {
        "age_band": eligibility.age_band(birth_date, day),
        "adult_on": adult_on(birth_date),
        "eligibility": tuple(finding.line for finding in findings),
        "policy_versions": policy.versions,
    }


def _check_pending(candidacy: Candidacy, policy: Policy) -> None:
    """G5."""
    if len(candidacy.in_status(Status.PENDING)) >= policy.max_pending:
        raise refusals.TOO_MANY_PENDING(limit=policy.max_pending)


def _diploma(form: IntentForm) -> Diploma:
    """G13: a graduate without the diploma owes it."""
    owed = form.category is Category.GRADUATE and not form.attaches(IntentDocumentKind.DIPLOMA)
    return Diploma.OWED if owed else Diploma.HELD
