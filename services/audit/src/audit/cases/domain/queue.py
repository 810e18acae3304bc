"""How urgent a case is: its light in the queue, by the working days that are left (R29, R32)."""

from datetime import datetime
from enum import StrEnum

from common.calendar import Calendar
from common.contracts.words import CaseKind, CaseStatus
from common.values import Value
from pydantic import Field

SOON_WORKING_DAYS = 1
"""Amber: it is due by the end of the next working day."""


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def soon(calendar: Calendar, now: datetime) -> datetime:
    """Until when what is due is amber."""
    return calendar.due_instant(now, SOON_WORKING_DAYS)


def light(due_at: datetime, now: datetime, soon: datetime) -> Light:
    if due_at <= now:
        return Light.RED
    return Light.AMBER if due_at <= soon else Light.GREEN


class Wanted(Value):
    """Which part of the queue an officer looks at. Without a `status`: everything unfinished."""

    kind: CaseKind | None = None
    status: CaseStatus | None = None
    light: Light | None = None
    mine: bool = Field(default=False, description="只看本人领取的")
    region: str | None = Field(default=None, pattern=r"^[0-9]{6}$", description="本地区的一部分；不填为本地区")


class WantedPage(Wanted):
    after: str | None = Field(default=None, max_length=80, description="上一页的next")
    limit: int = Field(default=50, ge=1, le=200)
