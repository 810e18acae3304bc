"""Histories of sample applications and cases, written as people tell them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.domain.history import ApplicationHistory, CaseHistory, CaseStep, Step
from common.contracts.words import CaseKind, CaseStatus, Category, EndKind, Status

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
