"""The gates before an application (G2, G4, G5, G11, R3, R4, R9, R11, R13): what the look says is what the attempt meets."""

from datetime import date
from typing import Any

import pytest
from applications.domain import gates, submit
from applications.domain.candidacy import Candidacy
from applications.domain.facts import PersonFacts, UnitFacts
from applications.domain.gates import GATES, Attempt, Goal, Step
from common.contracts.words import PostingStatus, Status, Verdict
from common.errors import Refusal
from hypothesis import given
from hypothesis import strategies as st

from . import builders as b

pytestmark = pytest.mark.rule("R11", "G2")

FIRST = ["real_name", "resume", "intent"]
NOBODY = Candidacy(person_id="per_1")
EMPLOYED = b.graduate_form(declarations=b.graduate_form().declarations.but(not_employed=False))


def looked(candidacy: Candidacy, person: PersonFacts = b.PERSON, goal: Goal | None = None) -> dict[str, Step]:
    return {step.gate: step for step in gates.look(Attempt(candidacy, person, goal, b.TODAY, b.REFERENCE))}


def goal(recognised: bool = True, **posting: Any) -> Goal:
    return Goal(b.posting(**posting), UnitFacts(recognised=recognised))


@pytest.mark.rule("G4")
@pytest.mark.parametrize(
    ("person", "candidacy", "closed", "code"),
    [
        (PersonFacts(), NOBODY, "real_name", "real_name_needed"),
        (b.PERSON.but(resume_version=None), NOBODY, "resume", "resume_needed"),
        (b.PERSON, NOBODY, "intent", "intent_needed"),
    ],
)
def test_the_first_step_that_is_missing_is_named_and_the_rest_waits(
    person: PersonFacts, candidacy: Candidacy, closed: str, code: str
) -> None:
    steps = looked(candidacy, person, goal())
    assert (steps[closed].result, steps[closed].code) == ("fail", code)
    order = [gate.name for gate in GATES]
    assert [steps[name].result for name in order[: order.index(closed)]] == ["pass"] * FIRST.index(closed)
    assert {steps[name].result for name in order[order.index(closed) + 1 :]} == {"pending"}


@pytest.mark.rule("G5", "G11", "R3", "R4", "R9", "R13", "G15")
@pytest.mark.parametrize(
    ("candidacy", "aim", "closed"),
    [
        (b.checked(b.registered(b.youth_form()), Verdict.DISAPPROVE), goal(), {"check", "eligibility"}),
        (b.in_status(Status.TERMINATED), goal(number=2), {"once_only", "eligibility"}),
        (b.in_status(Status.WILLING), goal(number=2), {"free"}),
        (b.in_status(Status.OFFERED), goal(), {"free", "again"}),
        (b.in_status(Status.REJECTED), goal(), {"again"}),
        (b.registered(), goal(status=PostingStatus.PAUSED), {"posting"}),
        (b.registered(), goal(deadline=date(2026, 11, 1)), {"posting"}),
        (b.registered(), goal(recognised=False), {"posting"}),
        (b.with_pending(10), goal(number=11), {"pending"}),
        (b.registered(EMPLOYED), goal(), {"eligibility"}),
        (b.registered(), goal(), set()),
    ],
)
def test_every_gate_that_is_closed_is_shown_at_once(candidacy: Candidacy, aim: Goal, closed: set[str]) -> None:
    steps = looked(candidacy, goal=aim)
    assert {name for name, step in steps.items() if step.result == "fail"} == closed
    assert {step.result for step in steps.values()} <= {"pass", "fail"}


def test_without_a_posting_its_gates_are_not_asked() -> None:
    assert set(looked(b.registered())) == {gate.name for gate in GATES} - {"again", "posting"}


PEOPLE = st.sampled_from([b.PERSON, PersonFacts(), b.PERSON.but(resume_version=None), b.PERSON.but(birth_date=date(2001, 1, 1))])
CANDIDACIES = st.sampled_from(
    [NOBODY, b.registered(), b.registered(b.youth_form()), b.registered(EMPLOYED), b.with_pending(10), *map(b.in_status, Status)]
)
AIMS = st.builds(
    goal,
    recognised=st.booleans(),
    number=st.integers(1, 2),
    status=st.sampled_from(PostingStatus),
    closing=st.booleans(),
    deadline=st.sampled_from([date(2026, 11, 1), b.TODAY]),
)


def attempted(candidacy: Candidacy, person: PersonFacts, aim: Goal) -> tuple[str, str] | None:
    """Why a submission was refused."""
    try:
        submit.submit(candidacy, "app_9", person, aim.posting, aim.unit, b.REFERENCE, b.by(b.INTERN))
    except Refusal as refused:
        return refused.code, refused.detail
    return None


@given(PEOPLE, CANDIDACIES, AIMS)
def test_the_look_and_the_attempt_agree(person: PersonFacts, candidacy: Candidacy, aim: Goal) -> None:
    steps = gates.look(Attempt(candidacy, person, aim, b.TODAY, b.REFERENCE))
    closed = [(step.code, step.detail) for step in steps if step.result == "fail"]
    assert attempted(candidacy, person, aim) == (closed[0] if closed else None)
    assert closed or {step.result for step in steps} == {"pass"}
