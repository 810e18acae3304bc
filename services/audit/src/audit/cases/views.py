"""What callers are shown of a case: officers all of it, the parties their own part with officers as office and role (R20)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.contracts.eligibility import RuleView, in_words
from common.contracts.words import CaseKind, CaseStatus, EndKind, Role, Verdict
from common.reasons import Reasons, ReasonView, StatedReason
from common.store.mongo import Document
from pydantic import BaseModel

from audit.cases.domain.case import Case
from audit.cases.domain.decide import ENDINGS, REASON_SCOPES
from audit.cases.domain.queue import Light, light
from audit.cases.domain.table import Step

_INTERNAL = (Step.CLAIM, Step.RELEASE, Step.TAKE_OVER)
"""What happens inside the offices: no step towards the parties."""


def _internal(entry: Document) -> bool:
    """Also the first of two approvals (R14)."""
    deed = entry["command"].removesuffix("_case")
    return deed in _INTERNAL or (deed == "approve" and entry["to"] == CaseStatus.OPEN)


class HistoryLine(BaseModel):
    """Who (office and role), when, from, to, why."""

    at: datetime
    from_status: CaseStatus | None
    to_status: CaseStatus
    command: str
    role: Role
    office: str | None
    reason: ReasonView | None
    note: str | None

    @classmethod
    def of(cls, entry: Document, kind: CaseKind, reasons: Reasons) -> "HistoryLine":
        return cls(
            at=entry["at"],
            from_status=entry.get("from_"),
            to_status=entry["to"],
            command=entry["command"].removesuffix("_case"),
            role=entry["actor"]["role"],
            office=entry["actor"].get("region"),
            reason=_shown(StatedReason.of(entry.get("reason_code"), entry.get("reason_text")), kind, reasons),
            note=entry.get("note"),
        )


class PartyCase(BaseModel):
    """A case as the intern or the unit it is about reads it. A decision shows once it is in force."""

    id: str
    kind: CaseKind
    status: CaseStatus
    subject: str
    subject_version: int
    application_id: str | None
    region: str
    office: str
    opened_at: datetime
    due_at: datetime
    verdict: Verdict | None
    reason: ReasonView | None
    end_kind: EndKind | None
    note: str | None
    rules: list[RuleView]
    history: list[HistoryLine] = []

    @classmethod
    def of(cls, case: Case, reasons: Reasons, history: Sequence[Document] = ()) -> "PartyCase":
        known = case.but(verdict=None, reason=None, end_kind=None, note=None) if case.status is CaseStatus.DECIDING else case
        seen = [entry for entry in history if not _internal(entry)]
        if case.status is CaseStatus.DECIDING:
            seen = [entry for entry in seen if entry["to"] != CaseStatus.DECIDING]
        return cls(
            **known.model_dump(include=set(cls.model_fields) - {"reason", "rules", "history"}),
            rules=in_words(known.rules),
            reason=_shown(known.reason, case.kind, reasons),
            history=[HistoryLine.of(entry, case.kind, reasons) for entry in seen],
        )


class OfficerCase(BaseModel):
    """A case as officers read it. `facts` are those of the opening event; `overdue` says that the running term is over.

    `first_officer_id` has approved what takes a second person; `days_open` are days since it was opened.
    """

    id: str
    kind: CaseKind
    status: CaseStatus
    subject: str
    subject_version: int
    application_id: str | None
    unit_id: str | None
    region: str
    office: str
    officer_id: str | None
    opened_at: datetime
    due_at: datetime
    overdue: bool
    light: Light
    days_open: int
    first_officer_id: str | None
    verdict: Verdict | None
    reason: ReasonView | None
    end_kind: EndKind | None
    note: str | None
    facts: dict[str, Any]
    versions: tuple[str, ...]
    release_asked_at: datetime | None
    rules: list[RuleView]
    history: list[HistoryLine] = []

    @classmethod
    def of(cls, case: Case, reasons: Reasons, now: datetime, soon: datetime, history: Sequence[Document] = ()) -> "OfficerCase":
        """`soon`: until when what is due is amber."""
        return cls(
            **case.model_dump(include=set(cls.model_fields) - {"reason", "rules", "history"}),
            light=light(case.due_at, now, soon),
            days_open=max((now - case.opened_at).days, 0),
            first_officer_id=case.first.id if case.first else None,
            rules=in_words(case.rules),
            officer_id=case.officer.id if case.officer else None,
            overdue=case.live and case.due_at <= now,
            reason=_shown(case.reason, case.kind, reasons),
            history=[HistoryLine.of(entry, case.kind, reasons) for entry in history],
        )


class CasePage(BaseModel):
    items: list[OfficerCase]
    next: str | None


def _shown(reason: StatedReason | None, kind: CaseKind, reasons: Reasons) -> ReasonView | None:
    """A disapproval's, a return's, why a decision could not be applied, or how an internship ended in truth."""
    return reasons.shown(reason, REASON_SCOPES[kind], "supplement", "decision_refused", ENDINGS)


class PartyCases(BaseModel):
    items: list[PartyCase]
    next: str | None


class CaseCount(BaseModel):
    """The unfinished cases of one kind: those that wait for an officer by light, those that wait for the party, those just decided."""

    kind: CaseKind
    label: str
    green: int
    amber: int
    red: int
    returned: int
    deciding: int


class CaseCounts(BaseModel):
    as_of: datetime
    items: list[CaseCount]


class RowOutcome(BaseModel):
    """What became of one case of many: its new status, or why nothing was changed."""

    id: str
    status: CaseStatus | None = None
    code: str | None = None
    detail: str | None = None


class BulkOutcome(BaseModel):
    done: int
    refused: int
    items: list[RowOutcome]
