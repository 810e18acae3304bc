"""The history of an application as its parties read it (R20)."""

from datetime import datetime

from common.contracts.words import OFFICIAL, Role, Status
from common.reasons import ReasonView, StatedReason
from common.reference import Reference
from common.store.mongo import Document as Row
from pydantic import BaseModel

from applications.domain.question_form import Matter, Outcome
from applications.domain.status import COMMANDS, DECISIONS

_REASON_SCOPES = {
    "refuse_diploma": "diploma",
    "extend": "reinstatement",
    "reinstate": "reinstatement",
    "approve_reinstatement": "reinstatement",
    **{f"{matter} asked": matter.causes for matter in Matter},
    **{f"{matter} {Outcome.TURNED_DOWN}": matter.turned_down for matter in Matter},
    f"{Matter.OBJECTION} {Outcome.APPROVED}": Status.TERMINATED,
}
"""The list of a reason, by the deed or by what it leads to, where it is not the one of the status it leads to."""
_LABELS = {name: rights.label for name, rights in COMMANDS.items()} | DECISIONS
_WISHES = {
    f"{Matter.END_REQUEST} {Outcome.APPROVED}": "提前结束的申请已办理",
    f"{Matter.END_REQUEST} {Outcome.TURNED_DOWN}": "提前结束的申请不予支持",
}
"""A wish to end is decided by a case of complaint, and is none."""


class ApplicationLine(BaseModel):
    """One line of history (R20). Nobody appears by name: a user of a unit as the unit, an officer as office and role.

    `from_status` and `to` are statuses, or words for what else changed; `…_name` is how people read it.
    """

    at: datetime
    by: Role
    by_name: str
    office: str | None
    deed: str
    from_status: str | None
    from_name: str | None
    to: str
    to_name: str
    reason: ReasonView | None


def line(row: Row, reference: Reference) -> ApplicationLine:
    """A stored line of history as its parties read it."""
    actor, code, before = row["actor"], row.get("reason_code"), row.get("from_")
    to: str = row["to"]
    deed: str = "supersede" if code == "superseded" else row["command"]
    reason = StatedReason.of(code, row.get("reason_text"))
    label = _WISHES.get(to, _LABELS[deed])
    return ApplicationLine(
        at=row["at"],
        by=actor["role"],
        by_name=Role(actor["role"]).label,
        office=_office(actor.get("region"), reference),
        deed=label,
        from_status=before,
        from_name=OFFICIAL[Status(before)] if before in OFFICIAL else None,
        to=to,
        to_name=OFFICIAL[Status(to)] if to in OFFICIAL else label,
        reason=reference.reasons.shown(reason, _REASON_SCOPES.get(deed) or _REASON_SCOPES.get(to, to)),
    )


def _office(region: str | None, reference: Reference) -> str | None:
    if region is None:
        return None
    contact = reference.contacts.get(region)
    return contact.office if contact else reference.regions.full_name(region)
