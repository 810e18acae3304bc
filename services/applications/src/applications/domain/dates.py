"""Date arithmetic of the rules: whole months, the eighteenth birthday, a due instant in words."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from common.calendar import local_date


def months_after(day: date, months: int) -> date:
    """The same day of the month that many months later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def adult_on(birth: date) -> date:
    """The eighteenth birthday (R19): for a birth on 29 February the 28th."""
    return months_after(birth, 18 * 12)


def in_words(due: datetime) -> str:
    """A due instant as people read it: 24:00 of the last day."""
    return f"{local_date(due - timedelta(microseconds=1))} 24:00"
