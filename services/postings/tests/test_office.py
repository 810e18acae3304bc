"""Officers list and export the postings of their region: what is overdue or flagged first (R32)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from common.contracts.words import Role, Verdict
from common.decision import Actor
from common.ids import new_id
from openpyxl import load_workbook

from .builders import decided
from .conftest import Zone

LIST = "/offices/me/postings"
CITY, FAR = "520100", "520302"


def officer(region: str) -> Actor:
    return Actor(id="stf_1", role=Role.OFFICER, region=region)


async def listed(zone: Zone, region: str = "520102", **query: Any) -> list[str]:
    answer = await zone.call("GET", LIST, officer(region), **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.fixture
async def postings(zone: Zone) -> list[str]:
    """In the order of the list: two that wait, the first for longer; a flagged one; the newest and the oldest of the rest."""
    user = await zone.recognised_unit()
    old = await zone.published(user)
    flagged = await zone.published(user, requirements="仅限男性")
    new = await zone.published(user)
    waiting, overdue = [await zone.submitted(user, requirements=text) for text in ("仅限男性", "")]
    now = zone.parts.clock.now()
    await zone.parts.store.collection.update_one({"_id": overdue}, {"$set": {"state.review_due_at": now - timedelta(days=1)}})
    await zone.drafted(user)
    return [overdue, waiting, flagged, new, old]


@pytest.mark.rule("R32", "R16")
async def test_what_waits_comes_by_its_term_then_what_is_flagged_then_the_rest_page_by_page(zone: Zone, postings: list[str]) -> None:
    assert await listed(zone) == postings
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await zone.call("GET", LIST, officer("520102"), limit=1, **after)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == postings
    rows = (await zone.call("GET", LIST, officer("520102"))).json()["items"]
    assert [row["overdue"] for row in rows] == [True, False, False, False, False]
    assert [row["flags"] for row in rows] == [[], ["sex:仅限男性"], ["sex:仅限男性"], [], []]
    assert [row["review_due_at"] is not None for row in rows] == [True, True, False, False, False]
    for wrong in ("x", "9.", "0.x"):
        assert (await zone.call("GET", LIST, officer("520102"), after=wrong)).json()["code"] == "invalid_input"


@pytest.mark.rule("R32", "R14")
async def test_an_office_lists_what_lies_in_its_region_or_comes_from_its_units(zone: Zone, postings: list[str]) -> None:
    """The unit's office is in 520103, the postings lie in 520102."""
    far = await zone.published(region=FAR)
    assert set(await listed(zone, "520103")) == {*postings, far}
    assert set(await listed(zone, CITY)) == {*postings, far}
    assert await listed(zone, FAR) == [far]
    assert await listed(zone, "520303") == []
    assert await listed(zone, status="SUBMITTED") == postings[:2]
    posting = await zone.parts.store.get(far)
    assert posting
    assert await listed(zone, "520103", unit_id=posting.unit_id) == [far]
    for role in (Role.INTERN, Role.UNIT, Role.ANALYST):
        answer = await zone.call("GET", LIST, Actor(id="x_1", role=role, region="520102"))
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.rule("R32")
async def test_the_export_has_every_row_nothing_personal_and_is_noted_before_it_leaves(zone: Zone, postings: list[str]) -> None:
    answer = await zone.call("GET", f"{LIST}/export", officer("520102"))
    assert answer.status_code == 200
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == postings
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["状态"], first["逾期"], first["月补助（元）"], first["类别"]) == ("待审核", "是", 2000, "技术技能")
    assert "示例联系人" not in str(rows)
    assert "19900000001" not in str(rows)
    notes = [row async for row in zone.parts.notes.collection.find({})]
    [said] = [event["data"] for note in notes for event in note["pending"]]
    assert all(part in said for part in ("exported", "stf_1", '"subject":"520102"'))
    only = await zone.call("GET", f"{LIST}/export", officer("520102"), status="SUBMITTED")
    assert len(list(load_workbook(BytesIO(only.content)).worksheets[0].iter_rows())) == 3


@pytest.mark.rule("R14", "R16", "R29")
async def test_the_term_of_the_review_is_that_of_its_case_and_ends_with_the_decision(zone: Zone) -> None:
    id = await zone.submitted(await zone.recognised_unit())
    posting = await zone.parts.store.get(id)
    assert posting
    submitted_at = (await zone.parts.history(id))[-1]["at"]
    assert posting.review_due_at == (await zone.parts.reference.current()).calendar.due_instant(submitted_at, 5)
    await zone.hear(new_id("cas"), decided(id, Verdict.DISAPPROVE))
    returned = await zone.parts.store.get(id)
    assert returned
    assert returned.review_due_at is None
