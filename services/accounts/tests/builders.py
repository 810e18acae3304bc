"""People, units, events and bodies for the tests; all are invented."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.domain.account import EVERYTHING, Account, UnitFacts
from accounts.domain.identity import Identity
from accounts.domain.person import Person
from accounts.domain.unit import FileKind, RecognitionRequest, Unit, UnitFile
from common.contracts.applications import ApplicationStatusChanged
from common.contracts.cases import CaseStatusChanged
from common.contracts.effects import EFFECTS
from common.contracts.words import CaseKind, CaseStatus, Category, Role, Status, UnitStatus, Verdict
from common.ids import new_id
from common.testing.people import make_uscc

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
COUNTY, CITY, PROVINCE, ELSEWHERE = "520102", "520100", "520000", "520302"
PASSWORD = "shili2026"
NAME = "示例欧阳小林"
FACTS = UnitFacts(name="示例科技有限公司", uscc=make_uscc(1), region=COUNTY, staff_insured=50)
LICENCE = UnitFile(id="doc_licence", kind=FileKind.LICENCE, name="licence.pdf")
OTHER = UnitFile(id="doc_other", kind=FileKind.OTHER, name="other.pdf")
PDF = b"%PDF-1.4\n%%EOF\n"


def account(role: Role = Role.INTERN, **changes: Any) -> Account:
    fields: dict[str, Any] = {"id": "per_1", "login": "Shili.1", "login_key": "shili.1", "password_hash": "-", "registered_at": NOON}
    if role is Role.UNIT:
        fields |= {"id": "usr_1", "unit_id": "unt_1", "permissions": EVERYTHING}
    return Account(role=role, **{**fields, **changes})


def identity(name: str = "a", number: str = "1") -> Identity:
    return Identity(
        name_sealed=new_id("sealed"),
        name_hash=name,
        name_masked="示***",
        number_sealed=new_id("sealed"),
        number_hash=number,
        number_masked="520***********0001",
        birth_date=date(2004, 5, 6),
    )


def person(**changes: Any) -> Person:
    return Person(**{"id": "per_1", **changes})


def asked(*document_ids: str) -> RecognitionRequest:
    return RecognitionRequest(contact_name_sealed="-", contact_phone_sealed="-", document_ids=document_ids or (LICENCE.id,), at=NOON)


def unit(status: UnitStatus = UnitStatus.REGISTERED, *, waiting: bool = False, **changes: Any) -> Unit:
    """In a status, with a licence on file; `waiting` for its first or its next decision."""
    fields: dict[str, Any] = {"id": "unt_1", "facts": FACTS, "files": (LICENCE, OTHER), "waiting": waiting}
    if waiting or status is not UnitStatus.REGISTERED:
        fields |= {"request": 1, "asked": asked()}
    if status in (UnitStatus.RECOGNISED, UnitStatus.SUSPENDED, UnitStatus.EXPIRED):
        fields["recognised_until"] = date(2029, 11, 24)
    return Unit(status=status, **{**fields, **changes})


def resume_body(skill: str = "示例软件") -> dict[str, Any]:
    study = {"school": "示例学院", "major": "示例专业", "level": "bachelor", "start": "2019-09-01", "end": "2023-06-30"}
    return {"education": [study], "skills": [skill]}


def recognition_body(*document_ids: str) -> dict[str, Any]:
    return {
        "contact_name": "示例联系人",
        "contact_phone": "19900009999",
        "document_ids": list(document_ids),
        "not_labour_dispatch": True,
    }


def case(subject: str, kind: CaseKind = CaseKind.ELIGIBILITY, /, **changes: Any) -> CaseStatusChanged:
    fields: dict[str, Any] = {
        "case_id": f"cas_{subject}_{kind}",
        "kind": kind,
        "from_": None,
        "to": CaseStatus.OPEN,
        "region": COUNTY,
        "subject": subject,
        "subject_version": 1,
    }
    return CaseStatusChanged(**{**fields, **changes})


def decision(unit_id: str, verdict: Verdict = Verdict.APPROVE, request: int = 1, **changes: Any) -> CaseStatusChanged:
    """A recognition case that an officer has decided."""
    fields: dict[str, Any] = {
        "case_id": f"cas_{unit_id}_{request}",
        "from_": CaseStatus.CLAIMED,
        "to": CaseStatus.DECIDING,
        "subject_version": request,
        "verdict": verdict,
        "reason_code": "licence_not_valid" if verdict is Verdict.DISAPPROVE else None,
    }
    return case(unit_id, CaseKind.RECOGNITION, **{**fields, **changes})


def application(person_id: str, unit_id: str, to: Status = Status.PENDING, **changes: Any) -> ApplicationStatusChanged:
    """As the first row of the table of effects has it."""
    row = next(row for row in EFFECTS if row.to is to)
    fields: dict[str, Any] = {
        "application_id": f"app_{person_id}_{unit_id}",
        "person_id": person_id,
        "posting_id": "pst_1",
        "unit_id": unit_id,
        "region": COUNTY,
        "from_": row.from_,
        "to": to,
        "actor_role": row.by,
        "reason_code": row.reason,
        "category": Category.GRADUATE,
        "age_band": "20-24",
        "education": "bachelor",
        "intent_version": 1,
        "resume_version": 1,
    }
    return ApplicationStatusChanged(**{**fields, **changes})
