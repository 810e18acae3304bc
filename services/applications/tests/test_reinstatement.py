"""Officers put applications back over HTTP (R25): seats, terms, what both parties read, and who may not."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from common.contracts.words import PostingStatus, Role, Status, Verdict
from common.decision import Actor
from common.ids import new_id

from .builders import REASON, posting_changed, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import NOON

OFFICER = Actor(id="stf_1", role=Role.OFFICER, region="520102")


def back_to(status: Status, code: str = "unit_mistake") -> dict[str, Any]:
    return {"to": status, "reason": {"code": code, "text": "示例：单位选错了人"}}


async def rejected(programme: Programme) -> tuple[Actor, Actor, str]:
    """Intern, unit, application."""
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.do("POST", f"{UNIT}/{id}/reject", unit, REASON)
    return intern, unit, id


@pytest.mark.rule("R25", "R18", "R20", "R23")
async def test_both_parties_read_who_put_it_back_and_why(programme: Programme) -> None:
    intern, unit, id = await rejected(programme)
    state = await programme.do("POST", f"/applications/{id}/reinstate", OFFICER, back_to(Status.PENDING))
    assert (state["status"], state["reason"]["label"]) == ("PENDING", "单位误操作")
    for path, who in ((f"{ME}/{id}", intern), (f"{UNIT}/{id}", unit)):
        last = (await programme.do("GET", path, who))["history"][-1]
        assert (last["deed"], last["to_name"], last["office"]) == ("恢复", "待确认", "示例南明区人力资源和社会保障局")
        assert (last["reason"]["label"], last["reason"]["text"]) == ("单位误操作", "示例：单位选错了人")
    said = (await programme.said(intern.id))[-1]
    assert (said["to"], said["reason_code"], said["reinstated"], said["actor_role"]) == ("PENDING", "unit_mistake", True, "officer")
    assert "示例" not in str(said)
    assert (await programme.do("POST", f"{UNIT}/{id}/offer", unit))["status"] == "OFFERED"


@pytest.mark.rule("R25", "R5", "G7", "R8")
async def test_who_could_not_answer_in_time_has_five_working_days_again_and_the_seat_if_it_is_free(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit, headcount=1)
    id = await programme.submit(intern, posting_id)
    await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    programme.at(NOON + timedelta(days=8))
    await programme.run("deadlines")
    [(_, [other])] = await programme.applicants(1, posting_id)
    await programme.do("POST", f"{UNIT}/{other}/offer", unit)
    path, body = f"/applications/{id}/reinstate", back_to(Status.OFFERED, "could_not_answer")
    before = await programme.said(intern.id)
    await programme.refused("seats_full", 409, "POST", path, OFFICER, body)
    assert await programme.said(intern.id) == before
    await programme.do("POST", f"/applications/{other}/reinstate", OFFICER, back_to(Status.PENDING))
    assert await programme.holders(posting_id) == []
    offered = await programme.do("POST", path, OFFICER, body)
    assert (offered["status"], offered["due_at"]) == ("OFFERED", "2026-11-17T16:00:00Z")
    assert await programme.holders(posting_id) == [id]
    assert (await programme.do("POST", f"{ME}/{id}/accept", intern))["status"] == "WILLING"


@pytest.mark.rule("R25", "R8")
async def test_the_last_seat_is_given_back_once(programme: Programme) -> None:
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=3)
    interns = [await programme.intern(youth()) for _ in range(3)]
    ids = []
    for intern in interns:
        await programme.decide(intern)
        ids.append(await programme.submit(intern, posting_id))
        await programme.bring(intern, unit, ids[-1], Status.WILLING)
        await programme.decide(intern, ids[-1], Verdict.DISAPPROVE, reason_code="age")
    [(_, [one]), (_, [two])] = await programme.applicants(2, posting_id)
    for id in (one, two):
        await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    body = back_to(Status.WILLING, "officer_mistake")
    answers = await asyncio.gather(*(programme.call("POST", f"/applications/{id}/reinstate", OFFICER, body) for id in ids))
    assert sorted(answer.json().get("code") or answer.json()["status"] for answer in answers) == ["WILLING", "seats_full", "seats_full"]
    assert len(await programme.holders(posting_id)) == 3


@pytest.mark.rule("R25", "G8", "R20")
async def test_a_disapproval_by_mistake_is_reviewed_anew_and_the_old_decision_never_counts_again(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.WILLING)
    old = await programme.decide(intern, id, Verdict.DISAPPROVE, reason_code="employed", case_id="cas_1")
    programme.at(NOON + timedelta(days=3))
    await programme.do("POST", f"/applications/{id}/reinstate", OFFICER, back_to(Status.WILLING, "officer_mistake"))
    said = (await programme.said(intern.id))[-1]
    assert (said["to"], [rule["result"] for rule in said["eligibility"]]) == ("WILLING", ["pass"] * 5)
    await programme.hear("cas_1", old.data, seq=old.seq)
    assert await programme.status(intern, id) == Status.WILLING
    await programme.decide(intern, id, case_id="cas_1")
    assert await programme.status(intern, id) == Status.APPROVED


@pytest.mark.rule("R25", "R9")
async def test_nothing_waits_again_at_a_posting_that_has_closed(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, posting_id := await programme.posting(unit))
    await programme.do("POST", f"{UNIT}/{id}/reject", unit, REASON)
    await programme.hear(posting_id, posting_changed(posting_id, str(unit.unit_id), PostingStatus.CLOSING))
    await programme.refused("posting_closed", 409, "POST", f"/applications/{id}/reinstate", OFFICER, back_to(Status.PENDING))


@pytest.mark.rule("R25", "R14", "R20")
async def test_only_officers_of_the_place_reinstate_with_a_reason_in_words(programme: Programme) -> None:
    intern, unit, id = await rejected(programme)
    path, body = f"/applications/{id}/reinstate", back_to(Status.PENDING)
    before = await programme.said(intern.id)
    await programme.refused("unauthenticated", 401, "POST", path, None, body)
    for who in (intern, unit):
        await programme.refused("forbidden", 403, "POST", path, who, body)
    await programme.refused("unknown_application", 404, "POST", path, OFFICER.but(region="520103"), body)
    await programme.refused("unknown_application", 404, "POST", f"/applications/{new_id('app')}/reinstate", OFFICER, body)
    await programme.refused("idempotency_key_missing", 400, "POST", path, OFFICER, body, key=None)
    await programme.refused("reinstatement_target", 409, "POST", path, OFFICER, back_to(Status.OFFERED))
    without_text = {"to": "PENDING", "reason": {"code": "unit_mistake"}}
    for malformed in (None, {"to": "PENDING"}, {**body, "to": "GONE"}, without_text):
        await programme.refused("invalid_input", 422, "POST", path, OFFICER, malformed)
    assert await programme.said(intern.id) == before
    key = new_id("key")
    first = await programme.do("POST", path, OFFICER.but(region="520000"), body, key=key)
    assert await programme.do("POST", path, OFFICER.but(region="520000"), body, key=key) == first
