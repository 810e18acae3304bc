"""What postings says. The text of a posting is public once published; its contact person never travels."""

from datetime import date

from common.contracts.base import Message
from common.contracts.words import PostingKind, PostingStatus


class PostingStatusChanged(Message, type="posting.status_changed", version=1):
    """The life cycle of a posting (R9, R16). `revision` counts submissions: a case decides about one revision.

    `allowance_fen` is the monthly living allowance in fen; `deadline` the last day on which one may apply (Asia/Shanghai).
    """

    posting_id: str
    unit_id: str
    unit_name: str
    from_: PostingStatus
    to: PostingStatus
    revision: int
    title: str
    kind: PostingKind
    region: str
    headcount: int
    months: int
    allowance_fen: int
    deadline: date
    flags: tuple[str, ...] = ()
    reason_code: str | None = None
    case_id: str | None = None


class PostingChanged(Message, type="posting.changed", version=1):
    """Free changes to a published posting: more places, a later deadline."""

    posting_id: str
    unit_id: str
    headcount: int
    deadline: date


class PostingDecisionRefused(Message, type="posting.decision_refused", version=1):
    """A decision about a posting could not be applied: the revision it decided is not waiting."""

    posting_id: str
    case_id: str
    reason_code: str
