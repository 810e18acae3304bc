"""Facts of other services as the tests say them; people and firms are invented."""

from datetime import date
from typing import Any

from common.contracts.applications import (
    ApplicationStatusChanged,
    CaseAsked,
    CaseSettled,
    IntentChecked,
    IntentRecheckAsked,
    IntentRegistered,
    ReleaseAsked,
    RuleResult,
)
from common.contracts.people import UnitRecognitionRequested, UnitStatusChanged
from common.contracts.postings import PostingStatusChanged
from common.contracts.words import CaseKind, Category, Check, PostingKind, PostingStatus, Role, Status, UnitStatus


def requested(unit: str, request: int = 1, region: str = "520102") -> UnitRecognitionRequested:
    return UnitRecognitionRequested(
        unit_id=unit, request=request, name="示例科技有限公司", uscc="91520100YX000001XX", region=region, documents=("doc_1",)
    )


def unit_changed(unit: str, to: UnitStatus, request: int = 1, case_id: str | None = None, region: str = "520102") -> UnitStatusChanged:
    return UnitStatusChanged(
        unit_id=unit, name="示例科技有限公司", region=region, from_=UnitStatus.REQUESTED, to=to, request=request, case_id=case_id
    )


def posting_changed(
    posting: str, unit: str, to: PostingStatus, revision: int = 1, case_id: str | None = None, region: str = "520103"
) -> PostingStatusChanged:
    return PostingStatusChanged(
        posting_id=posting,
        unit_id=unit,
        unit_name="示例科技有限公司",
        from_=PostingStatus.DRAFT,
        to=to,
        revision=revision,
        title="示例岗位",
        kind=PostingKind.TECHNICAL,
        region=region,
        headcount=5,
        months=6,
        allowance_fen=189000,
        deadline=date(2026, 12, 31),
        case_id=case_id,
    )


def intent(person: str, version: int = 1, check: Check = Check.CHECKING, registered_at: str = "520102") -> IntentRegistered:
    return IntentRegistered(
        person_id=person,
        intent_version=version,
        category=Category.YOUTH,
        education="bachelor",
        age_band="20-24",
        household_region="520102",
        residence_region="520103",
        check=check,
        registration_region=registered_at,
    )


def recheck_asked(person: str, version: int = 1, registered_at: str = "520102") -> IntentRecheckAsked:
    return IntentRecheckAsked(**intent(person, version, registered_at=registered_at).model_dump())


def checked(person: str, version: int = 1, check: Check = Check.PASSED, case_id: str | None = None) -> IntentChecked:
    return IntentChecked(person_id=person, intent_version=version, check=check, case_id=case_id)


def application_changed(person: str, application: str, to: Status = Status.WILLING, **changes: Any) -> ApplicationStatusChanged:
    fields: dict[str, Any] = {
        "application_id": application,
        "person_id": person,
        "posting_id": "pst_1",
        "unit_id": "unt_1",
        "region": "520102",
        "from_": Status.OFFERED if to is Status.WILLING else Status.WILLING,
        "to": to,
        "actor_role": Role.INTERN,
        "category": Category.GRADUATE,
        "age_band": "20-24",
        "education": "bachelor",
        "intent_version": 1,
        "resume_version": 1,
        "eligibility": (RuleResult(rule="diploma", result="pass", why="diploma_recent"),) if to is Status.WILLING else (),
    }
    return ApplicationStatusChanged(**{**fields, **changes})


def release_asked(person: str, application: str) -> ReleaseAsked:
    return ReleaseAsked(application_id=application, person_id=person, unit_id="unt_1", region="520102", status=Status.WILLING)


def asked(person: str, application: str, kind: CaseKind, number: int = 1, **changes: Any) -> CaseAsked:
    fields: dict[str, Any] = {
        "application_id": application,
        "person_id": person,
        "posting_id": "pst_1",
        "unit_id": "unt_1",
        "region": "520102",
        "status": Status.TERMINATED,
        "kind": kind,
        "number": number,
        "cause": "illness",
        "asked_by": Role.INTERN,
    }
    return CaseAsked(**{**fields, **changes})


def settled(person: str, application: str, kind: CaseKind, number: int = 1, case_id: str | None = None) -> CaseSettled:
    return CaseSettled(application_id=application, person_id=person, unit_id="unt_1", kind=kind, number=number, case_id=case_id)
