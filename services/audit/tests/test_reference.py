"""Reference data: seeded once, read by anyone, set by the system administrator in versions."""

import asyncio

import pytest
from audit.reference.handlers import seed
from common.contracts.words import Role
from common.decision import Actor
from common.reference import Reference, package_items

from .conftest import Audit, officer

ADMIN = Actor(id="stf_admin", role=Role.SYSTEM_ADMIN)
CHANGE = {"region": "520100", "effective": "2026-11-01", "changes": {"max_pending": 8}, "note": "示例：贵阳市试点"}
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


async def test_a_change_is_judged_with_the_one_made_a_moment_before(audit: Audit) -> None:
    assert (await audit.call("PUT", "/policy", ADMIN, CHANGE | {"region": "520103", "changes": {"age_min": 23}})).status_code == 200
    answer = await audit.call("PUT", "/policy", ADMIN, CHANGE | {"changes": {"age_max": 20}})
    assert (answer.status_code, answer.json()["code"]) == (422, "reference_not_sound")


async def test_required_files_are_of_the_kinds_that_can_be_handed_in(audit: Audit) -> None:
    await seed(audit.deps.reference)
    answer = await audit.call("PUT", "/policy", ADMIN, CHANGE | {"changes": {"termination_files": ["nonesuch"]}})
    assert (answer.status_code, answer.json()["code"]) == (422, "reference_not_sound")
    assert (await audit.call("PUT", "/policy", ADMIN, CHANGE | {"changes": {"termination_files": ["agreement"]}})).status_code == 200


async def test_a_policy_change_holds_in_its_region_from_its_day(audit: Audit) -> None:
    answer = await audit.call("PUT", "/policy", ADMIN, CHANGE)
    assert answer.json() == {
        "kind": "policy", "key": "520100:2026-11-01", "version": 1,
        "value": {"region": "520100", "effective": "2026-11-01", "changes": {"max_pending": 8}},
    }  # fmt: skip
    corrected = await audit.call("PUT", "/policy", ADMIN, CHANGE | {"changes": {"max_pending": 9}})
    assert corrected.json()["version"] == 2

    async def max_pending(region: str, day: str) -> int:
        audit.deps.reference.data._looked = 0.0
        found = (await audit.call("GET", "/policy", region=region, day=day)).json()
        limit: int = found["policy"]["max_pending"]
        return limit

    assert await max_pending("520102", "2026-11-01") == 9
    assert await max_pending("520102", "2026-10-31") == 10
    assert await max_pending("520300", "2026-11-01") == 10


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"changes": {"max_pending": 0, "age_min": "x"}}, "age_min（格式不正确）；max_pending（超出允许的范围）"),
        ({"changes": {"age_min": 30}}, "内容（与其他内容不一致）"),
        ({"changes": {"no_such": 1}}, "no_such（不认识的字段）"),
        ({"changes": {"termination_files": ["nonesuch"]}}, "与其他设置不一致"),
    ],
)
async def test_an_unsound_policy_is_refused_with_what_is_wrong_in_chinese(audit: Audit, change: dict[str, object], said: str) -> None:
    await seed(audit.deps.reference)
    answer = (await audit.call("PUT", "/policy", ADMIN, CHANGE | change)).json()
    assert (answer["code"], answer["detail"]) == (
        "reference_not_sound",
        f"设置的内容不符合要求或与其他设置冲突：{said}。请核对后重新提交。",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"region": "999999"}, "region_unknown"),
        ({"note": ""}, "invalid_input"),
    ],
)
async def test_a_policy_for_nowhere_or_without_a_note_is_refused(audit: Audit, change: dict[str, object], code: str) -> None:
    assert (await audit.call("PUT", "/policy", ADMIN, CHANGE | change)).json()["code"] == code


async def test_only_the_system_administrator_sets_reference_data(audit: Audit) -> None:
    for who in (None, officer("520000"), Actor(id="stf_b", role=Role.AUDIT_ADMIN), Actor(id="stf_c", role=Role.SECURITY_ADMIN)):
        assert (await audit.call("PUT", "/policy", who, CHANGE)).status_code == (403 if who else 401)
        assert (await audit.call("PUT", "/calendar/2027", who, YEAR)).status_code == (403 if who else 401)


async def test_anyone_reads_regions_as_a_tree(audit: Audit) -> None:
    (province,) = (await audit.call("GET", "/regions")).json()
    assert (province["code"], province["name"], province["level"]) == ("520000", "贵州省", "province")
    assert len(province["children"]) == 9
    assert sum(len(city["children"]) for city in province["children"]) == 88


@pytest.mark.rule("G17", "R23")
@pytest.mark.parametrize("kind", ["reasons", "category", "choices", "contact", "minimum_wage"])
async def test_anyone_reads_the_plain_lists(audit: Audit, kind: str) -> None:
    items = (await audit.call("GET", f"/reference/{kind}")).json()["items"]
    assert items
    assert {item["kind"] for item in items} == {kind}
    assert (await audit.call("GET", "/reference/policy")).status_code == 422
