"""A small model of candidacies that shares no code with the domain: statuses by name, weekdays by the calendar on the wall."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MAX_PENDING = 3
BLOCKING = {"OFFERED", "WILLING", "APPROVED", "ONBOARDED", "TERMINATED"}
ALIVE = {"PENDING", "OFFERED", "WILLING", "APPROVED", "ONBOARDED"}
HOLDING = {"OFFERED", "WILLING", "APPROVED", "ONBOARDED"}
COMMITTED = {"WILLING", "APPROVED", "ONBOARDED"}
NEVER_AGAIN = {"REJECTED", "DISAPPROVED"}
STEPS = {
    "offer": ("PENDING", "OFFERED"),
    "reject": ("PENDING", "REJECTED"),
    "withdraw": ("PENDING", "WITHDRAWN"),
    "accept": ("OFFERED", "WILLING"),
    "decline": ("OFFERED", "UNWILLING"),
    "expire": ("OFFERED", "UNWILLING"),
    "approve": ("WILLING", "APPROVED"),
    "disapprove": ("WILLING", "DISAPPROVED"),
    "onboard": ("APPROVED", "ONBOARDED"),
    "absent": ("APPROVED", "ABSENT"),
    "terminate": ("ONBOARDED", "TERMINATED"),
}
BACK = {"UNWILLING": "OFFERED", "REJECTED": "PENDING", "OFFERED": "PENDING", "DISAPPROVED": "WILLING", "ABSENT": "APPROVED"}


@dataclass
class Line:
    person: str
    posting: str
    status: str
    due: datetime | None = None
    timed_out: bool = False


@dataclass
class Model:
    headcount: dict[str, int]
    lines: dict[str, Line] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def of(self, person: str) -> list[Line]:
        return [line for line in self.lines.values() if line.person == person]

    def taken(self, posting: str) -> set[str]:
        return {id for id, line in self.lines.items() if line.posting == posting and line.status in HOLDING}

    def may_submit(self, person: str, posting: str) -> bool:
        mine = self.of(person)
        there = [line.status for line in mine if line.posting == posting]
        return (
            posting not in self.closed
            and not any(line.status in BLOCKING for line in mine)
            and sum(line.status == "PENDING" for line in mine) < MAX_PENDING
            and not ALIVE & set(there)
            and not (there and there[-1] in NEVER_AGAIN)
        )

    def may_step(self, id: str, deed: str, at: datetime) -> bool:
        line = self.lines[id]
        if line.status != STEPS[deed][0]:
            return False
        if deed == "offer":
            return line.posting not in self.closed and len(self.taken(line.posting)) < self.headcount[line.posting]
        if line.due is not None and deed in ("accept", "decline", "expire"):
            return (at >= line.due) == (deed == "expire")
        return True

    def step(self, id: str, deed: str, at: datetime) -> None:
        line = self.lines[id]
        line.status = STEPS[deed][1]
        line.due = due_after(at) if deed == "offer" else None
        line.timed_out = deed == "expire"
        if deed == "accept":
            for other in self.of(line.person):
                if other is not line:
                    other.status = {"PENDING": "WITHDRAWN", "OFFERED": "UNWILLING"}.get(other.status, other.status)

    def may_reinstate(self, id: str) -> bool:
        line = self.lines[id]
        if line.status not in BACK or (line.status == "UNWILLING" and not line.timed_out):
            return False
        to, others = BACK[line.status], [other for other in self.of(line.person) if other is not line]
        in_the_way = COMMITTED | {"TERMINATED"} | (ALIVE if to in COMMITTED else set())
        if any(other.status in in_the_way or (other.posting == line.posting and other.status in ALIVE) for other in others):
            return False
        if to == "PENDING":
            free = sum(other.status == "PENDING" for other in others) < MAX_PENDING
        else:
            free = len(self.taken(line.posting)) < self.headcount[line.posting]
        return free and line.posting not in self.closed

    def reinstate(self, id: str, at: datetime) -> None:
        line = self.lines[id]
        line.status, line.timed_out = BACK[line.status], False
        line.due = due_after(at) if line.status == "OFFERED" else None

    def close(self, posting: str) -> None:
        self.closed.add(posting)
        for line in self.lines.values():
            if line.posting == posting and line.status == "PENDING":
                line.status = "WITHDRAWN"


def due_after(at: datetime) -> datetime:
    """24:00 in Shanghai of the fifth weekday after the day of `at`; between mid-October and December nothing else counts."""
    shanghai = at + timedelta(hours=8)
    day = shanghai.replace(hour=0, minute=0, second=0, microsecond=0)
    left = 5
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day + timedelta(days=1) - timedelta(hours=8)
