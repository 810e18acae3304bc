"""What callers are shown of a case: officers all of it, the parties their own part with officers as office and role (R20)."""

from datetime import datetime
from typing import Any

from common.contracts.applications import RuleResult
from common.contracts.words import CaseKind, CaseStatus, Role, Verdict
from common.store.mongo import Document
from pydantic import BaseModel

from audit.cases.domain.case import Case
from audit.cases.domain.table import Step

_INTERNAL = (Step.CLAIM, Step.RELEASE, Step.TAKE_OVER)
"""What happens inside the offices: no step towards the parties."""


class HistoryLine(BaseModel):
    """Who (office and role), when, from, to, why."""

    at: datetime
    from_status: CaseStatus | None
    to_status: CaseStatus
    command: str
    role: Role
    office: str | None
    reason_code: str | None
    reason_text: str | None

    @classmethod
    def of(cls, entry: Document) -> "HistoryLine":
        return cls(
            at=entry["at"],
            from_status=entry.get("from_"),
            to_status=entry["to"],
            command=entry["command"].removesuffix("_case"),
            role=entry["actor"]["role"],
            office=entry["actor"].get("region"),
            reason_code=entry.get("reason_code"),
            reason_text=entry.get("reason_text"),
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
    reason_code: str | None
    reason_text: str | None
    rules: tuple[RuleResult, ...]
    history: list[HistoryLine] = []

    @classmethod
    def of(cls, case: Case, history: list[Document]) -> "PartyCase":
        known = case.but(verdict=None, reason_code=None, reason_text=None) if case.status is CaseStatus.DECIDING else case
        seen = [entry for entry in history if entry["command"].removesuffix("_case") not in _INTERNAL]
        if case.status is CaseStatus.DECIDING:
            seen = [entry for entry in seen if entry["to"] != CaseStatus.DECIDING]
        fields = known.model_dump(include=set(cls.model_fields) - {"history"})
        return cls(**fields, history=[HistoryLine.of(entry) for entry in seen])


class OfficerCase(BaseModel):
    """A case as officers read it. `facts` are those of the opening event; `overdue` says that the running term is over."""

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
    verdict: Verdict | None
    reason_code: str | None
    reason_text: str | None
    facts: dict[str, Any]
    rules: tuple[RuleResult, ...]
    history: list[HistoryLine] = []

    @classmethod
    def of(cls, case: Case, now: datetime, history: list[Document] | None = None) -> "OfficerCase":
        return cls(
            **case.model_dump(include=set(cls.model_fields) - {"history"}),
            officer_id=case.officer.id if case.officer else None,
            overdue=case.live and case.due_at <= now,
            history=[HistoryLine.of(entry) for entry in history or []],
        )


class CasePage(BaseModel):
    items: list[OfficerCase]
    next: str | None
