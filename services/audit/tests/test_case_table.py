"""The table of steps, exhaustively: every status × command × who."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from audit.cases.domain import decide, facts, officer
from audit.cases.domain.case import Case, Officer, Standing
from audit.cases.domain.table import TABLE, Step, next_status
from common.contracts.words import CaseKind, CaseStatus, Role, Verdict
from common.decision import Actor, Command, Decision
from common.errors import Refusal
from common.reasons import StatedReason
from common.reference import Reference

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
REASONS = Reference.sample().reasons
OTHER = StatedReason(code="other", text="示例原因")
VERSIONS = ("520000:2022-01-01:1", "calendar:34")
COUNTY, COLLEAGUE = ("520102", "stf_a"), ("520102", "stf_b")
CITY, PROVINCE, NEIGHBOUR = ("520100", "stf_c"), ("520000", "stf_p"), ("520103", "stf_n")
EVERYBODY = (COUNTY, COLLEAGUE, CITY, PROVINCE, NEIGHBOUR)


def case(status: CaseStatus, **changes: object) -> Case:
    """A posting case of 520102; claimed by, or decided by, stf_a."""
    held = status in (CaseStatus.CLAIMED, CaseStatus.DECIDING, CaseStatus.DECIDED)
    made = Case(
        id="cas_1",
        kind=CaseKind.POSTING,
        status=status,
        subject="pst_1",
        subject_version=1,
        unit_id="unt_1",
        region="520102",
        places=("520102", "520100", "520000"),
        office="520102",
        facts={},
        seq=5,
        opened_at=NOW,
        due_at=NOW + timedelta(days=7),
        returned_at=NOW if status is CaseStatus.RETURNED else None,
        officer=Officer(id="stf_a", region="520102") if held else None,
        verdict=Verdict.APPROVE if status in (CaseStatus.DECIDING, CaseStatus.DECIDED) else None,
    )
    return made.but(**changes)


def by(who: tuple[str, str]) -> Command:
    return Command("test", Actor(id=who[1], role=Role.OFFICER, region=who[0]), "key-1", NOW)


COMMANDS: dict[Step, Callable[[Case, Command], Decision[Case]]] = {
    Step.CLAIM: officer.claim,
    Step.RELEASE: officer.release,
    Step.TAKE_OVER: lambda case, command: officer.take_over(case, command, "示例原因"),
    Step.APPROVE: lambda case, command: decide.approve(case, command, REASONS, decide.Approval(), VERSIONS, check_passed=True),
    Step.DISAPPROVE: lambda case, command: decide.disapprove(case, command, REASONS, OTHER, VERSIONS),
    Step.RETURN: lambda case, command: decide.send_back(case, command, REASONS, OTHER, NOW + timedelta(days=14)),
}


def expected(status: CaseStatus, step: Step, who: tuple[str, str]) -> CaseStatus | str:
    """The new status, or the code of the refusal, as R14 says."""
    if who == NEIGHBOUR:
        return "not_found"
    if step is Step.TAKE_OVER:
        if who in (COUNTY, COLLEAGUE):
            return "not_an_upper_office"
    elif who in (CITY, PROVINCE):
        return "case_of_another_office"
    elif status is CaseStatus.CLAIMED and who == COLLEAGUE and step is not Step.RELEASE:
        return "case_claimed"
    elif status is CaseStatus.CLAIMED and step is Step.CLAIM:
        return CaseStatus.CLAIMED
    return TABLE[status].get(step, "case_not_in_status")


@pytest.mark.rule("R14")
@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("step", COMMANDS)
@pytest.mark.parametrize("status", CaseStatus)
def test_every_command_in_every_status_by_every_office(status: CaseStatus, step: Step, who: tuple[str, str]) -> None:
    try:
        outcome: CaseStatus | str = COMMANDS[step](case(status), by(who)).state.status
    except Refusal as refused:
        outcome = refused.code
    assert outcome == expected(status, step, who)


def test_every_status_has_its_line_and_nothing_is_missing() -> None:
    assert set(TABLE) == set(CaseStatus)
    assert {step for steps in TABLE.values() for step in steps} == set(Step)
    for status in CaseStatus:
        for step in Step:
            if step in TABLE[status]:
                assert next_status(case(status), step) is TABLE[status][step]
            else:
                with pytest.raises(Refusal, match="case_not_in_status"):
                    next_status(case(status), step)


@pytest.mark.rule("R14")
def test_who_takes_over_decides_and_the_county_no_longer_does() -> None:
    taken = COMMANDS[Step.TAKE_OVER](case(CaseStatus.CLAIMED), by(CITY)).state
    assert (taken.status, taken.office, taken.officer) == (CaseStatus.CLAIMED, "520100", Officer(id="stf_c", region="520100"))
    assert COMMANDS[Step.APPROVE](taken, by(CITY)).state.status is CaseStatus.DECIDING
    with pytest.raises(Refusal, match="case_of_another_office"):
        COMMANDS[Step.APPROVE](taken, by(COUNTY))


@pytest.mark.rule("R18", "R23")
@pytest.mark.parametrize(("kind", "scope"), decide.REASON_SCOPES.items())
def test_a_disapproval_takes_a_reason_of_its_kind(kind: CaseKind, scope: str) -> None:
    asked = case(CaseStatus.OPEN, kind=kind)
    chosen = {reason.code for reason in REASONS.by_scope[scope].values() if reason.by == "officer"}
    for code in chosen:
        decided = decide.disapprove(asked, by(COUNTY), REASONS, OTHER.but(code=code), VERSIONS)
        assert (decided.state.verdict, decided.state.reason) == (Verdict.DISAPPROVE, OTHER.but(code=code))
        assert "示例原因" not in decided.events[0].model_dump_json()
    for code in {"no_such_reason", *REASONS.by_scope[scope]} - chosen:
        with pytest.raises(Refusal, match="reason_unknown"):
            decide.disapprove(asked, by(COUNTY), REASONS, OTHER.but(code=code), VERSIONS)


@pytest.mark.rule("R13")
def test_a_youth_is_not_approved_before_the_check_has_passed() -> None:
    youth = case(CaseStatus.OPEN, kind=CaseKind.ELIGIBILITY, facts={"category": "youth"})
    with pytest.raises(Refusal, match="unemployment_check_open"):
        decide.approve(youth, by(COUNTY), REASONS, decide.Approval(), VERSIONS, check_passed=False)
    assert decide.approve(youth, by(COUNTY), REASONS, decide.Approval(), VERSIONS, check_passed=True).state.status is CaseStatus.DECIDING
    assert (
        decide.disapprove(youth, by(COUNTY), REASONS, OTHER.but(code="unemployment_not_confirmed"), VERSIONS).state.verdict
        is Verdict.DISAPPROVE
    )
    graduate = youth.but(facts={"category": "graduate"})
    assert (
        decide.approve(graduate, by(COUNTY), REASONS, decide.Approval(), VERSIONS, check_passed=False).state.status is CaseStatus.DECIDING
    )


@pytest.mark.parametrize("status", CaseStatus)
def test_older_facts_change_nothing(status: CaseStatus) -> None:
    held = case(status)
    gone = Standing(seq=5, version=1, waiting=False, case_id="cas_1")
    assert facts.settle(held, gone) == Decision(held)
    assert facts.refuse(held, 5, "not_current") == Decision(held)
    assert facts.open_case(held, case(CaseStatus.OPEN, seq=5)) == Decision(held)


@pytest.mark.parametrize("status", CaseStatus)
def test_a_newer_fact_moves_what_the_table_lets_it(status: CaseStatus) -> None:
    held = case(status)
    applied = facts.settle(held, Standing(seq=6, version=1, waiting=False, case_id="cas_1")).state.status
    moved_on = facts.settle(held, Standing(seq=6, version=2, waiting=True)).state.status
    assert applied is (CaseStatus.DECIDED if held.live else status)
    assert moved_on is (CaseStatus.VOID if held.live else status)
    assert facts.settle(held, Standing(seq=6, version=1, waiting=True)) == Decision(held)
    refused = facts.refuse(held, 6, "not_current").state
    assert refused.status is (CaseStatus.OPEN if status is CaseStatus.DECIDING else status)


def test_a_refused_decision_is_shown_with_its_reason_and_forgotten() -> None:
    again = facts.refuse(case(CaseStatus.DECIDING), 6, "seat_gone").state
    assert (again.verdict, again.officer, again.reason) == (None, None, StatedReason(code="seat_gone"))


def test_a_case_asked_later_outlives_a_settlement_of_an_earlier_version() -> None:
    held = case(CaseStatus.OPEN, subject_version=2)
    assert facts.settle(held, Standing(seq=6, version=1, waiting=False, case_id="cas_0")) == Decision(held)


@pytest.mark.parametrize("status", [CaseStatus.DECIDING, CaseStatus.DECIDED, CaseStatus.VOID])
def test_the_same_question_arising_anew_opens_the_case_again(status: CaseStatus) -> None:
    """R25: a reinstated application is reviewed again under the same intent version."""
    again = facts.open_case(case(status), case(CaseStatus.OPEN, seq=9))
    assert (again.state.status, again.state.verdict, again.state.seq) == (CaseStatus.OPEN, None, 9)


@pytest.mark.rule("R10")
def test_a_returned_case_comes_back_overdue_and_is_not_refused() -> None:
    term = NOW + timedelta(days=14)
    returned = COMMANDS[Step.RETURN](case(CaseStatus.OPEN), by(COUNTY)).state
    assert (returned.status, returned.due_at) == (CaseStatus.RETURNED, term)
    assert facts.expire(returned, term - timedelta(milliseconds=1)) == Decision(returned)
    back = facts.expire(returned, term).state
    assert (back.status, back.due_at, back.verdict) == (CaseStatus.OPEN, term, None)


@pytest.mark.rule("R10")
def test_only_what_comes_after_the_return_supplements_it() -> None:
    returned = COMMANDS[Step.RETURN](case(CaseStatus.OPEN), by(COUNTY)).state
    due = NOW + timedelta(days=9)
    assert facts.supplement_later(returned, NOW, due) == Decision(returned)
    back = facts.supplement_later(returned, NOW + timedelta(seconds=1), due).state
    assert (back.status, back.due_at, back.returned_at) == (CaseStatus.OPEN, due, None)
    assert facts.supplement_later(back, NOW + timedelta(seconds=2), due) == Decision(back)
