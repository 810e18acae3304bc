"""Reference data: seeded once, read by anyone, set by the system administrator in versions."""

import asyncio

import pytest
from audit.reference.handlers import seed
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from common.reference import Reference, package_items

from .conftest import Audit, officer
from .messages import requested

ADMIN = Actor(id="stf_admin", role=Role.SYSTEM_ADMIN)
AUDITOR = Actor(id="stf_b", role=Role.AUDIT_ADMIN)
YEAR = {"official": True, "source": "示例通知〔2027〕1号", "holidays": {"2027-01-01": "元旦"}, "workdays": {}}


async def test_seeding_twice_and_at_once_fills_the_package_in_once(audit: Audit) -> None:
    items = audit.deps.reference
    await asyncio.gather(seed(items), seed(items))
    rows = await items.store.collection.find({}).to_list()
    assert len(rows) == len({(item.kind, item.key) for item in package_items()})
    assert {row["version"] for row in rows} == {1}
    assert {len(row["pending"]) for row in rows} == {1}
    assert await items.data.current() == Reference.sample()


async def test_seeding_leaves_what_an_administrator_set(audit: Audit) -> None:
    await audit.call("PUT", "/calendar/2026", ADMIN, YEAR | {"holidays": {"2026-01-01": "元旦"}})
    await seed(audit.deps.reference)
    assert (await audit.call("GET", "/calendar/2026")).json()["version"] == 2


@pytest.mark.rule("R6")
async def test_a_calendar_year_is_set_with_its_notice_and_said_in_its_next_version(audit: Audit) -> None:
    answer = await audit.call("PUT", "/calendar/2027", ADMIN, YEAR | {"holidays": {"2027-01-01": "\u202e元旦\u200b"}})
    assert answer.json()["value"]["holidays"] == {"2027-01-01": "元旦"}
    assert answer.status_code == 200, answer.text
    assert (answer.json()["kind"], answer.json()["key"], answer.json()["version"]) == ("calendar", "2027", 2)
    row = await audit.deps.reference.store.collection.find_one({"_id": "calendar:2027"})
    assert row is not None
    assert [entry["to"] for entry in row["history"]] == ["v1", "v2"]
    assert row["history"][-1]["note"] == YEAR["source"]
    assert [event["type"] for event in row["pending"]] == ["reference.item_set.v1"] * 2


@pytest.mark.rule("R6")
async def test_a_day_of_another_year_or_a_missing_notice_is_refused(audit: Audit) -> None:
    assert (await audit.call("PUT", "/calendar/2027", ADMIN, YEAR | {"holidays": {"2026-01-01": "元旦"}})).json()[
        "code"
    ] == "reference_not_sound"
    assert (await audit.call("PUT", "/calendar/2027", ADMIN, YEAR | {"source": " "})).json()["code"] == "invalid_input"


@pytest.mark.rule("R6")
async def test_who_changed_a_year_when_and_by_which_notice_is_on_record(audit: Audit) -> None:
    await audit.call("PUT", "/calendar/2027", ADMIN, YEAR)
    lines = (await audit.call("GET", "/calendar/2027/history", officer("520102"))).json()["items"]
    assert [(line["version"], line["role"], line["actor_id"], line["note"]) for line in lines] == [
        ("v1", "system", "system", None),
        ("v2", "system_admin", ADMIN.id, YEAR["source"]),
    ]
    assert lines[0]["at"] <= lines[1]["at"]
    assert (await audit.call("GET", "/reference/calendar/2027/history", AUDITOR)).json()["items"] == lines
    assert (await audit.call("GET", "/calendar/2099/history", AUDITOR)).status_code == 404
    assert (await audit.call("GET", "/calendar/2027/history")).status_code == 401


@pytest.mark.rule("R6")
async def test_only_the_system_administrator_sets_the_calendar(audit: Audit) -> None:
    for who in (None, officer("520000"), AUDITOR, Actor(id="stf_c", role=Role.SECURITY_ADMIN)):
        assert (await audit.call("PUT", "/calendar/2027", who, YEAR)).status_code == (403 if who else 401)


async def test_anyone_reads_regions_as_a_tree(audit: Audit) -> None:
    (province,) = (await audit.call("GET", "/regions")).json()
    assert (province["code"], province["name"], province["level"]) == ("520000", "贵州省", "province")
    assert len(province["children"]) == 9
    assert sum(len(city["children"]) for city in province["children"]) == 88


@pytest.mark.rule("G17", "R23")
@pytest.mark.parametrize("kind", ["reasons", "category", "choices", "contact", "offices", "minimum_wage", "region"])
async def test_anyone_reads_the_plain_lists(audit: Audit, kind: str) -> None:
    items = (await audit.call("GET", f"/reference/{kind}")).json()["items"]
    assert items
    assert {item["kind"] for item in items} == {kind}
    assert (await audit.call("GET", "/reference/policy")).status_code == 422


@pytest.mark.rule("G17")
@pytest.mark.parametrize(
    ("region", "asked"),
    [("520102", "520102"), ("520100", "520100"), ("520199", "520100"), ("520222", "520281"), ("520000", "520000"), ("110101", "520000")],
)
async def test_whoever_asks_is_sent_to_the_nearest_office_and_to_the_support(audit: Audit, region: str, asked: str) -> None:
    answer = (await audit.call("GET", "/contacts", region=region)).json()
    assert [contact["region"] for contact in answer["items"]] == [asked, "support"]
    assert all(contact["phone"] for contact in answer["items"])


@pytest.mark.rule("G3", "R14")
async def test_a_county_lists_its_registration_offices_also_under_its_old_code(audit: Audit) -> None:
    listed = (await audit.call("GET", "/regions/520281/offices")).json()
    assert len(listed["offices"]) == 3
    assert all(name.startswith("示例盘州市") for name in listed["offices"])
    assert (await audit.call("GET", "/regions/520222/offices")).json() == listed
    assert (await audit.call("GET", "/regions/520200/offices")).status_code == 404


@pytest.mark.rule("G17")
async def test_a_refusal_names_the_office_of_whoever_is_refused(audit: Audit) -> None:
    unit = new_id("unt")
    await audit.hear(unit, 1, requested(unit, region="520302"))
    user = Actor(id=new_id("usr"), role=Role.UNIT, unit_id=unit)
    for who, office in ((user, "示例红花岗区"), (officer("520111"), "示例花溪区"), (ADMIN, "示例贵州省"), (None, "示例贵州省")):
        asked = (await audit.call("PUT", "/calendar/2027", who, {})).json()["ask"]
        assert (asked.startswith(office), "技术支持电话：0851-85837345" in asked) == (True, True)
