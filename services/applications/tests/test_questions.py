"""Questions to officers over HTTP and by the sweep; lists of an office; steps in the place of a unit."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from applications import overview
from applications.overview import Wanted
from common.calendar import midnight
from common.contracts.cases import CaseStatusChanged, RelationsDeclared
from common.contracts.people import UnitStatusChanged
from common.contracts.words import CaseKind, CaseStatus, EndKind, Role, Status, UnitStatus, Verdict
from common.decision import Actor
from common.ids import derived_id
from common.testing.checks import broken

from .builders import PDF
from .conftest import ME, UNIT, Programme
from .domain.builders import COUNTY, NOON

OFFICE = "/offices/me/applications"
OFFICER = Actor(id="stf_1", role=Role.OFFICER, region=COUNTY)
EARLY = {"kind": "early", "end": "2026-11-02", "retained": False, "reason": {"code": "unit", "text": "示例"}}


async def brought(programme: Programme, status: Status) -> tuple[Actor, Actor, str]:
    """Intern, unit, application."""
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, status)
    return intern, unit, id


async def end(programme: Programme, unit: Actor, id: str) -> None:
    """The unit ends it early, with the file that policy asks for."""
    file = await programme.upload(f"{UNIT}/{id}/documents", unit, PDF + b"0", kind="appraisal")
    await programme.do("POST", f"{UNIT}/{id}/terminate", unit, {**EARLY, "documents": [{"id": file["id"], "kind": "appraisal"}]})


async def answer(
    programme: Programme,
    kind: CaseKind,
    person_id: str,
    id: str,
    verdict: Verdict,
    reason_code: str | None = None,
    **more: Any,
) -> str:
    """The officer's decision about the first question of the kind, as its case says it."""
    case_id = derived_id("cas", kind, person_id, id, "1")
    message = CaseStatusChanged(
        case_id=case_id, kind=kind, from_=CaseStatus.OPEN, to=CaseStatus.DECIDING, region=COUNTY, subject=person_id, subject_version=1,
        application_id=id, verdict=verdict, reason_code=reason_code, officer_region=COUNTY, **more,
    )  # fmt: skip
    await programme.hear(case_id, message)
    return case_id


@pytest.mark.rule("R17", "R20")
async def test_an_objection_is_told_to_audit_decided_and_shown_to_both_parties(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.ONBOARDED)
    await end(programme, unit, id)
    file = await programme.upload(f"{ME}/{id}/documents", intern, PDF + b"1", kind="other")
    body = {"cause": "wrong_reason", "text": "示例说明", "documents": [file["id"]]}
    await programme.do("POST", f"{ME}/{id}/objection", intern, body)
    asked = (await programme.said(intern.id))[-1]
    assert (asked["type"], asked["kind"], asked["number"], asked["document_ids"]) == (
        "application.case_asked.v1",
        "objection",
        1,
        [file["id"]],
    )
    assert "示例说明" not in str(asked)
    await programme.refused("objection_made", 409, "POST", f"{ME}/{id}/objection", intern, {**body, "documents": []})
    case_id = await answer(programme, CaseKind.OBJECTION, intern.id, id, Verdict.APPROVE, "breach")
    told = (await programme.said(intern.id))[-2:]
    assert [one["type"] for one in told] == ["application.case_settled.v1", "application.end_corrected.v1"]
    assert (told[1]["reason_code"], told[1]["case_id"]) == ("breach", case_id)
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert (shown["reason"]["code"], shown["questions"][0]["outcome"], shown["questions"][0]["case_id"]) == ("breach", "approved", case_id)
    assert shown["history"][-1]["deed"] == "异议成立"
    seen = await programme.do("GET", f"{UNIT}/{id}", unit)
    assert seen["questions"][0]["documents"] == []


@pytest.mark.rule("R17", "R8", "R27")
async def test_an_early_end_is_corrected_to_a_completed_one_and_leaves_the_seat_to_whoever_has_it(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.ONBOARDED)
    await end(programme, unit, id)
    await programme.do("POST", f"{ME}/{id}/objection", intern, {"cause": "wrong_kind", "text": "示例：做满了整个见习期"})
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    planned, posting_id = shown["internship"]["planned_end"], shown["posting_id"]
    await answer(programme, CaseKind.OBJECTION, intern.id, id, Verdict.APPROVE, end_kind=EndKind.COMPLETED)
    refused = (await programme.said(intern.id))[-1]
    assert (refused["type"], refused["reason_code"]) == ("application.decision_refused.v1", "not_completed")
    programme.at(midnight(date.fromisoformat(planned)))
    await answer(programme, CaseKind.OBJECTION, intern.id, id, Verdict.APPROVE, end_kind=EndKind.COMPLETED)
    told = (await programme.said(intern.id))[-1]
    assert told["type"] == "application.end_corrected.v1"
    assert (told["end_kind"], told["end"], told["reason_code"]) == ("completed", planned, None)
    for seen in (await programme.do("GET", f"{ME}/{id}", intern), await programme.do("GET", f"{UNIT}/{id}", unit)):
        assert (seen["status"], seen["reason"], seen["internship"]["end_kind"]) == ("TERMINATED", None, "completed")
    assert (await programme.seats(posting_id)).holders == ()
    assert {code for code, _ in await broken(programme.replicas[0])} <= {"events_published"}, "nobody publishes here"
    await programme.refused("once_only", 409, "POST", ME, intern, {"posting_id": await programme.posting(unit)})


@pytest.mark.rule("R3", "G11")
async def test_a_lifted_block_lets_the_intern_apply_again_and_is_no_matter_of_the_unit(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.ONBOARDED)
    await end(programme, unit, id)
    other = await programme.posting(unit)
    await programme.refused("once_only", 409, "POST", ME, intern, {"posting_id": other})
    await programme.do("POST", f"{ME}/{id}/lift", intern, {"cause": "illness", "text": "示例：住院治疗"})
    await answer(programme, CaseKind.LIFT, intern.id, id, Verdict.APPROVE)
    assert (await programme.said(intern.id))[-1]["type"] == "application.block_lifted.v1"
    mine, theirs = await programme.do("GET", f"{ME}/{id}", intern), await programme.do("GET", f"{UNIT}/{id}", unit)
    assert ("住院治疗" in str(mine), "住院治疗" in str(theirs), theirs["questions"]) == (True, False, [])
    assert [line["deed"] for line in mine["history"]][-2:] == ["申请解除限制", "同意解除限制"]
    assert theirs["history"] == mine["history"][:-2]
    assert await programme.submit(intern, other)


@pytest.mark.rule("R10")
async def test_a_supplement_of_a_review_is_told_with_its_files(programme: Programme) -> None:
    intern, _, id = await brought(programme, Status.WILLING)
    file = await programme.upload(f"{ME}/{id}/documents", intern, PDF + b"2", kind="other")
    await programme.do("POST", f"{ME}/{id}/supplement", intern, {"documents": [file["id"]]})
    told = (await programme.said(intern.id))[-1]
    assert (told["type"], told["document_ids"]) == ("application.case_supplemented.v1", [file["id"]])
    await programme.refused("unknown_document", 422, "POST", f"{ME}/{id}/supplement", intern, {"documents": ["doc_9"]})


@pytest.mark.rule("R29")
async def test_what_a_unit_leaves_unreported_comes_to_an_officer_once_who_acts_in_its_place(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.APPROVED)
    reason = {"reason": {"code": "no_contact", "text": "示例"}}
    await programme.refused("unit_may_still_act", 409, "POST", f"/applications/{id}/absent", OFFICER, reason)
    programme.at(NOON + timedelta(days=30))
    await programme.run("attention")
    await programme.run("attention")
    asked = [one for one in await programme.said(intern.id) if one["type"] == "application.case_asked.v1"]
    assert [(one["kind"], one["cause"], one["asked_by"]) for one in asked] == [("silence", "onboarding_not_reported", "system")]
    seen = await programme.do("GET", f"{UNIT}/{id}", unit)
    assert [(one["matter"], one["cause"]["label"]) for one in seen["questions"]] == [("silence", "单位逾期未报告上岗情况")]
    neighbour = OFFICER.model_copy(update={"region": "520302"})
    await programme.refused("unknown_application", 404, "POST", f"/applications/{id}/absent", neighbour, reason)
    done = await programme.do("POST", f"/applications/{id}/absent", OFFICER, reason)
    assert done["status"] == "ABSENT"
    line = (await programme.do("GET", f"{UNIT}/{id}", unit))["history"][-1]
    assert (line["by"], line["office"] is not None, line["reason"]["code"]) == ("officer", True, "no_contact")
    last = (await programme.said(intern.id))[-2:]
    assert [(one["type"], one.get("case_id")) for one in last][1] == ("application.case_settled.v1", None)


@pytest.mark.rule("R14")
async def test_an_officer_related_to_the_unit_takes_no_step_in_its_place(programme: Programme) -> None:
    _, unit, id = await brought(programme, Status.APPROVED)
    assert unit.unit_id
    await programme.hear("stf_related", RelationsDeclared(officer_id="stf_related", unit_ids=(unit.unit_id,)))
    related = OFFICER.model_copy(update={"id": "stf_related"})
    reason = {"reason": {"code": "no_contact", "text": "示例"}}
    await programme.refused("related_to_unit", 403, "POST", f"/applications/{id}/absent", related, reason)
    await programme.refused("related_to_unit", 403, "POST", f"/applications/{id}/terminate", related, EARLY)
    back = {"to": "PENDING", "reason": {"code": "unit_mistake", "text": "示例"}}
    await programme.refused("related_to_unit", 403, "POST", f"/applications/{id}/reinstate", related, back)


@pytest.mark.rule("R29", "R15")
async def test_an_officer_ends_an_internship_at_a_unit_that_was_revoked(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.ONBOARDED)
    assert unit.unit_id
    revoked = UnitStatusChanged(
        unit_id=unit.unit_id, name="示例科技有限公司", region=COUNTY, from_=UnitStatus.RECOGNISED, to=UnitStatus.REVOKED, request=1
    )
    await programme.refused("unit_may_still_act", 409, "POST", f"/applications/{id}/terminate", OFFICER, EARLY)
    event = await programme.hear(unit.unit_id, revoked)
    await programme.hear(unit.unit_id, revoked, seq=event.seq)
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert [one["cause"]["label"] for one in shown["questions"]] == ["单位见习资格已暂停、取消或到期"]
    assert (await programme.do("POST", f"/applications/{id}/terminate", OFFICER, EARLY))["status"] == "TERMINATED"
    assert (await programme.do("GET", f"{ME}/{id}", intern))["history"][-1]["by"] == "officer"


@pytest.mark.rule("R29")
async def test_unit_and_intern_agree_on_another_planned_end(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.ONBOARDED)
    body = {"planned_end": "2027-06-30"}
    await programme.do("POST", f"{UNIT}/{id}/planned-end", unit, body)
    assert "decline_end" in (await programme.do("GET", f"{ME}/{id}", intern))["commands"]
    await programme.do("POST", f"{ME}/{id}/planned-end", intern, body)
    told = [one["change"] for one in await programme.said(intern.id) if one["type"] == "application.planned_end_changed.v1"]
    assert told == ["proposed", "agreed"]
    await programme.do("POST", f"{ME}/{id}/planned-end", intern, {"planned_end": "2027-04-30"})
    await programme.do("POST", f"{UNIT}/{id}/planned-end/decline", unit)


@pytest.mark.rule("R22", "R29", "R32")
async def test_an_office_lists_and_exports_its_applications_the_overdue_ones_first(programme: Programme) -> None:
    programme.at(NOON)
    unit = await programme.unit()
    posting_id, elsewhere = await programme.posting(unit), await programme.posting(unit, region="520302")
    early = [id for _, [id] in await programme.applicants(2, posting_id)]
    programme.at(NOON + timedelta(days=30))
    late = [id for _, [id] in await programme.applicants(2, posting_id)]
    await programme.applicants(1, elsewhere)
    listed = await everything(programme, OFFICER, limit=1)
    assert [item["overdue"] for item in listed] == [True, True, False, False]
    assert ({item["id"] for item in listed[:2]}, {item["id"] for item in listed[2:]}) == (set(early), set(late))
    city = OFFICER.model_copy(update={"region": "520100"})
    province = OFFICER.model_copy(update={"region": "520000"})
    assert (len(await everything(programme, city)), len(await everything(programme, province))) == (4, 5)
    assert len(await everything(programme, province, status="OFFERED")) == 0
    answered = await programme.call("GET", f"{OFFICE}/export", OFFICER)
    rows = list(openpyxl.load_workbook(io.BytesIO(answered.content)).worksheets[0].iter_rows(values_only=True))
    assert ([row[0] for row in rows[1:]], rows[1][-1]) == ([item["id"] for item in listed], "是")
    notes = [row async for row in programme.parts.notes.collection.find({"pending.data": {"$regex": "exported"}})]
    assert len(notes) == 1


async def everything(programme: Programme, who: Actor, **query: Any) -> list[dict[str, Any]]:
    """All pages."""
    items: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await programme.do("GET", OFFICE, who, params={**query, **after})
        items += page["items"]
        if page["next"] is None:
            return items
        after = {"after": page["next"]}


async def test_what_is_swept_is_found_by_an_index(programme: Programme) -> None:
    await programme.applicants(20, await programme.posting(unit := await programme.unit()))
    _, _, id = await brought(programme, Status.APPROVED)
    candidacies, database = programme.parts.candidacies, programme.parts.candidacies.mongo.database
    await database.command({"profile": 2})
    assert [found for _, found in await candidacies.unattended(NOON + timedelta(days=30), 100)] == [id]
    assert await candidacies.unattended(NOON, 100) == []
    assert await candidacies.expired_before(1_000_000, 100) == []
    assert len((await overview.page(candidacies, Wanted((COUNTY,), NOON, NOON, unit_id=unit.unit_id), None, 50))[0]) == 20
    await database.command({"profile": 0})
    reads = [read async for read in database["system.profile"].find({"op": "query"}) if read["ns"].endswith(".candidacies")]
    assert len(reads) == 5
    assert [read["command"] for read in reads if "COLLSCAN" in read["planSummary"]] == []
