"""What an intern is shown before a deed: what else follows from it (R2)."""

from common.contracts.words import OFFICIAL, Status
from common.reasons import ReasonView
from common.reference import Reference
from pydantic import BaseModel

from applications.domain.preview import Preview
from applications.domain.status import COMMANDS


class OtherEffect(BaseModel):
    """What becomes of another application of the intern."""

    application_id: str
    posting_id: str
    status: Status
    status_name: str
    to: Status
    to_name: str
    reason: ReasonView | None


class DeedPreview(BaseModel):
    """`deed` is the command, `others` the applications that end with it; `blocked`: no new application afterwards, `pending` of at most
    `max_pending` wait then; `rechecked`: the unemployment registration is checked again before the review goes on.
    """

    deed: str
    deed_name: str
    to: Status
    to_name: str
    others: list[OtherEffect]
    blocked: bool
    pending: int
    max_pending: int
    rechecked: bool

    @classmethod
    def of(cls, preview: Preview, max_pending: int, reference: Reference) -> "DeedPreview":
        others = [
            OtherEffect(
                application_id=before.id,
                posting_id=before.posting_id,
                status=before.status,
                status_name=OFFICIAL[before.status],
                to=after.status,
                to_name=OFFICIAL[after.status],
                reason=reference.reasons.shown(after.reason, after.status),
            )
            for before, after in preview.others
        ]
        return cls(
            deed=preview.deed,
            deed_name=COMMANDS[preview.deed].label,
            to=preview.to,
            to_name=OFFICIAL[preview.to],
            others=others,
            blocked=preview.blocked,
            pending=preview.pending,
            max_pending=max_pending,
            rechecked=preview.rechecked,
        )
