"""The table of steps: from which status which step leads where. No other step exists."""

from collections.abc import Mapping
from enum import StrEnum

from common.contracts.words import CaseStatus

from audit.cases.domain.case import Case
from audit.cases.domain.refusals import CASE_NOT_IN_STATUS

OPEN, CLAIMED, RETURNED = CaseStatus.OPEN, CaseStatus.CLAIMED, CaseStatus.RETURNED
DECIDING, DECIDED, VOID = CaseStatus.DECIDING, CaseStatus.DECIDED, CaseStatus.VOID


class Step(StrEnum):
    CLAIM = "claim"
    RELEASE = "release"
    TAKE_OVER = "take_over"
    APPROVE = "approve"
    APPROVE_FIRST = "approve_first"  # of two persons: it waits for the second (R14)
    DISAPPROVE = "disapprove"
    RETURN = "return"
    TRANSFER = "transfer"  # to the office of the region where it belongs (R14)
    SUPPLEMENT = "supplement"  # a party has supplemented, or its newer intent has
    EXPIRE = "expire"  # the supplement's term is over (R10)
    APPLIED = "applied"  # the owner's own event carries this case's id
    REFUSED = "refused"  # the owner could not apply the decision
    MOVED_ON = "moved_on"  # the subject no longer waits for this decision
    OPENED_AGAIN = "opened_again"  # the same question arose anew (reinstatement, R25)


_CLOSING = {Step.APPLIED: DECIDED, Step.MOVED_ON: VOID}
_UNDECIDED = {
    Step.TAKE_OVER: CLAIMED, Step.APPROVE_FIRST: OPEN, Step.APPROVE: DECIDING, Step.DISAPPROVE: DECIDING,
    Step.RETURN: RETURNED, Step.TRANSFER: OPEN, **_CLOSING,
}  # fmt: skip

TABLE: Mapping[CaseStatus, Mapping[Step, CaseStatus]] = {
    OPEN: {Step.CLAIM: CLAIMED, **_UNDECIDED},
    CLAIMED: {Step.RELEASE: OPEN, **_UNDECIDED},
    RETURNED: {Step.SUPPLEMENT: OPEN, Step.EXPIRE: OPEN, **_CLOSING},
    DECIDING: {Step.REFUSED: OPEN, Step.OPENED_AGAIN: OPEN, **_CLOSING},
    DECIDED: {Step.OPENED_AGAIN: OPEN},
    VOID: {Step.OPENED_AGAIN: OPEN},
}

NAMES = {OPEN: "待办理", CLAIMED: "办理中", RETURNED: "退回补正", DECIDING: "决定生效中", DECIDED: "已办结", VOID: "已失效"}


def next_status(case: Case, step: Step) -> CaseStatus:
    """Where the step leads. Refuses with `case_not_in_status` when the table has no such step."""
    after = TABLE[case.status].get(step)
    if after is None:
        raise CASE_NOT_IN_STATUS(status=NAMES[case.status])
    return after
