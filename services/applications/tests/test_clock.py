"""The clock of the answers: on time, never early, extended by a newer calendar; and the two phases of closing a posting."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event
from common.contracts.words import PostingStatus, Status
from common.decision import Actor
from common.ids import new_id
from common.testing.eventually import eventually

from .builders import posting_changed, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import HOUR, NOON

DUE = datetime(2026, 11, 9, 16, tzinfo=UTC)
"""24:00 in Shanghai of the fifth working day after NOON."""
MOMENT = timedelta(minutes=1)


async def offered(programme: Programme, headcount: int = 5) -> tuple[Actor, Actor, str, str]:
    """Intern, unit, application, posting."""
    intern, unit = await programme.intern(youth()), await programme.unit()
    id = await programme.submit(intern, posting_id := await programme.posting(unit, headcount=headcount))
    await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    return intern, unit, id, posting_id


@pytest.mark.rule("G7", "R5", "R8")
async def test_an_offer_expires_at_its_due_instant_and_never_earlier(programme: Programme) -> None:
    intern, _, id, posting_id = await offered(programme)
    programme.at(DUE - MOMENT)
    await programme.run("deadlines")
    assert await programme.status(intern, id) == Status.OFFERED
    programme.at(DUE + MOMENT)
    await programme.run("deadlines")
    await programme.run("deadlines")
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert (shown["status"], shown["reason"]["label"]) == ("UNWILLING", "超过确认期限，自动确认无意愿")
    assert await programme.steps(intern.id, id) == ["PENDING", "OFFERED", "UNWILLING"]
    assert (await programme.seats(posting_id)).holders == ()


@pytest.mark.rule("R5", "G7")
async def test_a_late_answer_is_refused_though_the_sweeper_has_not_come(programme: Programme) -> None:
    intern, _, id, _ = await offered(programme)
    programme.at(DUE)
    for verb in ("accept", "decline"):
        await programme.refused("answer_too_late", 409, "POST", f"{ME}/{id}/{verb}", intern)
    assert (await programme.do("GET", f"{ME}/{id}", intern))["commands"] == []
    programme.at(DUE - MOMENT)
    assert (await programme.do("POST", f"{ME}/{id}/accept", intern))["status"] == "WILLING"
    programme.at(DUE + HOUR)
    await programme.run("deadlines")
    assert await programme.status(intern, id) == Status.WILLING


@pytest.mark.rule("R5")
async def test_an_answer_that_came_in_time_is_still_on_its_way_when_the_time_is_just_over(programme: Programme) -> None:
    intern, _, id, _ = await offered(programme)
    programme.at(DUE + programme.parts.command_limit / 4)
    await programme.run("deadlines")
    assert await programme.status(intern, id) == Status.OFFERED


@pytest.mark.rule("R6", "R5")
async def test_a_newer_calendar_extends_offers_before_any_of_them_expires(programme: Programme) -> None:
    intern, _, id, _ = await offered(programme)
    year = next(item for item in (await programme.parts.reference()).items() if (item.kind, item.key) == ("calendar", "2026"))
    holidays = {**year.value["holidays"], "2026-11-09": "示例假日"}
    newer = ReferenceItemSet(kind="calendar", key="2026", item_version=2, value={**year.value, "holidays": holidays})
    await programme.replicas[0].subscriptions[-1].handle([Event("calendar:2026", 2, "audit", NOON, newer)])
    programme.at(DUE + MOMENT)
    await eventually(lambda: all_know(programme, newer.item_version), what="both replicas read the newer calendar")
    await programme.run("deadlines")
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert (shown["status"], shown["due_at"]) == ("OFFERED", "2026-11-10T16:00:00Z")
    last = (await programme.said(intern.id))[-1]
    assert (last["type"], last["application_id"], last["due_at"]) == ("application.due_changed.v1", id, shown["due_at"])
    line = shown["history"][-1]
    assert (line["by"], line["deed"], line["reason"]["label"]) == ("system", "顺延确认期限", "工作日安排调整")
    assert (await programme.do("POST", f"{ME}/{id}/accept", intern))["status"] == "WILLING"


async def all_know(programme: Programme, version: int) -> bool:
    known = [(await replica.deps.reference()).latest["calendar", "2026"].version for replica in programme.replicas]
    return known == [version] * len(known)


@pytest.mark.rule("G7")
async def test_many_offers_expire_in_one_pass_of_two_replicas(programme: Programme) -> None:
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=110)
    applicants = await programme.applicants(110, posting_id)
    await asyncio.gather(*(programme.insist("POST", f"{UNIT}/{id}/offer", unit) for _, [id] in applicants))
    programme.at(DUE + MOMENT)
    await programme.run("deadlines")
    seats = await programme.seats(posting_id)
    assert (seats.holders, len(await programme.said(posting_id, "seats"))) == ((), 1 + 2 * 110)
    for intern, [id] in applicants:
        assert await programme.steps(intern.id, id) == ["PENDING", "OFFERED", "UNWILLING"]


async def spoil(programme: Programme, intern: Actor) -> None:
    """Their candidacy can no longer be read."""
    await programme.parts.candidacies.collection.update_one({"_id": intern.id}, {"$unset": {"state.person_id": 1}})


@pytest.mark.rule("G7")
async def test_one_offer_that_cannot_be_read_does_not_stop_the_expiry_of_the_others(programme: Programme) -> None:
    broken, _, _, _ = await offered(programme)
    intern, _, id, _ = await offered(programme)
    await spoil(programme, broken)
    programme.at(DUE + MOMENT)
    await programme.run("deadlines")
    assert await programme.status(intern, id) == Status.UNWILLING


@pytest.mark.rule("R9")
async def test_one_applicant_who_cannot_be_read_holds_up_only_the_posting_applied_to(programme: Programme) -> None:
    unit, broken, intern = await programme.unit(), await programme.intern(youth()), await programme.intern(youth())
    held_up, other = [await programme.posting(unit) for _ in range(2)]
    await programme.submit(broken, held_up)
    id = await programme.submit(intern, other)
    await spoil(programme, broken)
    assert unit.unit_id
    for posting_id in (held_up, other):
        await programme.hear(posting_id, posting_changed(posting_id, unit.unit_id, PostingStatus.CLOSING))
    programme.at(NOON + MOMENT)
    await programme.run("closing")
    assert await programme.status(intern, id) == Status.WITHDRAWN
    assert [(await programme.seats(posting_id)).drained for posting_id in (held_up, other)] == [False, True]


@pytest.mark.rule("R9", "R8")
async def test_closing_ends_what_waits_keeps_offers_and_is_drained_only_later(programme: Programme) -> None:
    intern, unit, offer, posting_id = await offered(programme)
    others = [await programme.intern(youth()) for _ in range(3)]
    waiting = [await programme.submit(other, posting_id) for other in others]
    elsewhere = await programme.submit(others[0], await programme.posting(unit))
    assert unit.unit_id
    await programme.hear(posting_id, posting_changed(posting_id, unit.unit_id, PostingStatus.CLOSING))
    await programme.refused("posting_closed", 409, "POST", f"{UNIT}/{waiting[0]}/offer", unit)
    await programme.run("closing")
    assert [await programme.status(other, id) for other, id in zip(others, waiting, strict=True)] == ["WITHDRAWN"] * 3
    assert (await programme.do("GET", f"{ME}/{waiting[0]}", others[0]))["status_name"] == "已失效（岗位已关闭）"
    assert [await programme.status(intern, offer), await programme.status(others[0], elsewhere)] == ["OFFERED", "PENDING"]
    assert not (await programme.seats(posting_id)).drained
    programme.at(NOON + MOMENT)
    await programme.run("closing")
    await programme.run("closing")
    drained = [event["type"] for event in await programme.said(posting_id, "seats")].count("seats.drained.v1")
    assert (drained, (await programme.seats(posting_id)).drained) == (1, True)


@pytest.mark.rule("R9")
async def test_a_submission_that_lands_after_the_posting_is_drained_is_swept_too(programme: Programme) -> None:
    unit, intern = await programme.unit(), await programme.intern(youth())
    posting_id = await programme.posting(unit)
    late = await programme.submit(intern, posting_id)
    pending = await programme.parts.candidacies.collection.find_one({"_id": intern.id})
    assert unit.unit_id
    await programme.hear(posting_id, posting_changed(posting_id, unit.unit_id, PostingStatus.CLOSING))
    await programme.run("closing")
    programme.at(NOON + MOMENT)
    await programme.run("closing")
    assert (await programme.seats(posting_id)).drained
    assert pending
    await programme.parts.candidacies.collection.replace_one({"_id": intern.id}, pending)
    assert await programme.status(intern, late) == Status.PENDING
    await programme.run("closing")
    assert await programme.status(intern, late) == Status.WITHDRAWN


@pytest.mark.rule("R9")
async def test_a_posting_nobody_applied_to_drains_as_well(programme: Programme) -> None:
    posting_id, unit_id = new_id("pst"), new_id("unt")
    await programme.hear(posting_id, posting_changed(posting_id, unit_id, PostingStatus.CLOSING))
    await programme.run("closing")
    programme.at(NOON + MOMENT)
    await programme.run("closing")
    assert [event["type"] for event in await programme.said(posting_id, "seats")] == ["seats.changed.v1", "seats.drained.v1"]
