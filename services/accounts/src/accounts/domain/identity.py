"""Who somebody is: the verified identity, and the question about it that an officer answers (R31)."""

from datetime import date, datetime
from enum import StrEnum

from common.values import Value

from accounts.domain.account import Phone


class Identity(Value):
    """A name with a number at rest. Of verified people `number_hash` is unique."""

    name_sealed: str
    name_hash: str
    name_masked: str
    number_sealed: str
    number_hash: str
    number_masked: str
    birth_date: date


class ReviewPurpose(StrEnum):
    """What an officer is asked."""

    REAL_NAME = "real_name"  # the verification failed
    CHANGED_NAME = "changed_name"  # another name under the same number
    RECOVERY = "recovery"  # whoever has the ID card cannot log in: the phone is lost, or the account another's work


ASKED_AT_THE_DOOR = (ReviewPurpose.RECOVERY,)
"""Not asked by the account: its holder cannot take them back."""


class ReviewStatus(StrEnum):
    WAITING = "WAITING"
    APPROVED = "APPROVED"
    DISAPPROVED = "DISAPPROVED"
    WITHDRAWN = "WITHDRAWN"


class Review(Value):
    """The latest question about a person. `claimed`, `phone` and the right to read the `documents` last as long as it waits.

    `phone` was proven by a code and is bound with the approval; `recovery_id` names the call at the door that asked for it.
    """

    request: int
    purpose: ReviewPurpose
    region: str
    claimed: Identity | None
    at: datetime
    documents: tuple[str, ...] = ()
    phone: Phone | None = None
    recovery_id: str | None = None
    status: ReviewStatus = ReviewStatus.WAITING
    reason_code: str | None = None
    decided_by: str | None = None

    @property
    def waiting(self) -> bool:
        return self.status is ReviewStatus.WAITING

    def settled(self, status: ReviewStatus, decided_by: str | None = None, reason_code: str | None = None) -> "Review":
        """What was claimed is kept no longer than it is needed."""
        return self.but(status=status, decided_by=decided_by, reason_code=reason_code, claimed=None, phone=None)
