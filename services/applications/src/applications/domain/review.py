"""HR's decision about the eligibility of a WILLING application (G8, R1, R13), as its case brings it."""

from common.contracts.applications import DecisionRefused
from common.contracts.words import Check, Status, Verdict
from common.decision import Command, Decision
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision, follow, ready
from applications.domain.refusals import CHECK_NOT_PASSED
from applications.domain.stated import stated


def decide(
    candidacy: Candidacy,
    application_id: str,
    verdict: Verdict,
    reason: StatedReason | None,
    case_id: str,
    reference: Reference,
    command: Command,
) -> SeatedDecision:
    """APPROVED, or DISAPPROVED with a reason. A case that was applied before changes nothing.

    Refuses with `wrong_status` when the application moved on, with `unemployment_check_not_passed` before 通过 (R13).
    """
    if candidacy.application(application_id).case_id == case_id:
        return SeatedDecision(candidacy)
    deed = verdict.value
    application, along = ready(candidacy, application_id, deed, command.actor)
    if verdict is Verdict.APPROVE:
        _check_unemployment(candidacy, application)
        grounds = None
    else:
        grounds = stated(reason, Status.DISAPPROVED, deed, reference)
    return follow(SeatedDecision(candidacy), application, along, command, grounds, decided_at=command.at, case_id=case_id)


def refused(candidacy: Candidacy, case_id: str, reason_code: str) -> Decision[Candidacy]:
    """The answer to audit when a decision (eligibility or unemployment) could not be applied: nothing changes, the case goes on there."""
    return Decision(candidacy, (DecisionRefused(person_id=candidacy.person_id, case_id=case_id, reason_code=reason_code),))


def _check_unemployment(candidacy: Candidacy, application: Application) -> None:
    """R13: judged by the newest intent of the application's category, so that a corrected registration counts."""
    counting = [
        intent.check
        for intent in candidacy.intents
        if intent.form.category is application.category and intent.version >= application.intent_version
    ]
    if counting[-1] not in (Check.PASSED, Check.NOT_NEEDED):
        raise CHECK_NOT_PASSED()
