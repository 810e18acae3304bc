"""How officers decide a case: approve, disapprove with a reason, return for more evidence (R10, R14, R18)."""

from datetime import datetime
from typing import Annotated

from common.contracts.words import CaseKind, Category, EndKind, Verdict
from common.decision import Command, Decision
from common.reasons import Reasons, StatedReason
from common.values import Text, Value
from pydantic import Field

from audit.cases.domain.case import Case
from audit.cases.domain.moves import move
from audit.cases.domain.officer import check_may_decide, named
from audit.cases.domain.refusals import (
    CHANGE_NOT_RETURNED,
    CORRECT_REASON_NEEDED,
    CORRECT_REASON_NOT_TAKEN,
    NOTE_NEEDED,
    UNEMPLOYMENT_CHECK_OPEN,
)
from audit.cases.domain.table import Step

REASON_SCOPES = {
    CaseKind.RECOGNITION: "recognition",
    CaseKind.POSTING: "posting",
    CaseKind.UNEMPLOYMENT: "unemployment",
    CaseKind.ELIGIBILITY: "DISAPPROVED",
    CaseKind.IDENTITY: "identity",
    CaseKind.OBJECTION: "objection",
    CaseKind.REINSTATEMENT: "reinstatement_case",
    CaseKind.LIFT: "lift",
    CaseKind.RELEASE: "release",
    CaseKind.COMPLAINT: "complaint",
    CaseKind.SILENCE: "silence",
    CaseKind.POLICY: "policy",
}
"""Which list of reasons a disapproval of each kind chooses from (R18, R23)."""

ENDINGS = "TERMINATED"
"""The list that the correct reason of a termination comes from (R17)."""

_EXPLAINED = (CaseKind.COMPLAINT, CaseKind.SILENCE)
"""Approving says only that the office has acted: the note says how."""

_BY_TWO = (CaseKind.LIFT,)
"""Approved by two persons, the second of the same office or of one above (R3, R14)."""

Versions = tuple[str, ...]
"""Of the reference data that a decision was taken by (`Reference.versions`)."""


class Approval(Value):
    """What an officer says with an approval.

    For an objection that is upheld (R17): the internship ended early for the reason `reason_code`, or it was `completed`.
    """

    note: Text | None = None
    reason_code: Annotated[str, Field(max_length=64)] | None = None
    end_kind: EndKind | None = None


def needs_check(case: Case) -> bool:
    """Whether approving it needs the person's unemployment check to have passed (R13)."""
    return case.kind is CaseKind.ELIGIBILITY and case.facts["category"] == Category.YOUTH


def approve(
    case: Case, command: Command, reasons: Reasons, approval: Approval, versions: Versions, *, check_passed: bool
) -> Decision[Case]:
    """`check_passed`: the check of the intent version decided about, or of a later one, has passed."""
    check_may_decide(case, command.actor)
    if needs_check(case) and not check_passed:
        raise UNEMPLOYMENT_CHECK_OPEN()
    if case.kind in _EXPLAINED and approval.note is None:
        raise NOTE_NEEDED(kind=case.kind.label)
    reason, end_kind = _correction(case, reasons, approval)
    if case.kind in _BY_TWO and case.first is None:
        return move(case, Step.APPROVE_FIRST, note=approval.note, first=named(command.actor), officer=None)
    return _decide(case.but(end_kind=end_kind), command, Step.APPROVE, Verdict.APPROVE, versions, reason=reason, note=approval.note)


def disapprove(case: Case, command: Command, reasons: Reasons, reason: StatedReason, versions: Versions) -> Decision[Case]:
    check_may_decide(case, command.actor)
    reasons.check(REASON_SCOPES[case.kind], reason.code)
    return _decide(case, command, Step.DISAPPROVE, Verdict.DISAPPROVE, versions, reason=reason)


def send_back(case: Case, command: Command, reasons: Reasons, reason: StatedReason, due_at: datetime) -> Decision[Case]:
    """Return it for more evidence until `due_at` (R10); a change of reference data is entered anew instead."""
    check_may_decide(case, command.actor)
    if case.kind is CaseKind.POLICY:
        raise CHANGE_NOT_RETURNED()
    reasons.check("supplement", reason.code)
    return move(case, Step.RETURN, reason=reason, officer=named(command.actor), first=None, returned_at=command.at, due_at=due_at)


def _correction(case: Case, reasons: Reasons, approval: Approval) -> tuple[StatedReason | None, EndKind | None]:
    """What an upheld objection puts in the place of what was objected to; no other approval has it, and no completed end a reason."""
    code, end_kind = approval.reason_code, approval.end_kind
    if case.kind is not CaseKind.OBJECTION:
        if code is not None or end_kind is not None:
            raise CORRECT_REASON_NOT_TAKEN()
        return None, None
    if end_kind is EndKind.COMPLETED:
        if code is not None:
            raise CORRECT_REASON_NOT_TAKEN()
        return None, end_kind
    if code is None:
        raise CORRECT_REASON_NEEDED()
    return StatedReason(code=reasons.check(ENDINGS, code)), EndKind.EARLY


def _decide(
    case: Case,
    command: Command,
    step: Step,
    verdict: Verdict,
    versions: Versions,
    *,
    reason: StatedReason | None = None,
    note: str | None = None,
) -> Decision[Case]:
    after = case.but(verdict=verdict, reason=reason, note=note, officer=named(command.actor), versions=versions)
    return move(after, step, reason=reason, note=note)
