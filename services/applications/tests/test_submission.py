"""岗位投递 over HTTP: every gate, and how a late grant is waited for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from common.contracts.words import PostingStatus, Status, UnitStatus, Verdict
from common.ids import new_id

from .builders import REASON, posting_changed, unit_changed, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import DAY, NOON


@pytest.mark.rule("G4", "G14", "R12")
async def test_a_submission_is_pending_at_once_and_both_parties_see_it(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit)
    sent = await programme.do("POST", ME, intern, {"posting_id": posting_id})
    assert (sent["status"], sent["status_name"], sent["intent_version"], sent["resume_version"]) == ("PENDING", "待确认", 1, 1)
    assert sent["commands"] == ["withdraw"]
    assert (await programme.do("GET", ME, intern))["items"] == [sent]
    [seen] = (await programme.do("GET", UNIT, unit))["items"]
    assert (seen["id"], seen["person_id"], seen["commands"]) == (sent["id"], intern.id, ["offer", "reject", "invite_to_talk", "note"])


@pytest.mark.rule("G2", "G4")
async def test_without_an_intent_there_is_no_submission(programme: Programme) -> None:
    intern, posting_id = await programme.verified(), await programme.posting(await programme.unit())
    await programme.refused("intent_needed", 409, "POST", ME, intern, {"posting_id": posting_id})
    assert await programme.said(intern.id) == []


@pytest.mark.rule("G15", "R9")
async def test_only_an_open_posting_accepts(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    shut: list[tuple[dict[str, Any], str, int]] = [
        ({"to": PostingStatus.PAUSED}, "posting_paused", 409),
        ({"to": PostingStatus.CLOSING}, "posting_closed", 409),
        ({"to": PostingStatus.CLOSED}, "posting_closed", 409),
        ({"deadline": (NOON - DAY).date()}, "posting_deadline_passed", 409),
        ({"to": PostingStatus.SUBMITTED}, "unknown_posting", 404),
    ]
    for facts, code, status in shut:
        await programme.refused(code, status, "POST", ME, intern, {"posting_id": await programme.posting(unit, **facts)})


@pytest.mark.rule("G15", "R15")
async def test_a_suspended_unit_accepts_nobody(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit)
    assert unit.unit_id
    await programme.hear(unit.unit_id, unit_changed(unit.unit_id, UnitStatus.SUSPENDED))
    await programme.refused("unit_not_recognised", 409, "POST", ME, intern, {"posting_id": posting_id})


@pytest.mark.rule("G15")
async def test_a_submission_a_moment_before_the_publication_is_heard_of_is_accepted(programme: Programme) -> None:
    intern, unit, posting_id = await programme.intern(), await programme.unit(), new_id("pst")
    sent = asyncio.create_task(programme.submit(intern, posting_id))
    await asyncio.sleep(0)
    assert unit.unit_id
    await programme.hear(posting_id, posting_changed(posting_id, unit.unit_id))
    assert (await sent).startswith("app_")


@pytest.mark.rule("R9")
async def test_a_full_posting_still_accepts(programme: Programme) -> None:
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=1)
    first = await programme.submit(await programme.intern(), posting_id)
    await programme.do("POST", f"{UNIT}/{first}/offer", unit)
    assert await programme.submit(await programme.intern(), posting_id)


@pytest.mark.rule("G5", "R7")
async def test_the_eleventh_pending_is_refused_until_one_is_withdrawn(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    ids = [await programme.submit(intern, await programme.posting(unit)) for _ in range(10)]
    eleventh = {"posting_id": await programme.posting(unit)}
    await programme.refused("too_many_pending", 409, "POST", ME, intern, eleventh)
    withdrawn = await programme.do("POST", f"{ME}/{ids[0]}/withdraw", intern)
    assert (withdrawn["status"], withdrawn["status_name"]) == ("WITHDRAWN", "已撤回")
    assert await programme.do("POST", ME, intern, eleventh)


@pytest.mark.rule("G11", "G12", "R4")
async def test_an_offer_blocks_others_and_a_decline_lets_apply_again(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit)
    id = await programme.submit(intern, posting_id)
    await programme.refused("already_applied", 409, "POST", ME, intern, {"posting_id": posting_id})
    await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    await programme.refused("blocked_by_application", 409, "POST", ME, intern, {"posting_id": await programme.posting(unit)})
    await programme.do("POST", f"{ME}/{id}/decline", intern)
    assert await programme.submit(intern, posting_id) != id


@pytest.mark.rule("R4", "R18")
async def test_after_a_rejection_only_a_new_invitation_opens_the_posting_again(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit)
    id = await programme.submit(intern, posting_id)
    rejected = await programme.do("POST", f"{UNIT}/{id}/reject", unit, REASON)
    assert rejected["reason"] == {"code": "skills_do_not_fit", "label": "专业或技能与岗位要求不符", "text": "示例：需要会计专业"}
    await programme.refused("reinvitation_needed", 409, "POST", ME, intern, {"posting_id": posting_id})
    assert (await programme.do("POST", f"{UNIT}/{id}/reinvite", unit))["reinvited"]
    assert await programme.submit(intern, posting_id)


@pytest.mark.rule("R13", "R11")
async def test_a_failed_check_stops_new_submissions_and_leaves_pending_ones(programme: Programme) -> None:
    intern, unit = await programme.intern(youth()), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.decide(intern, verdict=Verdict.DISAPPROVE, reason_code="no_registration")
    await programme.refused("unemployment_check_failed", 409, "POST", ME, intern, {"posting_id": await programme.posting(unit)})
    assert await programme.status(intern, id) == Status.PENDING


@pytest.mark.rule("R11")
async def test_who_is_not_eligible_is_told_every_rule(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit, deadline=(NOON + 900 * DAY).date())
    programme.at(NOON + timedelta(days=800))
    answer = await programme.call("POST", ME, intern, {"posting_id": posting_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_eligible")
    assert "已超过24个月" in answer.json()["detail"]
    findings = answer.json()["facts"]["findings"]
    assert [finding["line"]["rule"] for finding in findings] == ["diploma", "once_only", "employment", "licence", "consent"]


@pytest.mark.rule("R20")
async def test_a_malformed_submission_is_refused(programme: Programme) -> None:
    intern = await programme.intern()
    wrong: list[Any] = [{}, {"posting_id": ""}, {"posting_id": 7}, {"posting_id": "pst_1", "unit_id": "unt_1"}, [], None]
    for body in wrong:
        await programme.refused("invalid_input", 422, "POST", ME, intern, body)
    assert (await programme.do("GET", ME, intern))["items"] == []
