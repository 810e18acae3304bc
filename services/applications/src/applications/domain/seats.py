"""The places of one posting (R8): who holds one, and the flags of closing (R9). Never more holders than headcount."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.contracts.applications import HeadcountRefused, SeatsChanged, SeatsDrained
from common.decision import Decision, Entry
from common.values import Value

from applications.domain.refusals import POSTING_CLOSED, SEATS_FULL


class Seats(Value):
    """`holders` are application ids. `closing_at` is set once and stops offers and submissions; `drained`: no PENDING one is left."""

    posting_id: str
    headcount: int
    holders: tuple[str, ...] = ()
    closing_at: datetime | None = None
    drained: bool = False

    @property
    def closing(self) -> bool:
        return self.closing_at is not None

    @property
    def full(self) -> bool:
        return len(self.holders) >= self.headcount


@dataclass(frozen=True)
class SeatMove:
    """One application takes a seat of a posting, or frees it."""

    posting_id: str
    application_id: str
    take: bool


def follow(seats: Seats | None, posting_id: str, headcount: int, ends: bool, at: datetime) -> Decision[Seats]:
    """What the posting's own state asks of its seats: they begin with its publication, follow its headcount and close when it ends."""
    if ends:
        return close(seats or Seats(posting_id=posting_id, headcount=headcount), at)
    if seats is None:
        return _changed(Seats(posting_id=posting_id, headcount=headcount), "opened")
    return resize(seats, headcount)


def move(seats: Seats, wanted: SeatMove) -> Decision[Seats]:
    """Carry out one move. Refuses with `posting_closed` or `seats_full`."""
    return take(seats, wanted.application_id) if wanted.take else free(seats, wanted.application_id)


def take(seats: Seats, application_id: str) -> Decision[Seats]:
    """Taking twice is taking once. Refuses with `posting_closed` or `seats_full`."""
    if application_id in seats.holders:
        return Decision(seats)
    if seats.closing:
        raise POSTING_CLOSED()
    if seats.full:
        raise SEATS_FULL(headcount=seats.headcount)
    return _changed(seats.but(holders=(*seats.holders, application_id)), "taken", application_id)


def free(seats: Seats, application_id: str) -> Decision[Seats]:
    """Frees exactly the seat of that application; nothing when it holds none."""
    if application_id not in seats.holders:
        return Decision(seats)
    return _changed(seats.but(holders=tuple(holder for holder in seats.holders if holder != application_id)), "freed", application_id)


def resize(seats: Seats, headcount: int) -> Decision[Seats]:
    """Follow the posting's headcount; fewer places than are taken are answered with HeadcountRefused."""
    if headcount == seats.headcount:
        return Decision(seats)
    taken = len(seats.holders)
    if headcount < taken:
        return Decision(seats, (HeadcountRefused(posting_id=seats.posting_id, headcount=seats.headcount, taken=taken),))
    return _changed(seats.but(headcount=headcount), "resized")


def close(seats: Seats, at: datetime) -> Decision[Seats]:
    """First phase of closing (R9): from now on nobody takes a seat or applies."""
    if seats.closing:
        return Decision(seats)
    return _changed(seats.but(closing_at=at), "closing")


def drain(seats: Seats, pass_began: datetime, command_limit: timedelta) -> Decision[Seats]:
    """Second phase: a sweep that began at `pass_began` found no PENDING application left.

    Too early a pass says nothing: a submission that read "open" just before closing may land within one command time limit.
    """
    if seats.closing_at is None or seats.drained or pass_began < seats.closing_at + command_limit:
        return Decision(seats)
    return Decision(seats.but(drained=True), (SeatsDrained(posting_id=seats.posting_id),), (Entry("drained"),))


def _changed(seats: Seats, what: str, application_id: str | None = None) -> Decision[Seats]:
    event = SeatsChanged(posting_id=seats.posting_id, headcount=seats.headcount, taken=len(seats.holders), closing=seats.closing)
    return Decision(seats, (event,), (Entry(what, subject=application_id),))
