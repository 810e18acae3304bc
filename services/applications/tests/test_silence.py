"""Units that leave undone what others wait for: the sweep, what officers do in their place, and another planned end (R15, R29)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event
from common.contracts.words import CaseKind, Role, Status, UnitStatus, Verdict
from common.decision import Actor
from common.testing.eventually import eventually

from .builders import decided, unit_changed
from .conftest import ME, UNIT, Programme
from .domain.builders import NOON

OFFICER = Actor(id="stf_1", role=Role.OFFICER, region="520102")
DUE = datetime(2026, 11, 9, 16, tzinfo=UTC)
"""24:00 in Shanghai of the fifth working day after NOON."""
MOMENT = timedelta(minutes=1)
NOT_THERE = {"reason": {"code": "did_not_come", "text": "示例：单位联系不上"}}


async def brought(programme: Programme, status: Status) -> tuple[Actor, Actor, str]:
    """Intern, unit, application."""
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, status)
    return intern, unit, id


async def asked(programme: Programme, intern: Actor) -> list[tuple[str, str]]:
    """Kind and cause of what officers were asked."""
    said = await programme.said(intern.id)
    return [(event["kind"], event["cause"]) for event in said if event["type"] == "application.case_asked.v1"]


@pytest.mark.rule("R29", "R20")
async def test_two_replicas_ask_an_officer_once_who_records_the_absence_in_the_units_place(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.APPROVED)
    programme.at(DUE - MOMENT)
    await programme.run("attention")
    assert await asked(programme, intern) == []
    await programme.refused("unit_may_still_act", 409, "POST", f"/applications/{id}/absent", OFFICER, NOT_THERE)
    programme.at(DUE + MOMENT)
    await programme.run("attention")
    await programme.run("attention")
    assert await asked(programme, intern) == [("silence", "onboarding_not_reported")]
    [question] = (await programme.do("GET", f"{ME}/{id}", intern))["questions"]
    assert (question["kind"], question["cause"]["label"], question["outcome"]) == ("silence", "单位逾期未报告上岗情况", None)
    listed = (await programme.do("GET", "/offices/me/applications?overdue=true", OFFICER))["items"]
    assert [(row["id"], row["commands"]) for row in listed] == [(id, ["absent"])]

    await programme.refused("unknown_application", 404, "POST", f"/applications/{id}/absent", elsewhere(), NOT_THERE)
    assert (await programme.do("POST", f"/applications/{id}/absent", OFFICER, NOT_THERE))["status"] == "ABSENT"
    for path, party in ((f"{ME}/{id}", intern), (f"{UNIT}/{id}", unit)):
        last = (await programme.do("GET", path, party))["history"][-1]
        assert (last["by"], last["deed"], last["reason"]["text"]) == ("officer", "确认未到岗", "示例：单位联系不上")
    said = await programme.said(intern.id)
    assert [event["type"] for event in said[-2:]] == ["application.status_changed.v1", "application.case_settled.v1"]
    assert (said[-2]["actor_role"], said[-1]["case_id"]) == ("officer", None)


def elsewhere() -> Actor:
    return Actor(id="stf_9", role=Role.OFFICER, region="520302")


@pytest.mark.rule("R29")
async def test_what_the_unit_reports_in_time_asks_nobody(programme: Programme) -> None:
    intern, _, _ = await brought(programme, Status.ONBOARDED)
    programme.at(DUE + MOMENT)
    await programme.run("attention")
    assert await asked(programme, intern) == []


@pytest.mark.rule("R29", "R6")
async def test_a_newer_calendar_gives_the_unit_more_time(programme: Programme) -> None:
    intern, _, _ = await brought(programme, Status.APPROVED)
    year = next(item for item in (await programme.parts.reference()).items() if (item.kind, item.key) == ("calendar", "2026"))
    holidays = {**year.value["holidays"], "2026-11-09": "示例假日"}
    newer = ReferenceItemSet(kind="calendar", key="2026", item_version=2, value={**year.value, "holidays": holidays})
    await programme.replicas[0].subscriptions[-1].handle([Event("calendar:2026", 2, "audit", NOON, newer)])

    async def all_know() -> bool:
        known = [(await replica.deps.reference()).latest["calendar", "2026"].version for replica in programme.replicas]
        return known == [2] * len(known)

    await eventually(all_know, what="both replicas read the newer calendar")
    programme.at(DUE + MOMENT)
    await programme.run("attention")
    assert await asked(programme, intern) == []
    programme.at(DUE + timedelta(days=1) + MOMENT)
    await programme.run("attention")
    assert await asked(programme, intern) == [("silence", "onboarding_not_reported")]


@pytest.mark.rule("R29", "R15")
async def test_the_internships_of_a_unit_that_may_no_longer_act_are_the_officers_at_once(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.ONBOARDED)
    assert unit.unit_id
    revoked = await programme.hear(unit.unit_id, unit_changed(unit.unit_id, UnitStatus.REVOKED))
    await programme.hear(unit.unit_id, unit_changed(unit.unit_id, UnitStatus.REVOKED), seq=revoked.seq)
    assert await asked(programme, intern) == [("silence", "unit_gone")]
    kept = decided(intern.id, Verdict.DISAPPROVE, application_id=id, kind=CaseKind.SILENCE, reason_code="other")
    await programme.hear(kept.case_id, kept)
    await programme.hear(unit.unit_id, unit_changed(unit.unit_id, UnitStatus.REVOKED))
    assert len(await asked(programme, intern)) == 1

    ending: dict[str, Any] = {"kind": "early", "end": "2026-11-02", "retained": False}
    await programme.refused("reason_needed", 422, "POST", f"/applications/{id}/terminate", OFFICER, ending)
    foreign = {**ending, "documents": [{"id": "doc_of_others", "kind": "appraisal"}]}
    await programme.refused("unknown_document", 422, "POST", f"/applications/{id}/terminate", OFFICER, foreign)
    ended = await programme.do("POST", f"/applications/{id}/terminate", OFFICER, {**ending, "reason": {"code": "unit", "text": "示例"}})
    assert (ended["status"], ended["reason"]["code"], ended["internship"]["end"]) == ("TERMINATED", "unit", "2026-11-02")


@pytest.mark.rule("R29")
async def test_a_unit_that_may_act_again_keeps_what_is_its_own(programme: Programme) -> None:
    intern, unit, _ = await brought(programme, Status.ONBOARDED)
    assert unit.unit_id
    back = await programme.hear(unit.unit_id, unit_changed(unit.unit_id))
    await programme.hear(unit.unit_id, unit_changed(unit.unit_id, UnitStatus.SUSPENDED), seq=back.seq - 1)
    assert await asked(programme, intern) == []


@pytest.mark.rule("R29")
async def test_both_parties_agree_on_another_planned_end(programme: Programme) -> None:
    intern, unit, id = await brought(programme, Status.ONBOARDED)
    later = {"planned_end": "2027-06-30"}
    await programme.do("POST", f"{UNIT}/{id}/planned-end", unit, later)
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert shown["internship"]["planned_end"] == "2027-05-01"
    assert "decline_end" in shown["commands"]
    await programme.refused("unknown_application", 404, "POST", f"{UNIT}/{id}/planned-end", await programme.unit(), later)
    agreed = await programme.do("POST", f"{ME}/{id}/planned-end", intern, later)
    assert agreed["internship"]["planned_end"] == "2027-06-30"
    changes = [event["change"] for event in await programme.said(intern.id) if event["type"] == "application.planned_end_changed.v1"]
    assert changes == ["proposed", "agreed"]
    await programme.refused("planned_end", 422, "POST", f"{UNIT}/{id}/planned-end", unit, {"planned_end": "2027-11-03"})
    await programme.do("POST", f"{ME}/{id}/planned-end", intern, {"planned_end": "2027-04-30"})
    declined = await programme.do("POST", f"{UNIT}/{id}/planned-end/decline", unit)
    assert declined["internship"]["planned_end"] == "2027-06-30"
    await programme.refused("no_question", 409, "POST", f"{UNIT}/{id}/planned-end/decline", unit)
