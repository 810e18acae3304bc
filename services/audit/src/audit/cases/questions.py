"""Which case a fact asks for: its subject, where it belongs (R14), and what the officer is told. No personal data is in these facts."""

from typing import Any

from common.contracts.applications import ApplicationStatusChanged, CaseAsked, IntentRecheckAsked, IntentRegistered
from common.contracts.base import Message
from common.contracts.cases import ReferenceChangeProposed
from common.contracts.envelope import Event
from common.contracts.people import PersonReviewAsked, UnitRecognitionRequested
from common.contracts.postings import PostingStatusChanged
from common.contracts.words import CaseKind

from audit.cases.domain.case import Opening


def recognition(event: Event, message: UnitRecognitionRequested) -> Opening:
    """In the county of the unit."""
    return Opening(
        kind=CaseKind.RECOGNITION,
        subject=message.unit_id,
        subject_version=message.request,
        unit_id=message.unit_id,
        region=message.region,
        facts=_facts(message, "name", "uscc", "region", "documents"),
        seq=event.seq,
        at=event.time,
    )


def posting(event: Event, message: PostingStatusChanged, unit_region: str) -> Opening:
    """In the county of the unit."""
    shown = ("unit_name", "title", "kind", "region", "headcount", "months", "allowance_fen", "deadline", "flags")
    return Opening(
        kind=CaseKind.POSTING,
        subject=message.posting_id,
        subject_version=message.revision,
        unit_id=message.unit_id,
        region=unit_region,
        facts=_facts(message, *shown),
        seq=event.seq,
        at=event.time,
    )


def unemployment(event: Event, message: IntentRegistered | IntentRecheckAsked) -> Opening:
    """In the county of the office where the person is registered (R13)."""
    shown = ("category", "education", "age_band", "household_region", "residence_region", "priority_group", "registration_region")
    return Opening(
        kind=CaseKind.UNEMPLOYMENT,
        subject=message.person_id,
        subject_version=message.intent_version,
        region=message.registration_region or message.residence_region,
        facts=_facts(message, *shown),
        seq=event.seq,
        at=event.time,
    )


def eligibility(event: Event, message: ApplicationStatusChanged) -> Opening:
    """In the county of the posting (G8); with the eligibility result that the applications service came to (R11)."""
    shown = ("posting_id", "unit_id", "region", "category", "age_band", "education", "intent_version", "resume_version")
    return Opening(
        kind=CaseKind.ELIGIBILITY,
        subject=message.person_id,
        subject_version=message.intent_version,
        application_id=message.application_id,
        unit_id=message.unit_id,
        region=message.region,
        facts=_facts(message, *shown),
        rules=message.eligibility,
        seq=event.seq,
        at=event.time,
    )


def of_application(event: Event, message: CaseAsked) -> Opening:
    """Every other question about an application, in the county of the posting: its words and files stay with applications."""
    return Opening(
        kind=message.kind,
        subject=message.person_id,
        subject_version=message.number,
        application_id=message.application_id,
        unit_id=message.unit_id,
        region=message.region,
        facts=_facts(message, "cause", "status", "posting_id", "asked_by", "document_ids"),
        seq=event.seq,
        at=event.time,
    )


def identity(event: Event, message: PersonReviewAsked) -> Opening:
    """In the county of the office that the person has chosen (R31); names, numbers and files stay with accounts."""
    return Opening(
        kind=CaseKind.IDENTITY,
        subject=message.person_id,
        subject_version=message.request,
        region=message.region,
        facts=_facts(message, "purpose", "documents"),
        seq=event.seq,
        at=event.time,
    )


def policy(event: Event, message: ReferenceChangeProposed) -> Opening:
    """In the province: a change that an administrator has entered (programme §5), with the open cases it bears on."""
    return Opening(
        kind=CaseKind.POLICY,
        subject=message.proposal_id,
        subject_version=1,
        region=f"{message.region[:2]}0000",
        facts=_facts(message, "kind", "key", "region", "value", "affected"),
        seq=event.seq,
        at=event.time,
    )


def _facts(message: Message, *names: str) -> dict[str, Any]:
    return message.model_dump(mode="json", include=set(names))
