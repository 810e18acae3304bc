"""Unit and intern answer each other over HTTP: offers, rejections, acceptances, and what each party sees."""

from typing import Any

import pytest
from common.contracts.words import Permission, Status

from .builders import REASON, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import NOON

LATE = {"reason": {"code": "did_not_come"}}


@pytest.mark.rule("G6", "G7", "R5", "R8")
async def test_an_offer_takes_a_seat_and_starts_the_clock(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit, headcount=2)
    id = await programme.submit(intern, posting_id)
    offered = await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    assert (offered["status"], offered["due_at"]) == ("OFFERED", "2026-11-09T16:00:00Z")
    assert (await programme.seats(posting_id)).holders == (id,)
    assert [event["taken"] for event in await programme.said(posting_id, "seats")] == [0, 1]
    assert (await programme.do("GET", f"{ME}/{id}", intern))["commands"] == ["accept", "decline"]


@pytest.mark.rule("R8")
async def test_the_last_seat_is_given_once_and_a_decline_frees_it(programme: Programme) -> None:
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=1)
    interns = [await programme.intern(youth()) for _ in range(2)]
    first, second = [await programme.submit(intern, posting_id) for intern in interns]
    await programme.do("POST", f"{UNIT}/{first}/offer", unit)
    before = await programme.said(interns[1].id)
    await programme.refused("seats_full", 409, "POST", f"{UNIT}/{second}/offer", unit)
    assert await programme.said(interns[1].id) == before
    declined = await programme.do("POST", f"{ME}/{first}/decline", interns[0])
    assert (declined["status_name"], declined["reason"]["code"], declined["due_at"]) == ("确认无意愿", "declined", None)
    assert (await programme.do("POST", f"{UNIT}/{second}/offer", unit))["status"] == "OFFERED"
    assert (await programme.seats(posting_id)).holders == (second,)


@pytest.mark.rule("R2", "R8")
async def test_accepting_one_offer_ends_all_others_and_frees_their_seats(programme: Programme) -> None:
    intern, unit, other = await programme.intern(), await programme.unit(), await programme.unit()
    postings = [await programme.posting(one) for one in (unit, other, other)]
    wanted, offered, pending = [await programme.submit(intern, posting_id) for posting_id in postings]
    await programme.do("POST", f"{UNIT}/{wanted}/offer", unit)
    await programme.do("POST", f"{UNIT}/{offered}/offer", other)
    effects = (await programme.do("GET", f"{ME}/{wanted}", intern))["effects"]
    assert [(one["application_id"], one["to"], one["reason"]["label"]) for one in effects] == [
        (offered, "UNWILLING", "已确认其他岗位"),
        (pending, "WITHDRAWN", "已失效（已确认其他岗位）"),
    ]
    await programme.do("POST", f"{ME}/{wanted}/accept", intern)
    assert [await programme.status(intern, id) for id in (wanted, offered, pending)] == ["WILLING", "UNWILLING", "WITHDRAWN"]
    assert [(await programme.seats(posting_id)).holders for posting_id in postings] == [(wanted,), (), ()]
    seen = await programme.do("GET", f"{UNIT}/{offered}", other)
    last = seen["history"][-1]
    assert (last["deed"], last["to_name"], last["reason"]["code"], last["office"]) == (
        "因确认其他岗位而失效",
        "确认无意愿",
        "superseded",
        None,
    )
    assert seen["effects"] == []


@pytest.mark.rule("R18", "R23", "R20")
async def test_a_rejection_needs_a_reason_from_the_list(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    path = f"{UNIT}/{id}/reject"
    await programme.refused("reason_needed", 422, "POST", path, unit, {})
    await programme.refused("reason_unknown", 422, "POST", path, unit, {"reason": {"code": "magic"}})
    await programme.refused("reason_unknown", 422, "POST", path, unit, LATE)
    wrong: list[Any] = [
        None,
        {"reason": {"text": "示例"}},
        {"reason": {"code": "other", "text": " "}},
        {"reason": {"code": "other", "text": "字" * 501}},
        {"why": "other"},
    ]
    for body in wrong:
        await programme.refused("invalid_input", 422, "POST", path, unit, body)
    assert await programme.status(intern, id) == Status.PENDING
    await programme.do("POST", path, unit, REASON)
    last = (await programme.do("GET", f"{ME}/{id}", intern))["history"][-1]
    assert (last["to"], last["reason"]["text"]) == ("REJECTED", "示例：需要会计专业")
    assert "示例" not in str(await programme.said(intern.id))


@pytest.mark.rule("R20")
async def test_a_command_out_of_turn_is_refused_and_changes_nothing(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    before = await programme.said(intern.id)
    term = {"start": "2026-11-02", "planned_end": "2027-05-01"}
    ending = {"kind": "completed", "end": "2026-11-02", "retained": False}
    for path, who, body in (
        (f"{ME}/{id}/accept", intern, None),
        (f"{ME}/{id}/decline", intern, None),
        (f"{UNIT}/{id}/onboard", unit, term),
        (f"{UNIT}/{id}/absent", unit, LATE),
        (f"{UNIT}/{id}/terminate", unit, ending),
        (f"{UNIT}/{id}/reinvite", unit, None),
        (f"{UNIT}/{id}/accept-diploma", unit, None),
        (f"{UNIT}/{id}/refuse-diploma", unit, {"reason": {"code": "not_readable"}}),
    ):
        await programme.refused("wrong_status", 409, "POST", path, who, body)
    assert await programme.said(intern.id) == before


@pytest.mark.rule("G9", "R18", "R8", "G12")
async def test_who_does_not_come_is_absent_and_may_apply_again(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit)
    id = await programme.submit(intern, posting_id)
    await programme.bring(intern, unit, id, Status.APPROVED)
    await programme.refused("reason_needed", 422, "POST", f"{UNIT}/{id}/absent", unit, {})
    absent = await programme.do("POST", f"{UNIT}/{id}/absent", unit, LATE)
    assert (absent["status_name"], absent["reason"]["label"]) == ("确认未到岗", "未按约定时间到岗")
    assert (await programme.seats(posting_id)).holders == ()
    assert await programme.submit(intern, posting_id)


@pytest.mark.rule("R29", "G9")
async def test_onboarding_asks_for_sound_dates(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.APPROVED)
    path = f"{UNIT}/{id}/onboard"
    for term, code in (
        ({"start": "2026-11-03", "planned_end": "2027-05-01"}, "start_date"),
        ({"start": "2026-11-01", "planned_end": "2027-05-01"}, "start_date"),
        ({"start": "2026-11-02", "planned_end": "2027-11-03"}, "planned_end"),
        ({"start": "2026-11-02"}, "invalid_input"),
        ({"start": "today", "planned_end": "2027-05-01"}, "invalid_input"),
    ):
        await programme.refused(code, 422, "POST", path, unit, term)
    onboarded = await programme.do("POST", path, unit, {"start": "2026-11-02", "planned_end": "2027-05-01"})
    assert (onboarded["internship"]["start"], onboarded["internship"]["planned_end"]) == ("2026-11-02", "2027-05-01")


@pytest.mark.rule("G14", "R24")
async def test_a_unit_lists_its_applicants_by_status_and_posting_page_by_page(programme: Programme) -> None:
    unit, other = await programme.unit(), await programme.unit()
    mine, second, elsewhere = [await programme.posting(one) for one in (unit, unit, other)]
    interns = [await programme.intern(youth()) for _ in range(3)]
    ids = [await programme.submit(intern, mine) for intern in interns]
    more = await programme.submit(interns[1], second)
    await programme.submit(interns[1], elsewhere)
    await programme.do("POST", f"{UNIT}/{ids[2]}/offer", unit)

    async def listed(**query: Any) -> tuple[set[str], str | None]:
        page = await programme.do("GET", UNIT, unit.but(permissions=frozenset({Permission.REPORT_INTERNSHIPS})), params=query)
        return {item["id"] for item in page["items"]}, page["next"]

    assert await listed() == ({*ids, more}, None)
    assert await listed(status="OFFERED") == ({ids[2]}, None)
    assert await listed(posting_id=mine) == (set(ids), None)
    assert await listed(posting_id=second, status="PENDING") == ({more}, None)
    assert await listed(posting_id=elsewhere) == (set(), None)
    first, after = await listed(limit=1)
    rest, end = await listed(limit=2, after=after)
    assert (first | rest, end) == ({*ids, more}, None), "a last page that is just full has no next"
    assert not first & rest
    wrong: list[dict[str, Any]] = [{"limit": 0}, {"limit": 101}, {"status": "GONE"}, {"posting_id": "$$x"}]
    for query in wrong:
        await programme.refused("invalid_input", 422, "GET", UNIT, unit, params=query)


@pytest.mark.rule("R7")
async def test_a_withdrawn_application_cannot_be_offered(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    assert (await programme.do("GET", f"{UNIT}/{id}", unit))["submitted_at"].startswith(f"{NOON:%Y-%m-%dT%H}")
    await programme.do("POST", f"{ME}/{id}/withdraw", intern)
    await programme.refused("wrong_status", 409, "POST", f"{UNIT}/{id}/offer", unit)
