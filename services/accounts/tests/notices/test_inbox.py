"""Notices in the platform (R21): each exactly once, in words, for their reader alone."""

import random
from dataclasses import replace

import pytest
from common.calendar import ONE_DAY
from common.contracts.applications import ApplicationDueChanged, DiplomaChanged, TalkChanged
from common.contracts.cases import ReferenceChangeSettled
from common.contracts.effects import EFFECTS
from common.contracts.envelope import Event
from common.contracts.people import UnitRegistered
from common.contracts.words import CaseKind, CaseStatus, Diploma, Permission, PostingStatus, Role, Status
from common.decision import Actor

from ..builders import COUNTY, ELSEWHERE, application, case
from ..conftest import ADMINISTRATOR, Desk, officer
from .conftest import Post
from .samples import posting_change

pytestmark = pytest.mark.rule("R21")
NOTICES = "/me/notices"


async def test_a_status_change_is_told_to_intern_and_unit_in_words(desk: Desk, post: Post) -> None:
    intern, unit = await desk.intern(), await desk.unit()
    await post.happens("pst_1", posting_change(PostingStatus.SUBMITTED, PostingStatus.PUBLISHED, unit_id=unit.unit_id))
    await post.happens(str(unit.unit_id), UnitRegistered(unit_id=str(unit.unit_id), name="示例科技有限公司", uscc="-", region=COUNTY))
    due = post.now + ONE_DAY
    await post.applies(intern, unit, Status.OFFERED, due_at=due)
    [notice] = await post.inbox(intern)
    assert notice["title"] == "单位已确认通过，请您答复"
    assert "“示例测试见习岗”（示例科技有限公司）" in notice["text"]
    assert (notice["group"], notice["unread"], notice["read_at"]) == ("due", True, None)
    assert notice["due_at"].startswith(f"{due:%Y-%m-%dT%H:%M:%S}")
    assert notice["about"]["application_id"] == f"app_{intern.id}_{unit.unit_id}"
    await post.applies(intern, unit, Status.WILLING)
    assert await post.templates(unit) == ["application.willing.unit", "posting.published.unit"]


async def test_events_again_and_in_any_order_tell_nobody_twice(desk: Desk, post: Post) -> None:
    intern, unit = await desk.intern(), await desk.unit()
    app = {"application_id": f"app_{intern.id}_{unit.unit_id}", "person_id": intern.id, "unit_id": str(unit.unit_id)}
    steps = (Status.PENDING, Status.OFFERED, Status.WILLING, Status.APPROVED, Status.ONBOARDED, Status.TERMINATED)
    facts = [application(intern.id, str(unit.unit_id), to) for to in steps]
    more = [
        ApplicationDueChanged(**app, due_at=post.now + ONE_DAY),
        TalkChanged(**app, change="invited"),
        DiplomaChanged(**app, diploma=Diploma.REFUSED, reason_code="not_readable"),
    ]
    events = [post.event(intern.id, fact) for fact in (*facts, *more)]
    await post.hear(*events)
    told = [(row["_id"], row["cause"], row["to"], row["at"]) for row in await post.rows()]
    sent = [row["_id"] for row in await post.deliveries()]
    rows = [next(row for row in EFFECTS if row.to is to) for to in steps]
    assert len(told) == len({(cause, to) for _, cause, to, _ in told}) == sum(len(row.tells) for row in rows) + 2 + 1 + 1
    chance = random.Random(21)
    for _ in range(6):
        again: list[Event] = chance.choices(events, k=20)
        await post.hear(*again)
    assert [(row["_id"], row["cause"], row["to"], row["at"]) for row in await post.rows()] == told
    assert [row["_id"] for row in await post.deliveries()] == sent


async def test_an_inbox_is_paged_newest_first_and_narrowed_to_what_is_unread(desk: Desk, post: Post) -> None:
    intern, unit = await desk.intern(), await desk.unit()
    steps = (Status.OFFERED, Status.APPROVED, Status.DISAPPROVED, Status.ONBOARDED, Status.TERMINATED)
    for to in steps:
        desk.later(seconds=1)
        await post.applies(intern, unit, to)
    expected = [f"application.{to.lower()}.intern" for to in reversed(steps)]
    assert await post.templates(intern) == expected
    first = await desk.ok("GET", NOTICES, intern, limit=2)
    second = await desk.ok("GET", NOTICES, intern, limit=2, after=first["next"])
    third = await desk.ok("GET", NOTICES, intern, limit=2, after=second["next"])
    assert [item["template"] for page in (first, second, third) for item in page["items"]] == expected
    assert third["next"] is None
    await desk.ok("POST", f"{NOTICES}/{first['items'][0]['id']}/read", intern)
    assert [item["template"] for item in await post.inbox(intern, unread=True)] == expected[1:]
    assert await desk.refused("GET", NOTICES, intern, after="nonsense") == (422, "invalid_input")


async def test_reading_marks_once_and_all_at_once(desk: Desk, post: Post) -> None:
    intern, unit = await desk.intern(), await desk.unit()
    for to in (Status.OFFERED, Status.APPROVED, Status.ONBOARDED):
        await post.applies(intern, unit, to)
    assert await desk.ok("GET", f"{NOTICES}/count", intern) == {"unread": 3}
    id = (await post.inbox(intern))[0]["id"]
    read = await desk.ok("POST", f"{NOTICES}/{id}/read", intern)
    desk.later(minutes=1)
    again = await desk.ok("POST", f"{NOTICES}/{id}/read", intern)
    assert read["unread"] is False
    assert again["read_at"] == read["read_at"]
    assert await desk.ok("GET", f"{NOTICES}/count", intern) == {"unread": 2}
    assert await desk.ok("POST", f"{NOTICES}/read-all", intern) == {"unread": 0}
    await post.applies(intern, unit, Status.TERMINATED)
    later = post.event(intern.id, application(intern.id, str(unit.unit_id), Status.REJECTED))
    await post.hear(replace(later, time=post.now + ONE_DAY))
    assert await desk.ok("GET", f"{NOTICES}/count", intern) == {"unread": 2}
    assert await desk.ok("POST", f"{NOTICES}/read-all", intern) == {"unread": 1}


@pytest.mark.rule("R24")
async def test_a_unit_is_told_by_those_who_may_do_the_work_and_each_reads_for_oneself(desk: Desk, post: Post) -> None:
    intern, founder = await desk.intern(), await desk.unit()
    added = {**await desk.registration(), "name": "示例报到员", "permissions": ["report_internships"]}
    made = await desk.ok("POST", "/units/me/users", founder, added)
    reporter = Actor(id=made["id"], role=Role.UNIT, unit_id=founder.unit_id, permissions=frozenset({Permission.REPORT_INTERNSHIPS}))
    await post.applies(intern, founder, Status.PENDING)
    await post.applies(intern, founder, Status.APPROVED)
    assert await post.templates(founder) == ["application.approved.unit", "application.pending.unit"]
    assert await post.templates(reporter) == ["application.approved.unit"]
    await desk.ok("POST", f"{NOTICES}/read-all", founder)
    assert await desk.ok("GET", f"{NOTICES}/count", reporter) == {"unread": 1}
    await desk.ok("PATCH", f"/units/me/users/{reporter.id}", founder, {"active": False})
    await post.applies(intern, founder, Status.DISAPPROVED)
    assert await post.templates(reporter) == ["application.approved.unit"]


async def test_offices_and_administrators_are_told_what_is_theirs(desk: Desk, post: Post) -> None:
    staff = [("officer", COUNTY), ("officer", ELSEWHERE), ("system_admin", None), ("audit_admin", None)]
    made = []
    for number, (role, region) in enumerate(staff):
        entry = {"login": f"staff.{number}", "password": "shili2026", "role": role, "region": region, "name": "示例"}
        made.append((await desk.ok("POST", "/staff", ADMINISTRATOR, entry))["id"])
    await post.happens("cas_1", case("per_1", CaseKind.SILENCE))
    await post.happens("prp_1", ReferenceChangeSettled(proposal_id="prp_1", applied=True))
    told = [(row["to"], row["template"]) for row in await post.rows()]
    assert sorted(told) == sorted([(made[0], "case.open.silence.office"), (made[2], "reference.applied.administrator")])
    assert await post.templates(officer().but(id=made[0])) == ["case.open.silence.office"]


async def test_the_unit_of_a_posting_is_told_what_its_case_asks_for(desk: Desk, post: Post) -> None:
    unit = await desk.unit()
    await post.happens("pst_1", posting_change(PostingStatus.DRAFT, PostingStatus.SUBMITTED, unit_id=unit.unit_id))
    returned = case("pst_1", CaseKind.POSTING, to=CaseStatus.RETURNED, reason_code="evidence_missing", due_at=post.now + ONE_DAY)
    await post.happens("cas_1", returned)
    [notice] = await post.inbox(unit)
    assert "岗位审核需要补充材料：缺少证明材料" in notice["text"]
    await post.happens("cas_2", case("pst_unknown", CaseKind.POSTING, to=CaseStatus.RETURNED, due_at=post.now))
    assert len(await post.inbox(unit)) == 1


async def test_nobody_reads_anothers_notices(desk: Desk, post: Post) -> None:
    intern, other, unit = await desk.intern(), await desk.intern(), await desk.unit()
    await post.applies(intern, unit, Status.OFFERED)
    [notice] = await post.inbox(intern)
    assert await post.inbox(other) == []
    assert await desk.refused("POST", f"{NOTICES}/{notice['id']}/read", other) == (404, "not_found")
    assert await desk.refused("POST", f"{NOTICES}/ntc_unknown/read", intern) == (404, "not_found")
    assert (await post.inbox(intern))[0]["unread"] is True
    for path in (NOTICES, f"{NOTICES}/count", "/me/notice-preferences"):
        assert await desk.refused("GET", path, Actor(id="stf_9", role=Role.ANALYST)) == (403, "forbidden")
        assert await desk.refused("GET", path) == (401, "unauthenticated")


async def test_preferences_switch_messages_by_group_and_nothing_in_the_platform(desk: Desk, post: Post) -> None:
    intern = await desk.intern()
    before = await desk.ok("GET", "/me/notice-preferences", intern)
    assert [item["group"] for item in before["items"]] == ["due", "progress", "unit", "account", "office"]
    assert all(item["platform"] and item["sms"] and item["mail"] for item in before["items"])
    body = {"items": [{"group": "progress", "sms": False, "mail": True}]}
    changed = await desk.ok("PUT", "/me/notice-preferences", intern, body)
    assert {item["group"]: item["sms"] for item in changed["items"]} == {
        "due": True,
        "progress": False,
        "unit": True,
        "account": True,
        "office": True,
    }
    assert await desk.ok("GET", "/me/notice-preferences", intern) == changed
    for items in ([], [{"group": "other", "sms": True, "mail": True}], [{"group": "due", "platform": False}]):
        assert await desk.refused("PUT", "/me/notice-preferences", intern, {"items": items}) == (422, "invalid_input")
