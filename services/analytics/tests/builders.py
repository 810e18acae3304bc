"""Histories of sample applications and cases, written as people tell them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.domain.history import ApplicationHistory, CaseHistory, CaseStep, Step
from common.contracts.applications import ApplicationStatusChanged, SeatsChanged
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.postings import PostingStatusChanged
from common.contracts.words import CaseKind, CaseStatus, Category, EndKind, Role, Status
from common.ids import new_id

BEGIN = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LATER = BEGIN + timedelta(days=400)
HOUR = timedelta(hours=1)
S = Status


def step(seq: int, to: Status, hours: float, reason: str | None = None, **fields: Any) -> Step:
    return Step(seq=seq, at=BEGIN + hours * HOUR, to=to, reason_code=reason, **fields)


def application(*steps: Step, id: str = "app_1", region: str = "520102", **facts: Any) -> ApplicationHistory:
    about = {"posting_id": "pst_1", "unit_id": "unt_1", "category": Category.GRADUATE, "age_band": "22-24", "education": "bachelor"}
    return ApplicationHistory(id=id, region=region, steps=steps, **{**about, **facts})


def walked(*statuses: Status, hours: float = 24.0, **facts: Any) -> ApplicationHistory:
    """One status after another, so many hours apart."""
    end: dict[str, Any] = {"end_kind": EndKind.COMPLETED, "retained": False}
    steps = [
        step(number, status, (number - 1) * hours, **(end if status is S.TERMINATED else {}))
        for number, status in enumerate(statuses, 1)
    ]  # fmt: skip
    return application(*steps, **facts)


def case(*steps: tuple[CaseStatus, float], id: str = "cas_1", region: str = "520102", due: float | None = 120) -> CaseHistory:
    """Steps as (status, hours); `due`: hours from the beginning at which the term ends."""
    due_at = None if due is None else BEGIN + due * HOUR
    made: Iterable[CaseStep] = (
        CaseStep(seq=number, at=BEGIN + hours * HOUR, to=status, region=region, due_at=due_at)
        for number, (status, hours) in enumerate(steps, 1)
    )
    return CaseHistory(id=id, kind=CaseKind.ELIGIBILITY, steps=tuple(made))


def told(way: Sequence[Status], *, hours: float = 24.0, **about: Any) -> list[Event]:
    """The events of one new application that goes this way, so many hours a step; `about`: fields of its messages."""
    person_id, id = new_id("per"), new_id("app")
    facts = {
        "application_id": id, "person_id": person_id, "posting_id": "pst_1", "unit_id": "unt_1", "region": "520102",
        "actor_role": Role.SYSTEM, "category": Category.GRADUATE, "age_band": "22-24", "education": "bachelor",
        "intent_version": 1, "resume_version": 1,
    }  # fmt: skip
    end = {"end_kind": EndKind.COMPLETED, "retained": True}
    return [
        Event(person_id, number, "applications", BEGIN + (number - 1) * hours * HOUR, ApplicationStatusChanged.model_validate(
            {**facts, "from": before, "to": to, **(end if to is S.TERMINATED else {}), **about}
        ))
        for number, (before, to) in enumerate(zip([None, *way], way, strict=False), 1)
    ]  # fmt: skip


def case_told(*statuses: CaseStatus, hours: float = 24.0, region: str = "520102", **about: Any) -> list[Event]:
    """The events of one new case, so many hours a step, due five days after its beginning."""
    id = new_id("cas")
    facts = {"case_id": id, "kind": CaseKind.ELIGIBILITY, "region": region, "subject": "per_1", "subject_version": 1, **about}
    due_at = BEGIN + timedelta(days=5)
    return [
        Event(id, number, "audit", BEGIN + (number - 1) * hours * HOUR, CaseStatusChanged.model_validate(
            {**facts, "from": before, "to": to, "due_at": due_at}
        ))
        for number, (before, to) in enumerate(zip([None, *statuses], statuses, strict=False), 1)
    ]  # fmt: skip


def published(*, headcount: int = 5, taken: int = 0, region: str = "520102") -> list[Event]:
    """A posting that takes applications, and its seats."""
    id = new_id("pst")
    posting = PostingStatusChanged.model_validate({
        "posting_id": id, "unit_id": "unt_1", "unit_name": "示例单位", "from": "SUBMITTED", "to": "PUBLISHED", "revision": 1,
        "title": "示例岗位", "kind": "technical", "region": region, "headcount": headcount, "months": 6, "allowance_fen": 200_000,
        "deadline": BEGIN.date(),
    })  # fmt: skip
    seats = SeatsChanged(posting_id=id, headcount=headcount, taken=taken, closing=False)
    return [Event(id, 1, "postings", BEGIN, posting), Event(id, 1, "applications", BEGIN, seats)]
