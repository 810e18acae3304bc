"""When a message goes out (R21): at least once, after an error with growing pauses, by day, and never too many to one phone."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from common.calendar import ONE_DAY, SHANGHAI, local_date, midnight
from common.ids import derived_id
from common.values import Value

from accounts.notices.domain.notice import Notice

TRIES = 12
LEASE = timedelta(minutes=1)
"""Whoever takes a delivery has it for this long; then another replica may."""
FRESH = timedelta(days=3)
"""What is older when it is heard (topics are kept for ever) is told in the platform alone."""
KEPT = timedelta(days=7)
"""A message that could not go out for so long says nothing new."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
_WAKES, _SLEEPS = time(8), time(21)


class Channel(StrEnum):
    SMS = "sms"
    MAIL = "mail"


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # given up after so many tries
    DROPPED = "dropped"  # nothing to say any more, or nobody to say it to


class Delivery(Value):
    """One notice on its way by one channel. Whom it goes to is looked up when it goes: the log holds no phone and no address."""

    id: str
    notice_id: str
    to: str
    channel: Channel
    status: DeliveryStatus = DeliveryStatus.QUEUED
    queued_at: datetime
    next_at: datetime
    until: datetime
    attempts: int = 0
    ended_at: datetime | None = None
    error: str | None = None

    @classmethod
    def of(cls, notice: Notice, channel: Channel, until: datetime | None, now: datetime) -> "Delivery":
        """Due at once, or when people wake. Its id follows from the notice, so that a provider can tell repeats."""
        return cls(
            id=derived_id("dlv", notice.id, channel),
            notice_id=notice.id,
            to=notice.to,
            channel=channel,
            queued_at=now,
            next_at=awake(channel, now),
            until=min(until, now + KEPT) if until else now + KEPT,
        )


def awake(channel: Channel, at: datetime) -> datetime:
    """The instant itself, or for a short message between 21:00 and 08:00 the next morning in Shanghai."""
    day, clock = local_date(at), at.astimezone(SHANGHAI).time()
    if channel is not Channel.SMS or _WAKES <= clock < _SLEEPS:
        return at
    begins = midnight(day if clock < _WAKES else day + ONE_DAY)
    return begins + timedelta(hours=_WAKES.hour)


def pause(attempts: int, share: float) -> timedelta:
    """After so many attempts in vain: 30 s, doubled each time up to two hours, of which `share` (0 to 1) chooses between half and all."""
    whole = min(_FIRST_PAUSE * (1 << min(attempts - 1, 20)), _LONGEST_PAUSE)
    return whole * (0.5 + share / 2)
