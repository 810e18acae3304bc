"""Random histories of three interns on four postings, every command predicted by the model (G5, G7, G11, R2, R8, R25)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from applications.domain import closing, submit
from applications.domain import seats as places
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.onboarding import onboard
from applications.domain.seats import Seats
from applications.domain.termination import terminate
from common.calendar import local_date
from common.decision import Command
from common.errors import Refusal
from common.policy import PolicyEntry
from common.reference import ReferenceItem
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from . import builders as b
from .model import COMMITTED, MAX_PENDING, STEPS, Line, Model

START = datetime(2026, 10, 12, 1, tzinfo=UTC)
HEADCOUNT = {"pos_1": 1, "pos_2": 1, "pos_3": 2, "pos_4": 2}
PEOPLE = ("per_1", "per_2", "per_3")

ENTRY = PolicyEntry(region=b.COUNTY, effective=date(2026, 1, 1), version=1, changes={"max_pending": MAX_PENDING})
REFERENCE = b.REFERENCE.with_items(
    [ReferenceItem(kind="policy", key=ENTRY.key, version=1, value=ENTRY.model_dump(mode="json", exclude={"version"}))]
)
OWN_DATES: dict[str, b.Deed] = {
    "onboard": lambda c, id, command: onboard(c, id, local_date(command.at), date(2027, 6, 1), REFERENCE, command),
    "terminate": lambda c, id, command: terminate(c, id, b.early(end=local_date(command.at)), REFERENCE, command),
}
DEEDS = {deed: {**b.DEEDS, **OWN_DATES}[deed] for deed in STEPS}


class Histories(RuleBasedStateMachine):
    applications = Bundle("applications")

    def __init__(self) -> None:
        super().__init__()
        self.now, self.commands = START, 0
        self.people = {person: b.registered(at=START).but(person_id=person) for person in PEOPLE}
        self.seats = {posting: Seats(posting_id=posting, headcount=count) for posting, count in HEADCOUNT.items()}
        self.model = Model(HEADCOUNT)

    def perform(self, person: str, decide: Callable[[Candidacy], SeatedDecision]) -> bool:
        """As the handler does it: candidacy and seats together or not at all."""
        try:
            decision = decide(self.people[person])
            moved = {move.posting_id: places.move(self.seats[move.posting_id], move).state for move in decision.moves}
        except Refusal:
            return False
        self.people[person] = decision.state
        self.seats |= moved
        return True

    @rule(target=applications, person=st.sampled_from(PEOPLE), number=st.integers(1, 4))
    def submit(self, person: str, number: int) -> str:
        id, posting = f"app_{len(self.model.lines)}", f"pos_{number}"
        facts = b.posting(number, closing=self.seats[posting].closing)
        command = b.by(b.INTERN.but(id=person), self.now)
        expected = self.model.may_submit(person, posting)
        assert expected == self.perform(person, lambda c: submit.submit(c, id, b.PERSON, facts, b.RECOGNISED, REFERENCE, command))
        if expected:
            self.model.lines[id] = Line(person, posting, "PENDING")
        return id

    @rule(id=applications, deed=st.sampled_from(sorted(STEPS)))
    def step(self, id: str, deed: str) -> None:
        self.attempt(id, deed)

    @rule(id=applications)
    def go_on(self, id: str) -> None:
        """The next step on the way to the end, so that histories get far."""
        line = self.model.lines.get(id)
        ahead = {"PENDING": "offer", "OFFERED": "accept", "WILLING": "approve", "APPROVED": "onboard", "ONBOARDED": "terminate"}
        if line and line.status in ahead:
            self.attempt(id, ahead[line.status])

    def attempt(self, id: str, deed: str) -> None:
        if id not in self.model.lines:
            return
        person = self.model.lines[id].person
        actor = b.DOER.get(deed, b.UNIT)
        self.commands += 1
        command = b.by(actor.but(id=person) if actor is b.INTERN else actor, self.now, key=str(self.commands))
        expected = self.model.may_step(id, deed, self.now)
        assert expected == self.perform(person, lambda c: DEEDS[deed](c, id, command)), (id, deed)
        if expected:
            self.model.step(id, deed, self.now)

    @rule(id=applications)
    def reinstate(self, id: str) -> None:
        if id not in self.model.lines:
            return
        line = self.model.lines[id]
        expected, closing = self.model.may_reinstate(id), line.posting in self.model.closed
        command = b.by(b.OFFICER, self.now)
        reinstated = self.perform(line.person, lambda c: b.reinstated(c, id, command, closing=closing, reference=REFERENCE))
        assert expected == reinstated, id
        if expected:
            self.model.reinstate(id, self.now)

    @rule(number=st.integers(1, 4))
    def close(self, number: int) -> None:
        posting = f"pos_{number}"
        self.seats[posting] = places.close(self.seats[posting], self.now).state
        command: Command = b.by(b.SYSTEM, self.now)
        for person in PEOPLE:
            assert self.perform(person, lambda c: closing.sweep(c, posting, command))
        self.model.close(posting)

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(seconds=st.integers(-1, 1))
    def wait_for_a_due_instant(self, seconds: int) -> None:
        due = [line.due for line in self.model.lines.values() if line.due]
        self.now = max(self.now, min(due, default=self.now) + timedelta(seconds=seconds))

    @invariant()
    def domain_and_model_agree(self) -> None:
        real = {application.id: application.status for person in self.people.values() for application in person.applications}
        assert real == {id: line.status for id, line in self.model.lines.items()}
        assert {posting: set(seats.holders) for posting, seats in self.seats.items()} == {
            posting: self.model.taken(posting) for posting in HEADCOUNT
        }

    @invariant()
    def the_limits_hold(self) -> None:
        for person in PEOPLE:
            statuses = [line.status for line in self.model.of(person)]
            assert statuses.count("PENDING") <= MAX_PENDING
            assert sum(status in COMMITTED for status in statuses) <= 1
        assert all(len(seats.holders) <= seats.headcount for seats in self.seats.values())


TestHistories = pytest.mark.rule("G5", "G7", "G11", "R2", "R4", "R8", "R9", "R25")(Histories.TestCase)
TestHistories.settings = settings(max_examples=150, stateful_step_count=40, deadline=None, derandomize=True)
