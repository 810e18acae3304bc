"""Which fact tells whom what (R21): one function per message, and `told` over all of them.

Only the change itself is told: a decision becomes known by the status it changes, not by its case. Nobody is told what they did.
"""

from collections.abc import Callable
from typing import Any

from common.contracts.base import Message
from common.contracts.cases import CaseStatusChanged, ReferenceChangeSettled
from common.contracts.people import PersonReviewSettled, UnitStatusChanged
from common.contracts.postings import PostingStatusChanged
from common.contracts.words import CaseKind, CaseStatus, Permission, PostingStatus, UnitStatus

from accounts.notices.domain import application_causes
from accounts.notices.domain.notice import ADMINISTRATORS, Told, facts, office, party, person, unit

_MANAGERS, _POSTERS = Permission.MANAGE_USERS, Permission.MANAGE_POSTINGS
_TOLD_OF_POSTINGS = (PostingStatus.RETURNED, PostingStatus.PUBLISHED, PostingStatus.PAUSED, PostingStatus.CLOSED)


def told(message: Message) -> tuple[Told, ...]:
    """Everything that the message tells; nothing for a type that concerns no party."""
    rule = CAUSES.get(type(message))
    return rule(message) if rule else ()


def _case_status_changed(message: CaseStatusChanged) -> tuple[Told, ...]:
    """To be supplemented until a day (R10); a silent unit is the office's from now on (R29)."""
    about = facts(
        case_id=message.case_id,
        region=message.region,
        application_id=message.application_id,
        matter=message.kind,
        reason=message.reason_code,
        scope="supplement",
        due=message.due_at,
    )
    if message.to is CaseStatus.RETURNED:
        whom, side = party(message.kind, message.subject)
        return (Told(audience=whom, template=f"case.returned.{side}", facts=about, until=message.due_at),)
    if message.kind is CaseKind.SILENCE and message.from_ is None:
        return (Told(audience=office(message.region), template="case.open.silence.office", facts=about),)
    return ()


def _unit_status_changed(message: UnitStatusChanged) -> tuple[Told, ...]:
    """What the unit asked for itself it is not told."""
    if message.to in (UnitStatus.REGISTERED, UnitStatus.REQUESTED):
        return ()
    about = facts(
        unit_id=message.unit_id,
        region=message.region,
        reason=message.reason_code,
        scope="unit_status,recognition",
        end=message.recognised_until,
        variant=_unit_variant(message),
    )
    return (Told(audience=unit(message.unit_id, _MANAGERS), template=f"unit.{message.to.lower()}.unit", facts=about),)


def _unit_variant(message: UnitStatusChanged) -> str | None:
    if message.from_ is message.to:
        return "renewal_refused" if message.reason_code else "renewed"
    return "resumed" if message.from_ is UnitStatus.SUSPENDED else None


def _posting_status_changed(message: PostingStatusChanged) -> tuple[Told, ...]:
    """What the unit does itself it is not told: submits, pauses, resumes. CLOSING is on the way to CLOSED, which comes later."""
    by_itself = message.to is PostingStatus.PAUSED or message.from_ is PostingStatus.PAUSED
    if message.to not in _TOLD_OF_POSTINGS or (by_itself and message.to is not PostingStatus.CLOSED and not message.reason_code):
        return ()
    about = facts(
        posting_id=message.posting_id,
        unit_id=message.unit_id,
        region=message.region,
        reason=message.reason_code,
        scope="posting",
        variant="by_reason" if message.reason_code else None,
    )
    return (Told(audience=unit(message.unit_id, _POSTERS), template=f"posting.{message.to.lower()}.unit", facts=about),)


def _person_review_settled(message: PersonReviewSettled) -> tuple[Told, ...]:
    """Without a case the person took it back, and knows."""
    if message.case_id is None:
        return ()
    about = facts(person_id=message.person_id, case_id=message.case_id)
    return (Told(audience=person(message.person_id), template="person.review_settled.intern", facts=about),)


def _reference_change_settled(message: ReferenceChangeSettled) -> tuple[Told, ...]:
    about = facts(proposal_id=message.proposal_id, case_id=message.case_id)
    outcome = "applied" if message.applied else "not_applied"
    return (Told(audience=ADMINISTRATORS, template=f"reference.{outcome}.administrator", facts=about),)


CAUSES: dict[type[Message], Callable[[Any], tuple[Told, ...]]] = {
    **application_causes.CAUSES,
    CaseStatusChanged: _case_status_changed,
    UnitStatusChanged: _unit_status_changed,
    PostingStatusChanged: _posting_status_changed,
    PersonReviewSettled: _person_review_settled,
    ReferenceChangeSettled: _reference_change_settled,
}
"""Every message that tells somebody something."""
