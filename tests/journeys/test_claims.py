"""What an intern may ask after an end, and who decides it, through the gateway (R3, R14, R17, R20)."""

import pytest
from common.ids import derived_id
from jianxi_local.caller import Caller, Json, Refused
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, pdf
from jianxi_local.town import Town

from ..conftest import NANMING


def terminated(town: Town, unit: Unit, officer: Officer) -> tuple[Intern, str]:
    """An intern whose internship the unit has ended early."""
    intern = town.ready_intern()
    application = intern.apply(unit.publish(officer))
    id: str = application["id"]
    unit.answer(id, "offer")
    intern.answer(id, "accept")
    officer.approve(eligibility_case(intern, application))
    intern.await_status(id, "APPROVED")
    unit.onboard(id)
    file = unit.attach(id, "appraisal")
    unit.answer(
        id, "terminate", kind="early", end=town.today.isoformat(), retained=False, documents=[file],
        reason={"code": "personal", "text": "示例说明"},
    )  # fmt: skip
    return intern, id


def case_of(kind: str, intern: Intern, id: str) -> str:
    return derived_id("cas", kind, intern.id, id, "1")


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
