"""How urgent a case is: its light in the queue, by the working days that are left (R29, R32)."""

from datetime import datetime
from enum import StrEnum

from common.calendar import Calendar

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
