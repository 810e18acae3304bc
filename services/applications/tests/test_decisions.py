"""Officers' decisions: applied once, or answered with why they cannot be."""

import asyncio
from datetime import timedelta

import pytest
from common.contracts.words import CaseKind, CaseStatus, Status, Verdict
from common.ids import new_id

from .builders import decided, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import INTERN, NOON


async def willing(programme: Programme, *, checked: bool = True) -> tuple[str, str, str]:
    """Person, application and posting."""
    intern, unit = await programme.intern(youth()), await programme.unit()
    if checked:
        await programme.decide(intern)
    id = await programme.submit(intern, posting_id := await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.WILLING)
    return intern.id, id, posting_id


@pytest.mark.rule("G8", "R1")
async def test_a_decision_is_applied_once_however_often_it_is_heard(programme: Programme) -> None:
    person_id, id, _ = await willing(programme)
    decision = decided(person_id, application_id=id, case_id="cas_once")
    event = await programme.hear("cas_once", decision)
    said = await programme.said(person_id)
    assert (said[-1]["to"], said[-1]["case_id"], said[-1]["actor_role"]) == ("APPROVED", "cas_once", "officer")
    await asyncio.gather(*(programme.hear("cas_once", decision, seq=event.seq) for _ in range(3)))
    await programme.hear("cas_once", decision, seq=event.seq + 1)
    assert await programme.said(person_id) == said


@pytest.mark.rule("G8", "R8", "R18", "G12")
async def test_a_disapproval_shows_its_reason_and_office_and_frees_the_seat(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, posting_id := await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.WILLING)
    await programme.decide(intern, id, Verdict.DISAPPROVE, reason_code="employed")
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert (shown["status_name"], shown["reason"]["label"]) == ("确认审核不通过", "已就业或缴纳社会保险")
    last = shown["history"][-1]
    assert (last["by"], last["deed"], last["office"]) == ("officer", "确认审核不通过", (await office(programme)))
    assert (await programme.seats(posting_id)).holders == ()
    assert (await programme.said(posting_id, "seats"))[-1]["taken"] == 0
    assert await programme.submit(intern, await programme.posting(unit))


async def office(programme: Programme) -> str:
    return (await programme.parts.reference()).contacts["520102"].office


@pytest.mark.rule("R13", "G8")
async def test_an_approval_before_the_check_has_passed_is_answered_with_a_refusal(programme: Programme) -> None:
    person_id, id, _ = await willing(programme, checked=False)
    event = await programme.hear("cas_early", decided(person_id, application_id=id, case_id="cas_early"))
    refusal = {
        "type": "application.decision_refused.v1",
        "person_id": person_id,
        "case_id": "cas_early",
        "reason_code": "unemployment_check_not_passed",
    }
    assert (await programme.said(person_id))[-1] == refusal
    await programme.hear("cas_check", decided(person_id))
    said = await programme.said(person_id)
    await programme.hear("cas_early", event.data, seq=event.seq)
    assert await programme.said(person_id) == said, "what was answered is not applied when it comes again"
    await programme.hear("cas_early", event.data, seq=event.seq + 1)
    assert (await programme.said(person_id))[-1]["to"] == "APPROVED"


@pytest.mark.rule("R13", "R20")
async def test_an_old_verdict_that_comes_again_does_not_answer_the_check_that_was_asked_for_anew(programme: Programme) -> None:
    intern, unit = await programme.intern(youth()), await programme.unit()
    verdict = await programme.decide(intern, case_id="cas_check")
    id = await programme.submit(intern, await programme.posting(unit))
    programme.at(NOON + timedelta(days=40))
    await programme.bring(intern, unit, id, Status.WILLING)
    said = await programme.said(intern.id)
    assert said[-1]["type"] == "intent.recheck_asked.v1"
    await programme.hear("cas_check", verdict.data, seq=verdict.seq)
    assert await programme.said(intern.id) == said, "a day later no record of the first time is left"
    await programme.decide(intern, verdict=Verdict.DISAPPROVE, case_id="cas_check", reason_code="employed")
    assert (await programme.do("GET", "/me/intent", intern))["check"] == "FAILED"


@pytest.mark.rule("G8", "R20")
async def test_a_refused_decision_is_not_applied_when_it_comes_again_days_later(programme: Programme) -> None:
    person_id, id, _ = await willing(programme, checked=False)
    early = await programme.hear("cas_early", decided(person_id, application_id=id, case_id="cas_early"))
    await programme.hear("cas_check", decided(person_id))
    said = await programme.said(person_id)
    programme.at(NOON + timedelta(days=2))
    await programme.upload("/me/intent/documents", INTERN.but(id=person_id), kind="other_proof")
    await programme.hear("cas_early", early.data, seq=early.seq)
    assert await programme.said(person_id) == said


@pytest.mark.rule("R11", "G8")
async def test_an_approval_of_an_intern_who_now_declares_work_is_answered_with_a_refusal(programme: Programme) -> None:
    intern, unit = await programme.intern(youth()), await programme.unit()
    await programme.decide(intern)
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.WILLING)
    await programme.do("PUT", "/me/intent", intern, youth(declarations=youth()["declarations"] | {"not_employed": False}))
    await programme.decide(intern, id)
    last = (await programme.said(intern.id))[-1]
    assert (last["type"], last["reason_code"]) == ("application.decision_refused.v1", "intern_employed")
    assert await programme.status(intern, id) == Status.WILLING


@pytest.mark.rule("R13", "R12")
async def test_a_check_of_a_version_that_moved_on_is_answered_with_a_refusal(programme: Programme) -> None:
    intern = await programme.intern(youth())
    await programme.do("PUT", "/me/intent", intern, youth(registration={**youth()["registration"], "day": "2026-10-13"}))
    await programme.decide(intern, case_id="cas_old", version=1)
    assert (await programme.said(intern.id))[-1]["reason_code"] == "intent_moved_on"
    await programme.decide(intern, case_id="cas_new", version=2)
    assert (await programme.do("GET", "/me/intent", intern))["check"] == "PASSED"


@pytest.mark.rule("G8", "R18")
async def test_a_decision_that_cannot_be_applied_is_answered(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    pending = await programme.submit(intern, await programme.posting(unit))
    for application_id, verdict, reason, code in (
        (pending, Verdict.APPROVE, None, "wrong_status"),
        (new_id("app"), Verdict.APPROVE, None, "unknown_application"),
    ):
        await programme.decide(intern, application_id, verdict, reason_code=reason)
        assert (await programme.said(intern.id))[-1]["reason_code"] == code
    await programme.bring(intern, unit, pending, Status.WILLING)
    await programme.decide(intern, pending, Verdict.DISAPPROVE)
    assert (await programme.said(intern.id))[-1]["reason_code"] == "reason_needed"
    assert await programme.status(intern, pending) == Status.WILLING


async def test_cases_of_others_undecided_ones_and_unknown_people_are_passed_over(programme: Programme) -> None:
    person_id, id, _ = await willing(programme)
    said = await programme.said(person_id)
    await programme.hear("cas_a", decided(person_id, application_id=id, kind=CaseKind.RECOGNITION))
    await programme.hear("cas_b", decided(person_id, application_id=id, to=CaseStatus.CLAIMED))
    await programme.hear("cas_c", decided(person_id, application_id=id).but(verdict=None))
    unknown = new_id("per")
    await programme.hear("cas_d", decided(unknown, application_id=id))
    assert await programme.said(person_id) == said
    assert await programme.said(unknown) == []


@pytest.mark.rule("R20")
async def test_an_intern_with_no_commands_left_for_today_stops_neither_officer_nor_unit(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.WILLING)
    used = [{"actor": intern.id, "key": new_id("key"), "at": programme.parts.clock.now()} for _ in range(200)]
    await programme.parts.candidacies.collection.update_one({"_id": intern.id}, {"$set": {"commands": used}})
    await programme.decide(intern, id)
    assert await programme.status(intern, id) == Status.APPROVED
    await programme.do("POST", f"{UNIT}/{id}/absent", unit, {"reason": {"code": "did_not_come"}})
