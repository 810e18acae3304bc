"""A small model of candidacies that shares no code with the domain: statuses by name, days counted on the wall."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

BLOCKING = {"OFFERED", "WILLING", "APPROVED", "ONBOARDED"}
ALIVE = {"PENDING", *BLOCKING}
COMMITTED = {"WILLING", "APPROVED", "ONBOARDED"}
STEPS = {
    "offer": ("PENDING", "OFFERED"),
    "reject": ("PENDING", "REJECTED"),
    "withdraw": ("PENDING", "WITHDRAWN"),
    "accept": ("OFFERED", "WILLING"),
    "decline": ("OFFERED", "UNWILLING"),
    "expire": ("OFFERED", "UNWILLING"),
    "onboard": ("APPROVED", "ONBOARDED"),
    "absent": ("APPROVED", "ABSENT"),
    "terminate": ("ONBOARDED", "TERMINATED"),
}
BACK = {"UNWILLING": "OFFERED", "REJECTED": "PENDING", "OFFERED": "PENDING", "DISAPPROVED": "WILLING", "ABSENT": "APPROVED"}
ARROWS = {
    (None, "PENDING"),
    ("WILLING", "APPROVED"),
    ("WILLING", "DISAPPROVED"),
    ("PENDING", "WITHDRAWN"),
    *STEPS.values(),
    *BACK.items(),
}
RECHECK = timedelta(days=30)
OBJECTION_DAYS, LIMIT, PLANNED = 10, 20, timedelta(days=31)
CLAIMS = {"object": "objection", "complain": "complaint", "ask_end": "complaint"}
"""What an intern may ask beside the steps, and the kind of the case it opens."""


@dataclass
class Person:
    """`last_day`: until then age or months let the person apply. `check` is that of the newest intent, decided by `check_case`."""

    last_day: date
    check: str
    registered_at: datetime
    employed: bool = False
    version: int = 1
    checked_on: date = date.min
    check_case: str = ""
    heard: dict[str, int] = field(default_factory=dict)

    def hears(self, case: str, seq: int) -> bool:
        """Whether a decision is news."""
        news = seq > self.heard.get(case, 0)
        self.heard[case] = max(seq, self.heard.get(case, 0))
        return news


@dataclass
class Line:
    person: str
    posting: str
    owes: bool = False
    status: str = "PENDING"
    offered: date = date.min
    due: datetime | None = None
    calendar: int = 0
    timed_out: bool = False
    decided_at: datetime | None = None
    case: str = ""
    reinvited: bool = False
    asked_release: bool = False
    lifts_asked: int = 0
    lifted: bool = False
    planned: date = date.max
    keeps_seat: bool = False
    object_until: datetime | None = None
    claimed: list[str] = field(default_factory=list)
    """The kinds of all that was asked, oldest first."""
    claims: dict[str, int] = field(default_factory=dict)
    """What is open, with its number among those of its kind."""


@dataclass
class Rules:
    """What a province sets: numbers by the day from which they count, days off and days on."""

    policies: dict[date, tuple[int, int, bool]]
    off: set[date]
    calendar: int

    def at(self, day: date) -> tuple[int, int, bool]:
        """The most that may be pending, the days of an answer, once only."""
        return self.policies[max(since for since in self.policies if since <= day)]

    def due(self, offered: date) -> datetime:
        """24:00 in Shanghai of the last day on which an offer of that day may be answered."""
        return self.after(offered, self.at(offered)[1])

    def after(self, day: date, left: int) -> datetime:
        """24:00 in Shanghai of so many working days later."""
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in self.off
        return datetime.fromisoformat(f"{day + timedelta(days=1)}T00:00+08:00")


@dataclass
class Model:
    headcount: dict[str, int]
    people: dict[str, Person]
    rules: Rules
    lines: dict[str, Line] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)

    def of(self, person: str, *statuses: str) -> list[Line]:
        return [line for line in self.lines.values() if line.person == person and (not statuses or line.status in statuses)]

    def taken(self, posting: str) -> set[str]:
        """Also by who was there to the end."""
        return {id for id, line in self.lines.items() if line.posting == posting and (line.status in BLOCKING or line.keeps_seat)}

    def free(self, posting: str) -> bool:
        return posting not in self.closed and len(self.taken(posting)) < self.headcount[posting]

    def served(self, person: str, day: date) -> bool:
        """Took part, where that counts."""
        return self.rules.at(day)[2] and not all(line.lifted for line in self.of(person, "TERMINATED"))

    def may_submit(self, name: str, posting: str, day: date) -> bool:
        person, there = self.people[name], [line for line in self.of(name) if line.posting == posting]
        if posting in self.closed | self.paused or person.check == "FAILED" or person.employed or day > person.last_day:
            return False
        if self.served(name, day) or self.of(name, *BLOCKING) or len(self.of(name, "PENDING")) >= self.rules.at(day)[0]:
            return False
        return not there or self._may_again(person, there)

    def _may_again(self, person: Person, there: list[Line]) -> bool:
        last = there[-1]
        if last.status == "REJECTED":
            return last.reinvited and not any(line.status in ALIVE for line in there)
        renewed = last.decided_at is None or person.registered_at > last.decided_at
        return (last.status != "DISAPPROVED" or renewed) and not any(line.status in ALIVE for line in there)

    def may_step(self, id: str, deed: str, at: datetime, day: date) -> bool:
        line = self.lines[id]
        if line.status != STEPS[deed][0]:
            return False
        if deed == "offer":
            return self.free(line.posting)
        if deed == "onboard":
            return not line.owes and self.people[line.person].check != "FAILED" and self.fit(line.person, day)
        if line.due is not None and deed in ("accept", "decline", "expire"):
            return (at >= self.due(line)) == (deed == "expire")
        return True

    def may_approve(self, name: str, day: date) -> bool:
        return self.people[name].check in ("PASSED", "NOT_NEEDED") and self.fit(name, day)

    def fit(self, name: str, day: date) -> bool:
        return not self.people[name].employed and not self.served(name, day)

    def step(self, id: str, deed: str, day: date) -> None:
        line = self.lines[id]
        self.move(line, STEPS[deed][1], day)
        line.timed_out = deed == "expire"
        if deed == "accept":
            for other in self.of(line.person, "PENDING", "OFFERED"):
                self.move(other, {"PENDING": "WITHDRAWN", "OFFERED": "UNWILLING"}[other.status], day)
            self.check_again(line.person, day)

    def move(self, line: Line, to: str, day: date) -> None:
        line.status, line.due, line.timed_out = to, None, False
        line.asked_release = line.asked_release and to == "APPROVED"
        if to == "OFFERED":
            line.offered, line.due, line.calendar = day, self.rules.due(day), self.rules.calendar
        if to == "WILLING":
            line.case, line.decided_at = "", None
        if to == "ONBOARDED":
            line.planned = day + PLANNED
        if to == "TERMINATED":
            line.keeps_seat = day >= line.planned
            line.object_until = self.rules.after(day, OBJECTION_DAYS)
            line.claims.pop("ask_end", None)

    def may_claim(self, line: Line, deed: str, at: datetime) -> bool:
        in_time = line.object_until is not None and at < line.object_until
        if deed == "object":
            return line.status == "TERMINATED" and in_time and "objection" not in line.claimed
        fits = line.status == "ONBOARDED" or (deed == "complain" and line.status == "TERMINATED" and in_time)
        return fits and deed not in line.claims and line.claimed.count(CLAIMS[deed]) < LIMIT

    def claim(self, line: Line, deed: str) -> None:
        line.claimed.append(CLAIMS[deed])
        line.claims[deed] = line.claimed.count(CLAIMS[deed])

    def check_again(self, name: str, day: date) -> bool:
        person = self.people[name]
        old = person.check == "PASSED" and day > person.checked_on + RECHECK
        if old:
            person.check, person.check_case = "CHECKING", ""
        return old

    def review(self, id: str, verdict: str, case: str, seq: int, at: datetime, day: date) -> None:
        """An officer's decision arrives: once, twice, late, or when there is nothing to decide any more."""
        line = self.lines[id]
        person = self.people[line.person]
        if not person.hears(case, seq) or line.case == case or line.status != "WILLING":
            return
        if verdict == "approve" and (self.check_again(line.person, day) or not self.may_approve(line.person, day)):
            return
        self.move(line, {"approve": "APPROVED", "disapprove": "DISAPPROVED"}[verdict], day)
        line.case, line.decided_at = case, at

    def checked(self, name: str, version: int, verdict: str, case: str, seq: int, day: date) -> None:
        person = self.people[name]
        if person.hears(case, seq) and version == person.version and person.check != "NOT_NEEDED" and person.check_case != case:
            person.check = {"approve": "PASSED", "disapprove": "FAILED"}[verdict]
            person.checked_on, person.check_case = day, case

    def may_reinstate(self, id: str, day: date) -> bool:
        line = self.lines[id]
        if line.status not in BACK or (line.status == "UNWILLING" and not line.timed_out) or self.served(line.person, day):
            return False
        to, others = BACK[line.status], [other for other in self.of(line.person) if other is not line]
        in_the_way = ALIVE if to in COMMITTED else COMMITTED
        if any(other.status in in_the_way or (other.posting == line.posting and other.status in ALIVE) for other in others):
            return False
        if to == "PENDING":
            return line.posting not in self.closed and len(self.of(line.person, "PENDING")) < self.rules.at(day)[0]
        return self.free(line.posting)

    def reinstate(self, id: str, day: date) -> None:
        line = self.lines[id]
        self.move(line, BACK[line.status], day)
        if line.status == "WILLING":
            self.check_again(line.person, day)
        line.reinvited = line.reinvited and line.status != "PENDING"

    def due(self, line: Line) -> datetime:
        assert line.due is not None
        return max(line.due, self.rules.due(line.offered)) if line.calendar < self.rules.calendar else line.due

    def extend(self, id: str) -> None:
        line = self.lines[id]
        if line.due is not None:
            line.due, line.calendar = self.due(line), self.rules.calendar

    def close(self, posting: str, day: date) -> None:
        self.closed.add(posting)
        for line in self.lines.values():
            if line.posting == posting and line.status == "PENDING":
                self.move(line, "WITHDRAWN", day)
