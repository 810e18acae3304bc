"""Announcements, policies and guide pages: officers publish them for their region, anyone reads what is in force (G16)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from common.calendar import local_date
from common.contracts.words import Role
from common.decision import Actor
from common.errors import Refusal
from common.ids import new_id
from common.reference import Reference
from common.regions import ancestors
from postings.announcements import domain
from postings.announcements.domain import Announcement, AnnouncementContent, AnnouncementKind
from pydantic import ValidationError

from .builders import NOON, by
from .conftest import Zone

REGIONS = Reference.sample().regions
TODAY = local_date(NOON)
DAY = timedelta(days=1)
COUNTY, CITY, PROVINCE, OTHER_COUNTY, OTHER_CITY = "520102", "520100", "520000", "520103", "520300"


def office(region: str | None) -> Actor:
    return Actor(id=f"stf_{region}", role=Role.OFFICER, region=region)


def said(**changes: Any) -> AnnouncementContent:
    return AnnouncementContent(
        kind=AnnouncementKind.ANNOUNCEMENT,
        region=COUNTY,
        title="示例招募公告",
        text="示例内容：本期见习岗位已发布。",
        starts_on=TODAY,
        ends_on=TODAY + 30 * DAY,
    ).but(**changes)


def published(officer: str = COUNTY, at: datetime = NOON, **changes: Any) -> Announcement:
    return domain.publish(None, "ann_1", said(**changes), REGIONS, by(office(officer), at)).state


def refused(act: Callable[[], object]) -> str:
    """`ok`, or the code of the refusal."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return "ok"


@pytest.mark.rule("G16", "R14")
@pytest.mark.parametrize("region", [COUNTY, CITY, PROVINCE, OTHER_COUNTY, OTHER_CITY])
@pytest.mark.parametrize("officer", [COUNTY, CITY, PROVINCE, None])
def test_an_officer_publishes_for_the_region_and_what_it_contains(officer: str | None, region: str) -> None:
    before, own = published(PROVINCE, region=region), officer in ancestors(region)
    command = by(office(officer))
    assert domain.oversees(office(officer), region) is own
    code = refused(lambda: domain.publish(None, "ann_1", said(region=region), REGIONS, command))
    assert code == ("ok" if own else "announcement_region")
    assert refused(lambda: domain.change(before, {"title": "示例"}, command)) == ("ok" if own else "not_found")
    assert refused(lambda: domain.withdraw(before, "示例", command)) == ("ok" if own else "not_found")


@pytest.mark.rule("G16")
@pytest.mark.parametrize("region", ["520199", "110101"])
def test_a_region_that_is_not_in_use_has_no_announcements(region: str) -> None:
    assert refused(lambda: published(region, region=region)) == "announcement_region"


@pytest.mark.rule("G16")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (TODAY, TODAY, "ok"),
        (TODAY - DAY, TODAY, "announcement_start"),
        (TODAY + 366 * DAY, TODAY + 366 * DAY, "ok"),
        (TODAY + 367 * DAY, TODAY + 367 * DAY, "announcement_start"),
        (date.min, TODAY, "announcement_start"),
        (TODAY + DAY, TODAY, "announcement_end"),
        (TODAY, TODAY - DAY, "announcement_end"),
        (TODAY, TODAY + 1827 * DAY, "ok"),
        (TODAY, TODAY + 1828 * DAY, "announcement_end"),
        (TODAY, date.max, "announcement_end"),
    ],
)
def test_it_begins_within_a_year_and_lasts_at_most_five(starts_on: date, ends_on: date, code: str) -> None:
    assert refused(lambda: published(starts_on=starts_on, ends_on=ends_on)) == code


@pytest.mark.rule("G16")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "示例更正"}, "ok"),
        ({"ends_on": TODAY + 11 * DAY}, "ok"),
        ({"ends_on": TODAY + 10 * DAY}, "ok"),
        ({"ends_on": TODAY + 9 * DAY}, "announcement_end"),
        ({"starts_on": TODAY + 9 * DAY}, "announcement_start"),
        ({"starts_on": TODAY + 11 * DAY}, "ok"),
        ({"starts_on": TODAY + 31 * DAY}, "announcement_end"),
    ],
)
def test_ten_days_later_only_dates_that_change_must_lie_ahead(changes: dict[str, Any], code: str) -> None:
    assert refused(lambda: domain.change(published(), changes, by(office(COUNTY), NOON + 10 * DAY))) == code


@pytest.mark.rule("G16")
def test_one_that_has_ended_is_corrected_without_coming_back() -> None:
    after = domain.change(published(), {"title": "示例更正"}, by(office(COUNTY), NOON + 60 * DAY)).state
    assert after.standing(TODAY + 60 * DAY) == "ended"


@pytest.mark.rule("G16", "R20")
def test_every_version_is_kept_and_the_same_words_make_none() -> None:
    announcement, titles = published(), ["示例一", "示例二"]
    for title in titles:
        decision = domain.change(announcement, {"title": title}, by(office(COUNTY)))
        assert decision.history[0].subject == str(len(decision.state.earlier) + 1)
        announcement = decision.state
    assert [version.title for version in (*announcement.earlier, announcement.content)] == ["示例招募公告", *titles]
    assert not domain.change(announcement, {"title": titles[-1]}, by(office(COUNTY))).history
    full = announcement.but(earlier=(said(),) * 49)
    assert refused(lambda: domain.change(full, {"title": "示例三"}, by(office(COUNTY)))) == "announcement_versions_full"
    assert refused(lambda: domain.change(full, {"title": titles[-1]}, by(office(COUNTY)))) == "ok"


@pytest.mark.rule("G16")
def test_what_is_withdrawn_stays_withdrawn() -> None:
    withdrawn = domain.withdraw(published(), "示例：内容有误", by(office(COUNTY))).state
    assert withdrawn.standing(TODAY) == "withdrawn"
    assert refused(lambda: domain.change(withdrawn, {"title": "示例"}, by(office(COUNTY)))) == "announcement_withdrawn"
    assert refused(lambda: domain.withdraw(withdrawn, "示例", by(office(COUNTY)))) == "announcement_withdrawn"


@pytest.mark.rule("G16")
def test_it_is_in_force_from_its_first_to_its_last_day_in_shanghai() -> None:
    one = published(starts_on=TODAY + DAY, ends_on=TODAY + 2 * DAY)
    assert [one.standing(TODAY + n * DAY) for n in range(4)] == ["future", "in_force", "in_force", "ended"]
    assert one.begins_at == datetime(2026, 11, 24, 16, tzinfo=UTC)


@pytest.mark.rule("G16")
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " \u200b "},
        {"title": "字" * 101},
        {"title": "一\n二"},
        {"text": ""},
        {"text": "字" * 10_001},
        {"kind": "news"},
        {"more": 1},
    ],
)
def test_a_malformed_content_is_no_content(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AnnouncementContent.model_validate(said().model_dump() | wrong)


async def posted(zone: Zone, region: str = COUNTY, officer: Actor | None = None, **changes: Any) -> str:
    today = zone.parts.clock.today()
    body = said(**{"region": region, "starts_on": today, "ends_on": today + 30 * DAY, **changes}).model_dump(mode="json")
    answer = await zone.call("POST", "/announcements", officer or office(region), body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def listed(zone: Zone, path: str = "/announcements", who: Actor | None = None, **query: Any) -> list[str]:
    answer = await zone.call("GET", path, who, **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def aged(zone: Zone, id: str, days: int) -> None:
    """As if it had been published so many days ago."""
    row = await zone.parts.announcements.store.collection.find_one({"_id": id})
    assert row
    old = Announcement.model_validate(row["state"])
    starts_on, ends_on = old.content.starts_on - days * DAY, old.content.ends_on - days * DAY
    changed = {"state.begins_at": old.begins_at - days * DAY, "state.content.starts_on": starts_on, "state.content.ends_on": ends_on}
    await zone.parts.announcements.store.collection.update_one({"_id": id}, {"$set": changed})


@pytest.mark.rule("G16")
async def test_anyone_reads_what_is_in_force_for_a_region_and_what_contains_it(zone: Zone) -> None:
    today = zone.parts.clock.today()
    county, city, province = [await posted(zone, region) for region in (COUNTY, CITY, PROVINCE)]
    guide = await posted(zone, OTHER_COUNTY, kind=AnnouncementKind.GUIDE)
    for days, id in enumerate((county, city, province, guide), 1):
        await aged(zone, id, days)
    last_day = await posted(zone, OTHER_CITY, ends_on=today)
    future = await posted(zone, COUNTY, starts_on=today + DAY)
    ended = await posted(zone, COUNTY)
    await aged(zone, ended, 31)
    withdrawn = await posted(zone, COUNTY)
    assert (await zone.call("POST", f"/announcements/{withdrawn}/withdraw", office(COUNTY), {"note": "示例"})).status_code == 200
    queries: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({}, [last_day, county, city, province, guide]),
        ({"region": COUNTY}, [county, city, province]),
        ({"region": CITY}, [city, province]),
        ({"region": PROVINCE}, [province]),
        ({"region": OTHER_CITY}, [last_day, province]),
        ({"region": OTHER_COUNTY, "kind": "guide"}, [guide]),
        ({"kind": "policy"}, []),
    )
    for query, expected in queries:
        assert await listed(zone, **query) == expected, query
    for id in (future, ended, withdrawn):
        assert (await zone.call("GET", f"/announcements/{id}")).json()["code"] == "not_found"
        assert (await zone.call("GET", f"/announcements/{id}", office(OTHER_COUNTY))).status_code == 404
        assert (await zone.call("GET", f"/announcements/{id}", office(PROVINCE))).status_code == 200
    everything = {county, city, guide, future, ended, withdrawn}
    assert set(await listed(zone, "/offices/me/announcements", office(CITY))) == everything
    assert set(await listed(zone, "/offices/me/announcements", office(COUNTY))) == everything - {city, guide}
    assert await listed(zone, "/offices/me/announcements", office(CITY), kind="guide") == [guide]


@pytest.mark.rule("G16", "G17")
async def test_a_page_is_shown_with_its_text_and_whom_to_ask(zone: Zone) -> None:
    id = await posted(zone, text="示例\u200b第一段\n第二段")
    shown = (await zone.call("GET", f"/announcements/{id}", Actor(id="per_1", role=Role.INTERN))).json()
    assert (shown["text"], shown["kind_name"], shown["standing_name"], shown["version"]) == ("示例第一段\n第二段", "公告", "有效", 1)
    assert (shown["region_name"], [contact["region"] for contact in shown["ask"]]) == ("贵州省贵阳市南明区", [COUNTY, "support"])
    assert "history" not in shown
    [row] = (await zone.call("GET", "/announcements")).json()["items"]
    assert "text" not in row


@pytest.mark.rule("G16", "R20")
async def test_officers_read_the_versions_and_who_made_them(zone: Zone) -> None:
    id = await posted(zone)
    changed = await zone.call("PATCH", f"/announcements/{id}", office(CITY), {"title": "示例更正公告", "kind": None})
    assert (changed.status_code, changed.json()["title"], changed.json()["version"]) == (200, "示例更正公告", 2)
    await zone.call("POST", f"/announcements/{id}/withdraw", office(COUNTY), {"note": "示例：内容有误"})
    shown = (await zone.call("GET", f"/announcements/{id}", office(COUNTY))).json()
    assert [version["title"] for version in shown["earlier"]] == ["示例招募公告"]
    assert [(line["command"], line["role"], line["office"], line["version"], line["note"]) for line in shown["history"]] == [
        ("publish", "officer", COUNTY, 1, None),
        ("change", "officer", CITY, 2, None),
        ("withdraw", "officer", COUNTY, None, "示例：内容有误"),
    ]
    assert "stf_" not in str(shown)


@pytest.mark.rule("G16", "R20")
async def test_the_same_key_publishes_once(zone: Zone) -> None:
    today, key = zone.parts.clock.today(), new_id("key")
    body = said(starts_on=today, ends_on=today).model_dump(mode="json")
    first, second = [await zone.call("POST", "/announcements", office(COUNTY), body, key=key) for _ in range(2)]
    assert first.json() == second.json()
    assert await listed(zone) == [first.json()["id"]]


@pytest.mark.rule("G16")
async def test_only_officers_publish_and_unknown_ones_are_not_found(zone: Zone) -> None:
    id, body = await posted(zone), said().model_dump(mode="json")
    calls: tuple[tuple[str, str, Any], ...] = (
        ("POST", "/announcements", body),
        ("PATCH", f"/announcements/{id}", {}),
        ("POST", f"/announcements/{id}/withdraw", {"note": "示例"}),
        ("GET", "/offices/me/announcements", None),
    )
    for method, path, sent in calls:
        assert (await zone.call(method, path, None, sent)).status_code == 401
        for role in set(Role) - {Role.OFFICER}:
            assert (await zone.call(method, path, Actor(id="who", role=role, region=COUNTY), sent)).status_code == 403
    assert (await zone.call("GET", "/offices/me/announcements", office(None))).status_code == 403
    for method, path, sent in (("GET", "", None), ("PATCH", "", {}), ("POST", "/withdraw", {"note": "示例"})):
        assert (await zone.call(method, f"/announcements/ann_unknown{path}", office(PROVINCE), sent)).status_code == 404
    assert (await zone.call("PATCH", f"/announcements/{id}", office(COUNTY), {"region": CITY})).json()["code"] == "invalid_input"
    assert (await zone.call("POST", f"/announcements/{id}/withdraw", office(COUNTY), {})).json()["code"] == "invalid_input"


@pytest.mark.rule("G16")
async def test_pages_follow_each_other_and_run_on_an_index(zone: Zone) -> None:
    ids = [await posted(zone) for _ in range(5)]
    database = zone.service.mongo.database
    await database.command("profile", 2)
    for path, who, region in (
        ("/announcements", None, {}),
        ("/announcements", None, {"region": COUNTY, "kind": "announcement"}),
        ("/offices/me/announcements", office(CITY), {}),
    ):
        seen: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await zone.call("GET", path, who, limit=2, **region, **after)).json()
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert seen == sorted(ids, reverse=True)
    await zone.call("GET", f"/announcements/{ids[0]}", office(COUNTY))
    await database.command("profile", 0)
    found = database["system.profile"].find({"op": "query", "ns": f"{database.name}.announcements"})
    plans = [row["planSummary"] async for row in found]
    assert len(plans) >= 11
    assert all("IXSCAN" in plan or plan == "IDHACK" for plan in plans), plans
