"""HR's decision about the eligibility of a WILLING application (G8, R1, R11, R13), as its case brings it."""

from dataclasses import replace

from common.contracts.applications import DecisionRefused
from common.contracts.words import Status, Verdict
from common.decision import Command
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import attention, recheck, release
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision, follow, ready
from applications.domain.stated import stated

CHECK_TOO_OLD = "unemployment_check_too_old"


def decide(
    candidacy: Candidacy,
    application_id: str,
    verdict: Verdict,
    reason: StatedReason | None,
    case_id: str,
    reference: Reference,
    command: Command,
) -> SeatedDecision:
    """APPROVED, or DISAPPROVED with a reason. A case that was applied before changes nothing; an approval by an outdated pass of
    the unemployment check is answered with `unemployment_check_too_old`, and the check is asked for again (R13).

    Refuses with `wrong_status` when the application moved on, as `recheck.check_still` by what has changed since the submission
    (R11, R13), and with `release_not_asked` a withdrawal that the intern did not ask for (R30).
    """
    if candidacy.application(application_id).case_id == case_id:
        return SeatedDecision(candidacy)
    deed = verdict.value
    application, along = ready(candidacy, application_id, deed, command.actor)
    if verdict is Verdict.APPROVE:
        asked = recheck.ask_where_old(SeatedDecision(candidacy), application, reference, command)
        if asked.events:
            return replace(asked, events=(*asked.events, refusal(candidacy, case_id, CHECK_TOO_OLD)))
        recheck.check_still(candidacy, application, deed, reference, command)
        grounds = None
    else:
        grounds = stated(reason, Status.DISAPPROVED, deed, reference)
        release.check_asked(application, grounds)
    approved = application.but(status=along.to, release_asked_at=application.release_asked_at)
    due = attention.attend_at(approved, reference, command.at)
    changes = {"decided_at": command.at, "case_id": case_id, "attend_at": due}
    return follow(SeatedDecision(candidacy), application, along, command, grounds, **changes)


def refusal(candidacy: Candidacy, case_id: str, reason_code: str) -> DecisionRefused:
    """What audit is told where a decision cannot be applied."""
    return DecisionRefused(person_id=candidacy.person_id, case_id=case_id, reason_code=reason_code)
