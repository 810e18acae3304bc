"""Announcements, policies and guide pages over HTTP, on the real database (G16)."""

from typing import Any

import pytest
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from postings.announcements.domain import Announcement, AnnouncementKind

from .conftest import Zone
from .test_announcements import CITY, COUNTY, DAY, OTHER_CITY, OTHER_COUNTY, PROVINCE, office, said


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
        assert (await zone.call("GET", f"/announcements/{id}", Actor(id="who", role=Role.ANALYST, region=PROVINCE))).status_code == 404
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
