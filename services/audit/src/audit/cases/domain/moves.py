"""One move of a case: its new state, the event that says so, and the line of history, together."""

from typing import Any

from common.contracts.cases import CaseStatusChanged
from common.contracts.words import CaseStatus
from common.decision import Decision, Entry
from common.reasons import StatedReason

from audit.cases.domain.case import Case
from audit.cases.domain.table import Step, next_status


def opened(case: Case, before: CaseStatus | None = None) -> Decision[Case]:
    """A case begins, or begins again."""
    return Decision(case, (said(before, case),), (Entry(to=case.status, from_=before),))


def move(case: Case, step: Step, *, reason: StatedReason | None = None, note: str | None = None, **changes: Any) -> Decision[Case]:
    """Take the step and change these fields with it. The text stays in the history here; the event carries the code only."""
    after = case.but(status=next_status(case, step), **changes)
    code, text = (reason.code, reason.text) if reason else (None, None)
    entry = Entry(to=after.status, from_=case.status, reason_code=code, reason_text=text, note=note)
    return Decision(after, (said(case.status, after, code),), (entry,))


def said(before: CaseStatus | None, case: Case, reason_code: str | None = None) -> CaseStatusChanged:
    return CaseStatusChanged(
        case_id=case.id,
        kind=case.kind,
        from_=before,
        to=case.status,
        region=case.region,
        subject=case.subject,
        subject_version=case.subject_version,
        application_id=case.application_id,
        verdict=case.verdict,
        reason_code=reason_code,
        officer_region=case.officer.region if case.officer else None,
        due_at=case.due_at if case.live else None,
        end_kind=case.end_kind,
    )
