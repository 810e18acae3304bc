"""The route that shows the reports of a service's daily checks to those who look after the platform (R27)."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from common.checks.daily import DailyCheck
from common.contracts.words import Role
from common.decision import Actor
from common.web.command import actor


class FoundRow(BaseModel):
    """A row that does not hold: ids, numbers and codes; `says` is what should hold."""

    invariant: str
    rule: str
    says: str
    row: str
    parts: list[str]
    facts: dict[str, str]


class CheckReport(BaseModel):
    """One day's check. `count` is of all that was found, `findings` at most 200 of each kind."""

    day: date
    begun_at: datetime
    ended_at: datetime
    count: int
    findings: list[FoundRow]


class CheckReports(BaseModel):
    items: list[CheckReport]
    next: str | None


def router(daily: DailyCheck) -> APIRouter:
    """``GET /api/v1/checks/<service>``, the newest day first."""
    router = APIRouter(prefix="/api/v1/checks", tags=["系统管理员"])

    @router.get(f"/{daily.service}", summary="每日数据检查报告")
    async def reports(
        _: Annotated[Actor, actor(Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)],
        after: Annotated[str | None, Query(max_length=10)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 30,
    ) -> CheckReports:
        found, following = await daily.page(after, limit)
        return CheckReports(items=[CheckReport(day=row["_id"], **row) for row in found], next=following)

    return router
