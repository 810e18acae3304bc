"""What interns ask officers beside the steps of their applications, in random histories (R17, R30)."""

from datetime import timedelta

from applications.domain import decisions
from applications.domain.decisions import CaseDecision
from common.contracts.words import CaseKind, Verdict
from hypothesis import strategies as st
from hypothesis.stateful import rule

from . import builders as b
from .model import CLAIMS, Line
from .surroundings import PEOPLE, Surroundings

BACK = {"complain": "take_back_complaint", "ask_end": "take_back_end"}


class Claims(Surroundings):
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

    @rule(person=st.sampled_from(PEOPLE), deed=st.sampled_from(sorted(CLAIMS)), verdict=st.sampled_from(Verdict), twice=st.booleans())
    def answer(self, person: str, deed: str, verdict: Verdict, twice: bool) -> None:
        """An officer decides what is open, and once only."""
        for id, line in self._of(person):
            number = line.claims.pop(deed, None)
            if number is not None:
                assert self._decide(id, line, CLAIMS[deed], number, verdict)
                assert not (twice and self._decide(id, line, CLAIMS[deed], number, verdict))

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

    def _decide(self, id: str, line: Line, kind: str, number: int, verdict: Verdict) -> bool:
        reason = {Verdict.APPROVE: "unit", Verdict.DISAPPROVE: "not_founded"}[verdict] if kind == "objection" else None
        case = CaseDecision(
            case_id=f"cas_{kind}_{id}_{number}", kind=CaseKind(kind), number=number, application_id=id, verdict=verdict, reason_code=reason
        )  # fmt: skip
        by = self.world.by(b.OFFICER)
        return self.world.perform(line.person, lambda c: decisions.apply(c, case, self.world.reference, by))
