"""Officers list, count and export the applications of their region, what is overdue first, and see silent units (R14, R22, R32)."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from common.contracts.cases import RelationsDeclared
from common.contracts.words import Role, Status
from common.decision import Actor
from openpyxl import load_workbook

from .conftest import ME, UNIT, Programme

OFFICE = "/offices/me"
LIST = f"{OFFICE}/applications"
CITY, FAR = "520100", "520302"
LATE = datetime(2026, 11, 16, 16, tzinfo=UTC)
"""24:00 in Shanghai of the tenth working day after NOON."""


def officer(region: str = "520102") -> Actor:
    return Actor(id="stf_1", role=Role.OFFICER, region=region)


class Region:
    """An unanswered application of a first day, one of a second; a running internship; one far away."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    async def fill(self) -> None:
        do = self.programme
        self.silent, self.busy = await do.unit(), await do.unit()
        self.waiting = await do.intern()
        self.unanswered = await do.submit(self.waiting, await do.posting(self.silent))
        running = await do.intern()
        self.running = await do.submit(running, await do.posting(self.busy))
        await do.bring(running, self.busy, self.running, Status.ONBOARDED)
        far = await do.intern()
        self.far = await do.submit(far, await do.posting(self.busy, region=FAR))
        do.at(LATE - timedelta(hours=3))
        late = await do.intern()
        self.fresh_at = await do.posting(self.busy)
        self.fresh = await do.submit(late, self.fresh_at)
        do.at(LATE + timedelta(minutes=1))

    async def listed(self, office: str = "520102", path: str = LIST, **query: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            answer = await self.programme.call("GET", path, officer(office), params={**query, **after})
            assert answer.status_code == 200, answer.text
            rows += answer.json()["items"]
            if answer.json()["next"] is None:
                return rows
            after = {"after": answer.json()["next"]}

    async def ids(self, office: str = "520102", **query: Any) -> list[str]:
        return [row["id"] for row in await self.listed(office, **query)]


@pytest.fixture
async def region(programme: Programme) -> Region:
    region = Region(programme)
    await region.fill()
    return region


@pytest.mark.rule("R32", "R22")
async def test_an_office_lists_its_region_what_is_overdue_first_page_by_page_and_by_what_it_asks_for(region: Region) -> None:
    all_ = await region.ids()
    assert (all_[0], set(all_)) == (region.unanswered, {region.unanswered, region.running, region.fresh})
    assert await region.ids(limit=1) == all_
    assert await region.ids(overdue=True) == [region.unanswered]
    assert await region.ids(status="ONBOARDED") == [region.running]
    assert set(await region.ids(status=["ONBOARDED", "PENDING"])) == set(all_)
    assert set(await region.ids(unit_id=region.busy.unit_id)) == {region.running, region.fresh}
    assert await region.ids(posting_id=region.fresh_at) == [region.fresh]
    rows = {row["id"]: row for row in await region.listed()}
    assert [rows[id]["overdue"] for id in all_] == [True, False, False]
    assert (rows[region.running]["status_name"], rows[region.running]["planned_end"]) == ("确认上岗", "2027-05-01")


@pytest.mark.rule("R32", "R14")
async def test_an_upper_office_sees_its_counties_may_narrow_to_one_and_nobody_sees_others(region: Region) -> None:
    assert region.unanswered in await region.ids(CITY)
    assert region.far not in await region.ids(CITY)
    assert await region.ids(FAR) == [region.far]
    assert await region.ids("520303") == []
    assert len(await region.ids("520000")) == 4
    assert await region.ids("520000", region=FAR) == [region.far]
    await region.programme.refused("forbidden", 403, "GET", f"{LIST}?region={FAR}", officer())
    await region.programme.refused("invalid_input", 422, "GET", f"{LIST}?after=x", officer())
    for role in (Role.INTERN, Role.UNIT, Role.ANALYST):
        await region.programme.refused("forbidden", 403, "GET", LIST, Actor(id="x_1", role=role, region="520102"))


@pytest.mark.rule("R32", "R22")
async def test_the_office_counts_by_status_and_names_the_units_that_are_silent(region: Region) -> None:
    counts = await region.programme.do("GET", f"{LIST}/counts", officer())
    found = {item["status"]: (item["all"], item["overdue"]) for item in counts["items"]}
    assert (found["PENDING"], found["ONBOARDED"], found["ABSENT"]) == ((2, 1), (1, 0), (0, 0))
    [silent] = await region.listed(path=f"{OFFICE}/silent-units")
    assert (silent["unit_id"], silent["unanswered"], silent["unreported"]) == (region.silent.unit_id, 1, 0)
    region.programme.at(LATE + timedelta(days=300))
    units = await region.listed(path=f"{OFFICE}/silent-units", limit=1)
    assert {unit["unit_id"]: (unit["unanswered"], unit["unreported"]) for unit in units} == {
        region.silent.unit_id: (1, 0),
        region.busy.unit_id: (1, 1),
    }


@pytest.mark.rule("R22")
async def test_both_parties_read_that_the_unit_is_silent_and_never_too_early(region: Region) -> None:
    shown = await region.programme.do("GET", f"{ME}/{region.unanswered}", region.waiting)
    assert shown["long_unanswered"]
    assert "withdraw" in shown["commands"]
    assert (await region.programme.do("GET", f"{UNIT}/{region.unanswered}", region.silent))["long_unanswered"]
    assert not (await region.programme.do("GET", f"{UNIT}/{region.fresh}", region.busy))["long_unanswered"]
    region.programme.at(LATE - timedelta(minutes=1))
    assert not (await region.programme.do("GET", f"{ME}/{region.unanswered}", region.waiting))["long_unanswered"]
    assert await region.ids(overdue=True) == []


@pytest.mark.rule("R32")
async def test_the_export_has_every_row_names_nobody_and_is_noted_before_it_leaves(region: Region) -> None:
    answer = await region.programme.call("GET", f"{LIST}/export", officer())
    assert answer.status_code == 200
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == await region.ids()
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["状态"], first["逾期"], first["人员类别"]) == ("待确认", "是", "离校2年内高校毕业生")
    notes = [row async for row in region.programme.parts.notes.collection.find({})]
    said = [event["data"] for note in notes for event in note["pending"] if "exported" in event["data"]]
    assert len(said) == 1
    assert all(part in said[0] for part in ("stf_1", '"subject":"520102"'))
    only = await region.programme.call("GET", f"{LIST}/export?status=ONBOARDED", officer())
    assert len(list(load_workbook(BytesIO(only.content)).worksheets[0].iter_rows())) == 2


@pytest.mark.rule("R14")
async def test_an_officer_takes_no_step_about_a_unit_they_declared_a_relation_to(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.do("POST", f"{UNIT}/{id}/reject", unit, {"reason": {"code": "skills_do_not_fit", "text": "示例"}})
    back = {"to": "PENDING", "reason": {"code": "unit_mistake", "text": "示例：选错了人"}}
    assert unit.unit_id
    await programme.hear("stf_1", RelationsDeclared(officer_id="stf_1", unit_ids=(unit.unit_id,)))
    for deed, body in (("reinstate", back), ("absent", {"reason": {"code": "did_not_come"}})):
        await programme.refused("related_to_unit", 403, "POST", f"/applications/{id}/{deed}", officer(), body)
    assert (await programme.do("GET", f"/applications/{id}", officer()))["status"] == "REJECTED"
    colleague = Actor(id="stf_2", role=Role.OFFICER, region="520102")
    assert (await programme.do("POST", f"/applications/{id}/reinstate", colleague, back))["status"] == "PENDING"
    await programme.hear("stf_1", RelationsDeclared(officer_id="stf_1", unit_ids=()))
    await programme.refused("wrong_status", 409, "POST", f"/applications/{id}/reinstate", officer(), back)
