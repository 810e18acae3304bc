"""Facts and bodies for the tests over HTTP; people and firms are invented."""

from datetime import date
from typing import Any

from applications.domain.intent_form import IntentForm
from common.contracts.cases import CaseStatusChanged
from common.contracts.people import UnitStatusChanged
from common.contracts.postings import PostingStatusChanged
from common.contracts.words import CaseKind, CaseStatus, PostingKind, PostingStatus, UnitStatus, Verdict
from common.ids import new_id

from .domain.builders import COUNTY, graduate_form, owing_form, youth_form

PDF = b"%PDF-1.4 \xe7\xa4\xba\xe4\xbe\x8b"
REASON = {"reason": {"code": "skills_do_not_fit", "text": "示例：需要会计专业"}}


def body(form: IntentForm) -> dict[str, Any]:
    """The form as an HTTP body."""
    return form.model_dump(mode="json")


def youth(**changes: Any) -> dict[str, Any]:
    return body(IntentForm.model_validate(youth_form().model_dump() | changes))


def graduate(document_id: str, **changes: Any) -> dict[str, Any]:
    """Holds the diploma in this file."""
    return {**body(graduate_form(**changes)), "documents": [{"id": document_id, "kind": "diploma"}]}


def owing(document_id: str, **changes: Any) -> dict[str, Any]:
    """Has the recommendation form in this file, and owes the diploma."""
    return {**body(owing_form(**changes)), "documents": [{"id": document_id, "kind": "recommendation_form"}]}


def unit_changed(unit_id: str, to: UnitStatus = UnitStatus.RECOGNISED) -> UnitStatusChanged:
    return UnitStatusChanged(unit_id=unit_id, name="示例科技有限公司", region=COUNTY, from_=UnitStatus.REQUESTED, to=to, request=1)


def posting_changed(
    posting_id: str, unit_id: str, to: PostingStatus = PostingStatus.PUBLISHED, headcount: int = 5, **changes: Any
) -> PostingStatusChanged:
    fields: dict[str, Any] = {
        "posting_id": posting_id,
        "unit_id": unit_id,
        "unit_name": "示例科技有限公司",
        "from_": PostingStatus.SUBMITTED,
        "to": to,
        "revision": 1,
        "title": "示例数据分析助理",
        "kind": PostingKind.TECHNICAL,
        "region": COUNTY,
        "headcount": headcount,
        "months": 6,
        "allowance_fen": 200000,
        "deadline": date(2027, 10, 31),
    }
    return PostingStatusChanged(**{**fields, **changes})


def decided(
    person_id: str,
    verdict: Verdict = Verdict.APPROVE,
    *,
    application_id: str | None = None,
    reason_code: str | None = None,
    version: int = 1,
    case_id: str | None = None,
    **changes: Any,
) -> CaseStatusChanged:
    """An officer's decision on its way: about the application, or about the unemployment registration where none is named."""
    fields: dict[str, Any] = {
        "case_id": case_id or new_id("cas"),
        "kind": CaseKind.ELIGIBILITY if application_id else CaseKind.UNEMPLOYMENT,
        "from_": CaseStatus.CLAIMED,
        "to": CaseStatus.DECIDING,
        "region": COUNTY,
        "subject": person_id,
        "subject_version": version,
        "application_id": application_id,
        "verdict": verdict,
        "reason_code": reason_code,
        "officer_region": COUNTY,
    }
    return CaseStatusChanged(**{**fields, **changes})
