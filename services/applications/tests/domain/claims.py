"""What interns ask officers beside the steps of their applications, in random histories (R17, R30)."""

from abc import abstractmethod
from datetime import timedelta

from applications.domain import decisions
from applications.domain.decisions import CaseDecision
from applications.domain.termination import Ending
from common.calendar import midnight
from common.contracts.words import CaseKind, EndKind, Verdict
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, rule

from . import builders as b
from .model import CLAIMS, Line
from .surroundings import PEOPLE, Surroundings

BACK = {"complain": "take_back_complaint", "ask_end": "take_back_end"}


class Claims(Surroundings):
    applications = Bundle("applications")

    @rule(person=st.sampled_from(PEOPLE), deed=st.sampled_from(sorted(CLAIMS)))
    def claim(self, person: str, deed: str) -> None:
        for id, line in self._of(person):
            by = self.world.by(b.INTERN.but(id=person))
            expected = self.model.may_claim(line, deed, self.world.now)
            assert expected == self.world.perform(person, lambda c: b.DEEDS[deed](c, id, by)), (id, deed)  # noqa: B023
            if expected:
                self.model.claim(line, deed)

    @rule(person=st.sampled_from(PEOPLE), deed=st.sampled_from(sorted(BACK)))
    def take_back(self, person: str, deed: str) -> None:
        for id, line in self._of(person):
            by = self.world.by(b.INTERN.but(id=person))
            expected = deed in line.claims and line.status in ("ONBOARDED", "TERMINATED")
            assert expected == self.world.perform(person, lambda c: b.DEEDS[BACK[deed]](c, id, by)), (id, deed)  # noqa: B023
            line.claims.pop(deed, None)

    @rule(person=st.sampled_from(PEOPLE), deed=st.sampled_from(sorted(CLAIMS)), verdict=st.sampled_from(Verdict), completed=st.booleans())
    def answer(self, person: str, deed: str, verdict: Verdict, completed: bool) -> None:
        """An officer decides what is open, and once only; nothing is found completed before its planned end."""
        corrects = deed == "object" and verdict is Verdict.APPROVE
        end_kind = (EndKind.COMPLETED if completed else EndKind.EARLY) if corrects else None
        for id, line in self._of(person):
            if deed in line.claims:
                expected = end_kind is not EndKind.COMPLETED or self.world.today >= line.planned
                assert expected == self._decide(id, line, deed, verdict, end_kind)
                assert not (expected and self._decide(id, line, deed, verdict, end_kind))
                if expected:
                    del line.claims[deed]
                    line.keeps_seat = line.keeps_seat and end_kind is not EndKind.EARLY

    @rule(id=applications, early=st.booleans(), days=st.integers(-1, 1), completed=st.booleans())
    def see_it_through(self, id: str, early: bool, days: int, completed: bool) -> None:
        """To work, where it gets there; ended before or around the planned end, around which an officer decides about the objection."""
        self.go_on(id, 4)
        line = self.model.lines[id]
        if line.status == "ONBOARDED":
            for deed in BACK if completed else ():
                self.claim(line.person, deed)
            if early:
                self.take_back(line.person, "ask_end")
                self._end(id, line)
            self.world.wait(midnight(line.planned + timedelta(days=days)) - self.world.now)
            self._end(id, line)
            self.answer(line.person, "object", Verdict.APPROVE, completed)
            self.answer(line.person, "complain", Verdict.DISAPPROVE if early else Verdict.APPROVE, completed)

    def _end(self, id: str, line: Line) -> None:
        self.step(id, "terminate")
        self.claim(line.person, "object")

    @abstractmethod
    def step(self, id: str, deed: str) -> None:
        """One of `STEPS`, where it may be taken."""

    @abstractmethod
    def go_on(self, id: str, steps: int) -> None:
        """So many steps on the way to the end."""

    def ending(self, id: str) -> Ending:
        """Of today, completed where the planned end has come."""
        completed = self.world.today >= self.model.lines[id].planned
        return b.early(end=self.world.today, **({"kind": EndKind.COMPLETED, "reason": None} if completed else {}))

    @rule(seconds=st.integers(-1, 1), deed=st.sampled_from(["object", "complain"]))
    def claim_when_the_term_ends(self, seconds: int, deed: str) -> None:
        """Around the last instant of whoever has ended last."""
        ended = [line for line in self.model.lines.values() if line.object_until and line.object_until > self.world.now]
        if ended:
            line = max(ended, key=lambda line: line.object_until or self.world.now)
            assert line.object_until is not None
            self.world.wait(line.object_until + timedelta(seconds=seconds) - self.world.now)
            self.claim(line.person, deed)

    def _of(self, person: str) -> list[tuple[str, Line]]:
        return [(id, line) for id, line in self.model.lines.items() if line.person == person]

    def _decide(self, id: str, line: Line, deed: str, verdict: Verdict, end_kind: EndKind | None) -> bool:
        kind, number = CaseKind(CLAIMS[deed]), line.claims[deed]
        reason = {EndKind.EARLY: "unit", EndKind.COMPLETED: None, None: "not_founded"}[end_kind]
        case = CaseDecision(
            case_id=f"cas_{kind}_{id}_{number}", kind=kind, number=number, application_id=id, verdict=verdict, reason_code=reason,
            end_kind=end_kind,
        )  # fmt: skip
        by = self.world.by(b.OFFICER)
        return self.world.perform(line.person, lambda c: decisions.apply(c, case, self.world.reference, by))
