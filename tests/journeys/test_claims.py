"""What an intern may ask of officers, and who decides it, through the gateway (R3, R10, R14, R17, R20, R30)."""

import pytest
from common.ids import derived_id
from jianxi_local.caller import Caller, Json, Refused
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, pdf
from jianxi_local.town import Town

from ..conftest import NANMING


def willing(town: Town, unit: Unit, officer: Officer) -> tuple[Intern, Json]:
    """An intern who has accepted an offer."""
    intern = town.ready_intern()
    application = intern.apply(unit.publish(officer))
    unit.answer(application["id"], "offer")
    intern.answer(application["id"], "accept")
    return intern, application


def onboarded(town: Town, unit: Unit, officer: Officer) -> tuple[Intern, str]:
    """An intern at work."""
    intern, application = willing(town, unit, officer)
    id: str = application["id"]
    officer.approve(eligibility_case(intern, application))
    intern.await_status(id, "APPROVED")
    unit.onboard(id)
    return intern, id


def terminated(town: Town, unit: Unit, officer: Officer) -> tuple[Intern, str]:
    """An intern whose internship the unit has ended early."""
    intern, id = onboarded(town, unit, officer)
    file = unit.attach(id, "appraisal")
    unit.answer(
        id, "terminate", kind="early", end=town.today.isoformat(), retained=False, documents=[file],
        reason={"code": "personal", "text": "示例说明"},
    )  # fmt: skip
    return intern, id


def case_of(kind: str, intern: Intern, id: str, number: int = 1) -> str:
    return derived_id("cas", kind, intern.id, id, str(number))


@pytest.mark.rule("R17", "R18", "R20")
def test_an_objection_that_is_upheld_corrects_how_the_internship_ended(town: Town, unit: Unit, nanming: Officer) -> None:
    intern, id = terminated(town, unit, nanming)
    file = intern.upload(f"/me/applications/{id}/documents", pdf(f"{id} 佐证"), kind="other")
    body = {"cause": "wrong_reason", "text": "示例：不是本人原因", "documents": [file["id"]]}
    intern.post(f"/me/applications/{id}/objection", body)
    case_id = case_of("objection", intern, id)
    assert nanming.case(case_id)["facts"]["cause"] == "wrong_reason"
    nanming.post(f"/cases/{case_id}/approve", {"reason_code": "unit", "note": "经核实为单位原因"})
    nanming.await_case(case_id, "DECIDED")
    shown = intern.application(id)
    assert (shown["reason"]["code"], shown["questions"][0]["outcome"]) == ("unit", "approved")
    assert intern.get("/me/cases")["items"][0]["id"] == case_id
    assert unit.received(id)["reason"]["code"] == "unit"


@pytest.mark.rule("R3", "R14")
def test_a_block_is_lifted_by_two_officers_and_the_intern_applies_again(
    town: Town, unit: Unit, nanming: Officer, administrator: Caller
) -> None:
    intern, id = terminated(town, unit, nanming)
    another = unit.publish(nanming)
    with pytest.raises(Refused, match="once_only"):
        intern.apply(another)
    intern.post(f"/me/applications/{id}/lift", {"cause": "unit_fault", "text": "示例：单位停业"})
    case_id = case_of("lift", intern, id)
    nanming.case(case_id)
    first: Json = nanming.post(f"/cases/{case_id}/approve", {"note": "示例：情况属实"})
    assert first["status"] == "OPEN"
    with pytest.raises(Refused, match="second_person_needed"):
        nanming.post(f"/cases/{case_id}/approve", {})
    colleague = town.officer(administrator, NANMING)
    colleague.post(f"/cases/{case_id}/approve", {})
    colleague.await_case(case_id, "DECIDED")
    assert intern.apply(another)["status"] == "PENDING"


@pytest.mark.rule("R10", "R20")
def test_files_that_an_intern_hands_in_bring_a_returned_review_back_to_the_office(town: Town, unit: Unit, nanming: Officer) -> None:
    intern, application = willing(town, unit, nanming)
    id, case_id = application["id"], eligibility_case(intern, application)
    nanming.case(case_id)
    nanming.post(f"/cases/{case_id}/return", {"reason": {"code": "evidence_missing", "text": "示例：请补充毕业证书原件照片"}})
    assert intern.get(f"/cases/{case_id}")["status"] == "RETURNED"
    file = intern.upload(f"/me/applications/{id}/documents", pdf(f"{id} 补充材料"), kind="other")
    intern.post(f"/me/applications/{id}/supplement", {"documents": [file["id"]]})
    nanming.await_case(case_id, "OPEN")
    nanming.approve(case_id)
    intern.await_status(id, "APPROVED")


@pytest.mark.rule("R30", "R29", "R20")
def test_an_officer_grants_the_wish_to_end_and_carries_it_out_where_the_unit_does_not(town: Town, unit: Unit, nanming: Officer) -> None:
    intern, id = onboarded(town, unit, nanming)
    intern.post(f"/me/applications/{id}/end-request", {"cause": "end_health", "text": "示例：需要休养"})
    case_id = case_of("complaint", intern, id)
    nanming.case(case_id)
    with pytest.raises(Refused, match="note_needed"):
        nanming.post(f"/cases/{case_id}/approve", {})
    nanming.post(f"/cases/{case_id}/approve", {"note": "示例：同意提前结束"})
    nanming.await_case(case_id, "DECIDED")
    nanming.post(
        f"/applications/{id}/terminate",
        {"kind": "early", "end": town.today.isoformat(), "retained": False, "reason": {"code": "personal", "text": "示例说明"}},
    )
    assert [line["deed"] for line in intern.application(id)["history"]][-3:] == ["申请提前结束见习", "提前结束的申请已办理", "终止"]
    received = unit.received(id)
    assert (received["status"], received["questions"], "休养" in str(received)) == ("TERMINATED", [], False)


@pytest.mark.rule("R30", "R20")
def test_a_complaint_is_dealt_with_while_a_wish_to_end_waits_beside_it(town: Town, unit: Unit, nanming: Officer) -> None:
    intern, id = onboarded(town, unit, nanming)
    intern.post(f"/me/applications/{id}/end-request", {"cause": "end_health", "text": "示例：需要休养"})
    intern.post(f"/me/applications/{id}/complaint", {"cause": "no_mentor", "text": "示例：长期无人带教"})
    wish, complaint = case_of("complaint", intern, id), case_of("complaint", intern, id, 2)
    assert [nanming.case(case_id)["facts"]["cause"] for case_id in (wish, complaint)] == ["end_health", "no_mentor"]
    nanming.post(f"/cases/{complaint}/approve", {"note": "示例：已责成单位安排带教"})
    nanming.await_case(complaint, "DECIDED")
    assert nanming.case(wish)["status"] == "OPEN"
    outcomes = {question["matter"]: question["outcome"] for question in intern.application(id)["questions"]}
    assert outcomes == {"end_request": None, "complaint": "approved"}
    assert intern.get(f"/cases/{complaint}")["note"] == "示例：已责成单位安排带教"
    assert (unit.received(id)["questions"], unit.call("GET", f"/cases/{complaint}").status_code) == ([], 404)
    intern.post(f"/me/applications/{id}/end-request/take-back", {})
    nanming.await_case(wish, "VOID")


@pytest.mark.rule("R25", "R18", "R20")
def test_what_a_unit_rejected_by_mistake_is_put_back_by_an_officer(town: Town, unit: Unit, nanming: Officer, yunyan: Officer) -> None:
    intern = town.ready_intern()
    id = intern.apply(unit.publish(nanming))["id"]
    unit.answer(id, "reject", reason={"code": "seats_filled", "text": "示例说明"})
    back = {"to": "PENDING", "reason": {"code": "unit_mistake", "text": "示例：单位误操作"}}
    with pytest.raises(Refused, match="unknown_application"):
        yunyan.post(f"/applications/{id}/reinstate", back)
    assert nanming.post(f"/applications/{id}/reinstate", back)["status"] == "PENDING"
    unit.answer(id, "offer")
    assert intern.answer(id, "accept")["status"] == "WILLING"
    for reader in (intern.application(id), unit.received(id)):
        line = next(line for line in reader["history"] if line["deed"] == "恢复")
        assert (line["by"], line["reason"]["code"], line["office"] is not None) == ("officer", "unit_mistake", True)
