"""What was heard of an application or a case: its steps, in whatever order they came, and what they come to at an instant.

A history only grows, and a step heard twice is the same step: so repeats, late records and replays give the same statistics.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from common.contracts.words import CaseKind, CaseStatus, Category, EndKind, Status
from common.values import Value


class Step(Value):
    """One change of status of an application; `seq` orders the steps of one person."""

    seq: int
    at: datetime
    to: Status
    reason_code: str | None = None
    reinstated: bool = False
    end_kind: EndKind | None = None
    retained: bool | None = None


class Correction(Value):
    """How an internship ended, as an upheld objection has it (R17)."""

    seq: int
    at: datetime
    end_kind: EndKind
    reason_code: str | None
    retained: bool


class ApplicationHistory(Value):
    """An application as its events tell it; category, age band and education are as of the submission."""

    id: str
    posting_id: str
    unit_id: str
    region: str
    category: Category
    age_band: str
    education: str
    steps: tuple[Step, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Stay:
    """How long an application was in one status: `until` is null while it is still there."""

    status: Status
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Journey:
    """The way of an application up to an instant, with what was reinstated taken out (R25)."""

    history: ApplicationHistory
    submitted_at: datetime
    stays: tuple[Stay, ...]
    reason_code: str | None
    end_kind: EndKind | None
    retained: bool

    @property
    def status(self) -> Status:
        return self.stays[-1].status

    @property
    def reached(self) -> frozenset[Status]:
        return frozenset(stay.status for stay in self.stays)


def journey(history: ApplicationHistory, as_of: datetime) -> Journey | None:
    """None while nothing had happened by then.

    A reinstatement takes back what came after the status it returns to; that status counts anew from its instant.
    """
    steps = sorted((step for step in history.steps if step.at <= as_of), key=lambda step: step.seq)
    if not steps:
        return None
    way: list[Step] = []
    for step in steps:
        if step.reinstated:
            way = _before(way, step.to)
        way.append(step)
    last = way[-1]
    corrected = [one for one in history.corrections if one.at <= as_of]
    end = max(corrected, key=lambda one: one.seq) if corrected else last
    return Journey(
        history=history,
        submitted_at=steps[0].at,
        stays=tuple(
            Stay(step.to, step.at, after.at if after else None) for step, after in zip(way, [*way[1:], None], strict=True)
        ),
        reason_code=end.reason_code,
        end_kind=end.end_kind,
        retained=bool(end.retained),
    )  # fmt: skip


def _before(way: list[Step], status: Status) -> list[Step]:
    """Up to where that status was entered last; all of it when it never was: the step before is still to be heard."""
    for place in range(len(way) - 1, -1, -1):
        if way[place].to is status:
            return way[:place]
    return way


class CaseStep(Value):
    """One change of a case; `region` is where it then belongs: it may be transferred (R14)."""

    seq: int
    at: datetime
    to: CaseStatus
    region: str
    due_at: datetime | None = None


class CaseHistory(Value):
    id: str
    kind: CaseKind
    steps: tuple[CaseStep, ...] = ()


@dataclass(frozen=True)
class OpenCase:
    """A case that waits at an instant."""

    kind: CaseKind
    region: str
    opened_at: datetime
    due_at: datetime | None


_FINISHED = (CaseStatus.DECIDED, CaseStatus.VOID)


def open_case(history: CaseHistory, as_of: datetime) -> OpenCase | None:
    """None when it was not open then. A case that begins again counts from its new beginning."""
    steps = sorted((step for step in history.steps if step.at <= as_of), key=lambda step: step.seq)
    if not steps or steps[-1].to in _FINISHED:
        return None
    begun = steps
    for place, step in enumerate(steps):
        if step.to in _FINISHED:
            begun = steps[place + 1 :]
    return OpenCase(history.kind, begun[-1].region, begun[0].at, _due(begun))


def _due(steps: Iterable[CaseStep]) -> datetime | None:
    dues = [step.due_at for step in steps if step.due_at]
    return dues[-1] if dues else None


class Posting(Value):
    """The newest state of a posting, as `posting.status_changed` and `posting.changed` have it."""

    unit_id: str
    region: str
    kind: str
    headcount: int
    published: bool


class Seats(Value):
    headcount: int
    taken: int
