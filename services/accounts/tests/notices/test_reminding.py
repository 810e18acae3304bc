"""Reminders on the real store (R21, R22, R29): each once, however many replicas sweep, and none after the answer."""

import asyncio
from datetime import datetime, timedelta

import pytest
from accounts.app import build
from accounts.notices.domain.reminders import morning
from accounts.notices.handlers.remind import remind_all
from accounts.settings import AccountsSettings
from common.calendar import ONE_DAY, SHANGHAI, local_date, midnight
from common.contracts.applications import ApplicationDueChanged, PlannedEndChanged
from common.contracts.people import UnitRecognitionRequested
from common.contracts.words import CaseKind, CaseStatus, Role, Status, UnitStatus
from common.decision import Actor

from ..builders import COUNTY, case
from ..conftest import ADMINISTRATOR, Desk
from .conftest import Post
from .samples import unit_change

ANSWER, UNIT_ANSWER = "reminder.answer_due.intern", "reminder.unit_answer.unit"


async def offered(desk: Desk, post: Post) -> tuple[Actor, Actor, datetime]:
    """An intern, the unit, and until when the offer is to be answered."""
    intern, unit = await desk.intern(), await desk.unit()
    calendar = (await desk.parts.reference.current()).calendar
    due = calendar.due_instant(post.now, 5)
    await post.applies(intern, unit, Status.OFFERED, due_at=due)
    return intern, unit, due


async def reminded(post: Post, who: Actor, template: str = ANSWER) -> list[str]:
    """The titles, newest first."""
    return [item["title"] for item in await post.inbox(who, limit=100) if item["template"] == template]


@pytest.mark.rule("R21")
async def test_an_offer_is_reminded_of_three_times_each_once_by_however_many_replicas(
    desk: Desk, post: Post, accounts_settings: AccountsSettings
) -> None:
    intern, _, due = await offered(desk, post)
    other = build(accounts_settings)
    seen = []
    while post.now < due:
        await asyncio.gather(post.remind(), remind_all(other.deps.notices))
        seen.append(len(await reminded(post, intern)))
        desk.later(hours=12)
    await post.remind()
    assert await reminded(post, intern) == ["今天是答复的最后一天", "别忘了答复：还有1个工作日", "别忘了答复：还有3个工作日"]
    assert sorted(set(seen)) == [0, 1, 2, 3]
    await other.mongo.close()


@pytest.mark.rule("R21")
async def test_a_clock_that_jumps_past_several_reminders_sends_the_newest_and_past_the_end_none(desk: Desk, post: Post) -> None:
    intern, _, due = await offered(desk, post)
    post.until(due - timedelta(hours=1))
    await post.remind()
    assert await reminded(post, intern) == ["今天是答复的最后一天"]
    another, _, end = await offered(desk, post)
    post.until(end)
    await post.remind()
    assert await reminded(post, another) == []


@pytest.mark.rule("R21", "R6")
async def test_an_extended_term_is_reminded_of_anew_and_an_answer_ends_reminding(desk: Desk, post: Post) -> None:
    intern, unit, due = await offered(desk, post)
    post.until(due - timedelta(hours=1))
    await post.remind()
    app = {"application_id": f"app_{intern.id}_{unit.unit_id}", "person_id": intern.id, "unit_id": str(unit.unit_id)}
    await post.happens(intern.id, ApplicationDueChanged(**app, due_at=due + ONE_DAY))
    post.until(due + timedelta(hours=9))
    await post.remind()
    assert (await reminded(post, intern)).count("今天是答复的最后一天") == 2
    again, unit, due = await offered(desk, post)
    await post.applies(again, unit, Status.WILLING)
    post.until(due - timedelta(hours=1))
    await post.remind()
    assert await reminded(post, again) == []


@pytest.mark.rule("R21")
async def test_a_reminder_on_its_way_is_dropped_when_the_answer_comes_first(desk: Desk, post: Post) -> None:
    intern, unit, due = await offered(desk, post)
    desk.later(minutes=2)
    await post.deliver()
    post.until(morning(local_date(due - timedelta(seconds=1))))
    await post.remind()
    [waiting] = await post.deliveries(status="queued", to=intern.id)
    await post.applies(intern, unit, Status.WILLING)
    await post.deliver()
    [dropped] = await post.deliveries(_id=waiting["_id"])
    assert dropped["status"] == "dropped"


@pytest.mark.rule("R22")
async def test_a_unit_is_reminded_of_its_silent_applicants_once_a_day(desk: Desk, post: Post) -> None:
    unit = await desk.unit()
    for intern in [await desk.intern() for _ in range(3)]:
        await post.applies(intern, unit, Status.PENDING)
    post.until(morning(local_date((await desk.parts.reference.current()).calendar.due_instant(post.now, 10))) - timedelta(seconds=1))
    await post.remind()
    assert await reminded(post, unit, UNIT_ANSWER) == []
    desk.later(seconds=1)
    await post.remind()
    await post.remind()
    assert await reminded(post, unit, UNIT_ANSWER) == ["有应聘人员等候已久"]


@pytest.mark.rule("R29")
async def test_reports_reviews_and_recognitions_that_fall_due_are_reminded_of(desk: Desk, post: Post) -> None:
    entry = {"login": "staff.office", "password": "shili2026", "role": "officer", "region": COUNTY, "name": "示例"}
    office = Actor(id=(await desk.ok("POST", "/staff", ADMINISTRATOR, entry))["id"], role=Role.OFFICER, region=COUNTY)
    intern, unit = await desk.intern(), await desk.unit()
    today = post.now.astimezone(SHANGHAI).date()
    await post.applies(intern, unit, Status.ONBOARDED, start=today, planned_end=today + 90 * ONE_DAY)
    app = {"application_id": f"app_{intern.id}_{unit.unit_id}", "person_id": intern.id, "unit_id": str(unit.unit_id)}
    await post.happens(intern.id, PlannedEndChanged(**app, change="agreed", planned_end=today + 30 * ONE_DAY))
    await post.happens("cas_1", case("per_1", CaseKind.ELIGIBILITY, to=CaseStatus.CLAIMED, due_at=midnight(today + 2 * ONE_DAY)))
    ends = unit_change(UnitStatus.REQUESTED, UnitStatus.RECOGNISED).but(unit_id=unit.unit_id, recognised_until=today + 61 * ONE_DAY)
    await post.happens(str(unit.unit_id), ends)
    for _ in range(50):
        desk.later(days=1)
        await post.remind()
    assert await reminded(post, office, "reminder.review_overdue.office") == ["有事项超过办理期限"]
    assert await reminded(post, unit, "reminder.end_report.unit") == ["请报告见习终止"] * 3
    assert await reminded(post, intern, "reminder.end_report.intern") == ["单位还没有报告见习终止"]
    assert await reminded(post, unit, "reminder.recognition_expiring.unit") == ["单位认定还有30天到期", "单位认定还有60天到期"]


@pytest.mark.rule("R21")
async def test_a_moved_term_of_an_application_never_heard_of_is_looked_at_once_and_holds_up_nothing(desk: Desk, post: Post) -> None:
    stray = {"application_id": "app_stray", "person_id": "per_stray", "unit_id": "unt_stray"}
    await post.happens("per_stray", ApplicationDueChanged(**stray, due_at=post.now + ONE_DAY))
    intern, _, due = await offered(desk, post)
    post.until(due - timedelta(hours=1))
    await post.remind()
    assert await reminded(post, intern) == ["今天是答复的最后一天"]
    assert await post.parts.to_remind(post.parts.applications, post.now, 10) == []


@pytest.mark.rule("R15")
async def test_a_unit_that_has_asked_for_its_renewal_is_not_reminded_of_it(desk: Desk, post: Post) -> None:
    unit = await desk.unit()
    id, until = str(unit.unit_id), local_date(post.now) + 61 * ONE_DAY
    await post.happens(id, unit_change(UnitStatus.REQUESTED, UnitStatus.RECOGNISED).but(unit_id=id, recognised_until=until))
    await post.happens(id, UnitRecognitionRequested(unit_id=id, request=2, name="示例", uscc="-", region=COUNTY, documents=()))
    desk.later(days=2)
    await post.remind()
    assert await reminded(post, unit, "reminder.recognition_expiring.unit") == []
    refused = unit_change(UnitStatus.RECOGNISED, UnitStatus.RECOGNISED, "other").but(unit_id=id, recognised_until=until)
    await post.happens(id, refused)
    await post.remind()
    assert await reminded(post, unit, "reminder.recognition_expiring.unit") == ["单位认定还有60天到期"]


@pytest.mark.rule("R10", "R21")
async def test_who_is_to_supplement_something_is_reminded_until_it_is_handed_in(desk: Desk, post: Post) -> None:
    intern = await desk.intern()
    desk.later(minutes=2)
    due = (await desk.parts.reference.current()).calendar.due_instant(post.now, 10)
    returned = case(intern.id, CaseKind.ELIGIBILITY, to=CaseStatus.RETURNED, reason_code="evidence_missing", due_at=due)
    await post.happens(returned.case_id, returned)
    await post.deliver()
    post.until(due - timedelta(hours=10))
    await post.remind()
    assert await reminded(post, intern, "reminder.supplement.intern") == ["别忘了补充材料"]
    await post.happens(returned.case_id, returned.but(to=CaseStatus.OPEN))
    await post.deliver()
    assert [row["status"] for row in await post.deliveries(to=intern.id)] == ["sent", "dropped"]
