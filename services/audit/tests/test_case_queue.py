"""The queue of an office: lights, counts, lists, export, many at once, transfer, and who must keep away (R14, R29, R32)."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from audit.cases.domain.case import Opening
from audit.cases.domain.facts import open_case
from audit.cases.domain.queue import Light, light, soon
from common.calendar import Calendar
from common.contracts.words import CaseKind, CaseStatus, PostingStatus, Role
from common.decision import Actor
from common.ids import new_id
from common.web.command import by_the_clock

from .conftest import NOON, Audit, case_id, officer
from .messages import application_changed, asked, intent, posting_changed

REGIONS = {"520102": 3, "520103": 2}


async def reviews(audit: Audit, count: int, **changes: Any) -> list[str]:
    """The ids of that many new reviews."""
    ids = []
    for _ in range(count):
        person, application = new_id("per"), new_id("app")
        await audit.hear(person, 1, application_changed(person, application, **changes))
        ids.append(case_id("eligibility", person, application=application))
    return ids


async def due_in(audit: Audit, days: float) -> str:
    """The id of a case whose term ends so many days from now."""
    now, person = audit.deps.cases.clock.now(), new_id("per")
    opening = Opening(
        kind=CaseKind.ELIGIBILITY, subject=person, subject_version=1, region="520102", facts={"category": "graduate"}, seq=1, at=NOON
    )
    fresh = opening.case(now + timedelta(days=days))
    await audit.deps.cases.store.execute(fresh.id, by_the_clock("test", now), lambda _: open_case(None, fresh))
    return fresh.id


@pytest.mark.rule("R29")
def test_a_light_is_red_when_overdue_amber_to_the_end_of_the_next_working_day_and_else_green() -> None:
    calendar = Calendar.of(1, [])
    until = soon(calendar, NOON)
    assert until == calendar.due_instant(NOON, 1)
    tick = timedelta(milliseconds=1)
    for due_at, wanted in ((NOON, Light.RED), (NOON + tick, Light.AMBER), (until, Light.AMBER), (until + tick, Light.GREEN)):
        assert light(due_at, NOON, until) is wanted


@pytest.mark.rule("R29", "R32")
async def test_the_queue_shows_counts_and_filters_by_light_and_kind(audit: Audit) -> None:
    red, amber, green = await due_in(audit, -1), await due_in(audit, 0.001), await due_in(audit, 30)
    await audit.hear(person := new_id("per"), 1, intent(person))
    counts = {item["kind"]: item for item in (await audit.call("GET", "/cases/counts", officer())).json()["items"]}
    assert set(counts) == set(CaseKind)
    assert [counts["eligibility"][name] for name in Light] == [1, 1, 1]
    assert counts["eligibility"]["label"] == "资格审核"
    for name, id in (("red", red), ("amber", amber), ("green", green)):
        page = (await audit.call("GET", "/cases", officer(), light=name, kind="eligibility")).json()["items"]
        assert [(item["id"], item["light"], item["overdue"]) for item in page] == [(id, name, name == "red")]
    assert (await audit.call("GET", "/cases", officer(), kind="eligibility")).json()["items"][0]["id"] == red
    await audit.call("POST", f"/cases/{green}/claim", officer())
    mine = (await audit.call("GET", "/cases", officer(), mine=True)).json()["items"]
    assert [(item["id"], item["status"]) for item in mine] == [(green, "CLAIMED")]
    assert (await audit.call("GET", "/cases", officer(id="stf_b"), mine=True)).json()["items"] == []


@pytest.mark.rule("R32", "R14")
async def test_counts_are_of_the_region_and_what_lies_below(audit: Audit) -> None:
    for region, count in REGIONS.items():
        await reviews(audit, count, region=region)
    narrower = {"region": "520103"}
    for who, query, wanted in (("520102", {}, 3), ("520100", {}, 5), ("520100", narrower, 2), ("520000", {}, 5)):
        counts = (await audit.call("GET", "/cases/counts", officer(who), **query)).json()["items"]
        assert sum(item[name] for item in counts for name in Light) == wanted
    assert (await audit.call("GET", "/cases/counts", officer(), region="520103")).status_code == 403


@pytest.mark.rule("R32")
async def test_an_export_has_the_rows_of_the_list_and_is_noted(audit: Audit) -> None:
    ids = await reviews(audit, 3)
    answer = await audit.call("GET", "/cases/export", officer(), kind="eligibility")
    assert answer.status_code == 200, answer.text
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert (rows[0][0], {row[0] for row in rows[1:]}) == ("事项编号", set(ids))
    assert {row[1] for row in rows[1:]} == {"资格审核"}
    notes = [row async for row in audit.deps.cases.notes.collection.find({})]
    assert ["cases:520102" in str(row["pending"]) for row in notes] == [True]


@pytest.mark.rule("R14")
async def test_many_are_decided_at_once_and_each_says_what_became_of_it(audit: Audit) -> None:
    here, there = await reviews(audit, 3), await reviews(audit, 1, region="520302")
    body = {"deed": "approve", "ids": [*here, *there, here[0]]}
    answer = (await audit.call("POST", "/cases/bulk", officer(), body, key=(key := new_id("key")))).json()
    assert (answer["done"], answer["refused"]) == (3, 1)
    assert {item["id"]: item["status"] or item["code"] for item in answer["items"]} == {
        **dict.fromkeys(here, "DECIDING"),
        there[0]: "not_found",
    }
    assert (await audit.call("POST", "/cases/bulk", officer(), body, key=key)).json() == answer
    again = (await audit.call("POST", "/cases/bulk", officer(), body)).json()
    assert {item["code"] for item in again["items"]} == {"case_not_in_status", "not_found"}


@pytest.mark.rule("R18")
async def test_many_are_not_turned_down_without_a_reason(audit: Audit) -> None:
    ids = await reviews(audit, 2)
    for deed in ("disapprove", "return"):
        refused = await audit.call("POST", "/cases/bulk", officer(), {"deed": deed, "ids": ids})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    reason = {"code": "other", "text": "示例说明"}
    done = (await audit.call("POST", "/cases/bulk", officer(), {"deed": "return", "ids": ids, "reason": reason})).json()
    assert [item["status"] for item in done["items"]] == ["RETURNED", "RETURNED"]
    for ids_ in ([], [str(number) for number in range(51)]):
        assert (await audit.call("POST", "/cases/bulk", officer(), {"deed": "claim", "ids": ids_})).status_code == 422


@pytest.mark.rule("R14")
async def test_a_case_of_the_wrong_region_goes_to_the_county_where_it_belongs_and_its_term_runs_on(audit: Audit) -> None:
    await audit.hear(person := new_id("per"), 1, intent(person))
    id = case_id("unemployment", person)
    before = (await audit.call("GET", f"/cases/{id}", officer())).json()
    for region, code in (("520199", "transfer_region_unknown"), ("520100", "transfer_region_unknown"), ("520102", "case_already_there")):
        refused = await audit.call("POST", f"/cases/{id}/transfer", officer(), {"region": region, "note": "示例说明"})
        assert refused.json()["code"] == code
    moved = await audit.call("POST", f"/cases/{id}/transfer", officer(), {"region": "520302", "note": "登记地在红花岗区"})
    assert moved.status_code == 200, moved.text
    assert (await audit.call("GET", f"/cases/{id}", officer())).status_code == 404
    there = (await audit.call("GET", f"/cases/{id}", officer("520302"))).json()
    assert (there["region"], there["office"], there["status"], there["due_at"]) == ("520302", "520302", "OPEN", before["due_at"])
    assert (there["history"][-1]["command"], there["history"][-1]["note"]) == ("transfer", "登记地在红花岗区")
    assert (await audit.events(id))[-1]["region"] == "520302"


@pytest.mark.rule("R14")
async def test_what_the_unit_s_region_decides_is_not_transferred(audit: Audit) -> None:
    posting, unit = new_id("pst"), new_id("unt")
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED, region="520102"))
    refused = await audit.call("POST", f"/cases/{case_id('posting', posting)}/transfer", officer(), {"region": "520103", "note": "示例"})
    assert (refused.status_code, refused.json()["code"]) == (409, "case_not_transferable")


@pytest.mark.rule("R14")
async def test_nobody_decides_about_a_unit_they_are_related_to(audit: Audit) -> None:
    unit, who = new_id("unt"), officer(id=new_id("stf"))
    await audit.hear(posting := new_id("pst"), 1, posting_changed(posting, unit, PostingStatus.SUBMITTED))
    unknown = await audit.call("PUT", "/officers/me/relations", who, {"unit_ids": [unit]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "relation_unit_unknown")
    await audit.deps.cases.units.collection.insert_one({"_id": unit, "seq": 1, "state": {"region": "520102"}})
    assert (await audit.call("PUT", "/officers/me/relations", who, {"unit_ids": [unit]})).json() == {"unit_ids": [unit]}
    person, application = new_id("per"), new_id("app")
    await audit.hear(person, 1, asked(person, application, CaseKind.RELEASE, unit_id=unit))
    id = case_id("release", person, application=application)
    reason = {"reason": {"code": "other", "text": "示例说明"}}
    for verb, body in (("claim", None), ("approve", {}), ("disapprove", reason), ("return", reason)):
        refused = await audit.call("POST", f"/cases/{id}/{verb}", who, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "related_to_unit")
    assert await audit.status(id) is CaseStatus.OPEN
    assert (await audit.call("POST", f"/cases/{id}/approve", officer(id="stf_b"))).status_code == 200


@pytest.mark.rule("R14")
async def test_a_relation_is_taken_back_with_a_reason_only_and_each_declaration_is_told(audit: Audit) -> None:
    unit, who = new_id("unt"), officer(id=new_id("stf"))
    await audit.deps.cases.units.collection.insert_one({"_id": unit, "seq": 1, "state": {"region": "520102"}})
    await audit.call("PUT", "/officers/me/relations", who, {"unit_ids": [unit]})
    silent = await audit.call("PUT", "/officers/me/relations", who, {"unit_ids": []})
    assert (silent.status_code, silent.json()["code"]) == (422, "relation_note_needed")
    assert (await audit.call("GET", "/officers/me/relations", who)).json() == {"unit_ids": [unit]}
    await audit.call("PUT", "/officers/me/relations", who, {"unit_ids": [], "note": "亲属已离职"})
    assert (await audit.call("GET", "/officers/me/relations", who)).json() == {"unit_ids": []}
    row = await audit.deps.cases.relations.collection.find_one({"_id": who.id})
    assert row is not None
    assert [event["type"] for event in row["pending"]] == ["officer.relations_declared.v1"] * 2
    assert "亲属" not in str(row["pending"])


@pytest.mark.rule("R20")
async def test_parties_list_their_own_cases_and_nobody_else_s(audit: Audit) -> None:
    (id,) = await reviews(audit, 1)
    case = await audit.deps.cases.store.get(id)
    assert case is not None
    own = (await audit.call("GET", "/me/cases", Actor(id=case.subject, role=Role.INTERN))).json()["items"]
    assert [item["id"] for item in own] == [id]
    assert (await audit.call("GET", "/me/cases", Actor(id=new_id("per"), role=Role.INTERN))).json()["items"] == []
    posting, unit = new_id("pst"), new_id("unt")
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED))
    user = Actor(id=new_id("usr"), role=Role.UNIT, unit_id=unit)
    assert [item["subject"] for item in (await audit.call("GET", "/units/me/cases", user)).json()["items"]] == [posting]
