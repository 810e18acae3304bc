"""What all histories have in common: postings that change and close, policy, time, whoever listens; and what must hold after each step."""

from datetime import timedelta

from applications.domain import closing, decisions
from applications.domain import seats as places
from applications.domain.decisions import CaseDecision
from applications.domain.questions import LIMIT
from common.contracts.words import CaseKind, Diploma, Status, Verdict
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from . import builders as b
from .model import COMMITTED
from .world import FORMS, HEADCOUNT, Mail, World, modelled

PEOPLE, POSTINGS = sorted(FORMS), sorted(HEADCOUNT)


class Surroundings(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.model = modelled(self.world)
        self.most, self.sent, self.heard = 3, list[Mail](), dict[str, tuple[int, str]]()

    @precondition(lambda self: not self.model.closed)
    @rule(posting=st.sampled_from(POSTINGS))
    def close(self, posting: str) -> None:
        self.world.seats[posting] = places.close(self.world.seats[posting], self.world.now).state
        for person in PEOPLE:
            assert self.world.perform(person, lambda c: closing.sweep(c, posting, self.world.by(b.SYSTEM)))
        self.model.close(posting, self.world.today)

    @rule(posting=st.sampled_from(POSTINGS), paused=st.booleans())
    def pause(self, posting: str, paused: bool) -> None:
        self.model.paused = self.model.paused | {posting} if paused else self.model.paused - {posting}

    @rule(posting=st.sampled_from(POSTINGS), headcount=st.integers(1, 3))
    def resize(self, posting: str, headcount: int) -> None:
        self.world.seats[posting] = places.resize(self.world.seats[posting], headcount).state
        if headcount >= len(self.model.taken(posting)):
            self.model.headcount[posting] = headcount

    @rule(pending=st.integers(1, 4), days=st.integers(1, 7), once=st.booleans())
    def change_policy(self, pending: int, days: int, once: bool) -> None:
        self.most = max(self.most, pending)
        self.model.rules.policies[self.world.today] = (pending, days, once)
        self.world.set_policy(self.model.rules.policies)

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        self.world.wait(timedelta(hours=hours))

    @rule(days=st.sampled_from([2, 5, 9, 31]))
    def wait_long(self, days: int) -> None:
        self.world.wait(timedelta(days=days))

    @rule(person=st.sampled_from(PEOPLE), granted=st.booleans())
    def lift(self, person: str, granted: bool) -> None:
        """The block of each that has ended is asked about, at most two are lifted: more months than that are hardly left."""
        for id in [id for id, line in self.model.lines.items() if line.person == person]:
            self.ask_lift(id, granted)

    def ask_lift(self, id: str, granted: bool) -> None:
        line = self.model.lines[id]
        by = self.world.by(b.INTERN.but(id=line.person))
        expected = line.status == "TERMINATED" and not line.lifted and line.lifts_asked < LIMIT
        assert expected == self.world.perform(line.person, lambda c: b.DEEDS["ask_lift"](c, id, by)), id
        if expected:
            line.lifts_asked += 1
            line.lifted = granted and sum(one.lifted for one in self.model.of(line.person)) < 2
            self.decide_lift(id, Verdict.APPROVE if line.lifted else Verdict.DISAPPROVE)

    def decide_lift(self, id: str, verdict: Verdict) -> None:
        line, by = self.model.lines[id], self.world.by(b.OFFICER)
        case = CaseDecision(
            case_id=f"cas_lift_{id}_{line.lifts_asked}", kind=CaseKind.LIFT, number=line.lifts_asked, application_id=id,
            verdict=verdict, reason_code=None,
        )  # fmt: skip
        assert self.world.perform(line.person, lambda c: decisions.apply(c, case, self.world.reference, by))

    @rule(number=st.integers(0, 10_000))
    def hear(self, number: int) -> None:
        """Another service hears any event once more, whatever it has heard before."""
        if self.world.said:
            seq = number % len(self.world.said)
            event = self.world.said[seq]
            self.heard[event.application_id] = max(self.heard.get(event.application_id, (-1, "")), (seq, event.to))

    @invariant()
    def domain_and_model_agree(self) -> None:
        real = {one.id: (one.status, one.due_at) for person in self.world.people.values() for one in person.applications}
        assert real == {id: (line.status, line.due) for id, line in self.model.lines.items()}
        assert self.world.chains == {id: line.status for id, line in self.model.lines.items()}
        checks = {id: person.intent.check for id, person in self.world.people.items() if person.intent}
        assert checks == {id: person.check for id, person in self.model.people.items()}

    @invariant()
    def the_limits_hold(self) -> None:
        for person in self.world.people.values():
            statuses = [one.status for one in person.applications]
            assert statuses.count(Status.PENDING) <= self.most
            assert sum(status in COMMITTED for status in statuses) <= 1
            if any(status in COMMITTED for status in statuses):
                assert not {"PENDING", "OFFERED"} & set(statuses)

    @invariant()
    def seats_are_held_by_those_who_hold_them(self) -> None:
        applications = [one for person in self.world.people.values() for one in person.applications]
        for posting, seats in self.world.seats.items():
            assert len(set(seats.holders)) == len(seats.holders) <= seats.headcount == self.model.headcount[posting]
            assert set(seats.holders) == {one.id for one in applications if one.posting_id == posting and one.holds_seat}
            assert set(seats.holders) == self.model.taken(posting)

    @invariant()
    def nobody_starts_without_the_diploma(self) -> None:
        for person in self.world.people.values():
            for one in person.in_status(Status.ONBOARDED, Status.TERMINATED):
                assert one.diploma.state in (Diploma.HELD, Diploma.ACCEPTED)

    def teardown(self) -> None:
        """However they came, all events heard lead to where things stand."""
        for number in reversed(range(len(self.world.said))):
            self.hear(number)
        assert {id: status for id, (_, status) in self.heard.items()} == {id: line.status for id, line in self.model.lines.items()}
