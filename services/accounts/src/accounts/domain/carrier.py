"""What a carrier lets through to one phone: 1 message a minute, 5 an hour, 10 a day (R21, R31)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

DAY = timedelta(days=1)
LIMITS = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (DAY, 10))


class TooOften(Exception):
    """One more message has to wait for so long."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(wait)


def of_last_day(sent: Iterable[datetime], at: datetime) -> tuple[datetime, ...]:
    """The instants that still count, oldest first."""
    return tuple(sorted(instant for instant in sent if instant > at - DAY))


def wait(sent: tuple[datetime, ...], at: datetime) -> timedelta:
    """How long until one more message, after those sent (oldest first), keeps within all limits; zero when it does so now."""
    waits = (sent[-limit] + span - at for span, limit in LIMITS if len(sent) >= limit)
    return max([timedelta(), *waits])
