"""A change of policy from the administrator's desk to where it holds, and a phone that visitors are given (programme §5, G17)."""

from typing import Any

import pytest
from jianxi_local.caller import Caller, Refused
from jianxi_local.people import Officer, until
from jianxi_local.town import Town

FAR = "522732"
"""A county that no other journey visits."""


def sandu(change: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"region": FAR, "effective": "2099-01-01", "changes": change, "note": "示例：试点", **changes}


@pytest.mark.rule("R14", "R20")
def test_a_change_is_tried_out_entered_and_approved_before_it_holds(
    town: Town, administrator: Caller, province: Officer, nanming: Officer
) -> None:
    visitor, change = town.visitor(), sandu({"recognition_years": 2, "age_max": 23})
    applicant = town.unit("示例三都科技有限公司", FAR)
    recognition = applicant.request_recognition()
    province.case(recognition)
    tried = province.post("/policy/dry-run", change)
    assert (tried["affected"], [case["id"] for case in tried["cases"]]) == ({"recognition": 1}, [recognition])
    assert [line["field"] for line in tried["untouched"]] == ["age_max"]

    entered = administrator.put("/policy", change)
    with pytest.raises(Refused, match="forbidden"):
        province.put("/policy", change)
    case = until(lambda: case_of(province, entered), "the policy case is open")
    assert (case["region"], case["facts"]["affected"]) == ("520000", {"recognition": 1})
    assert case["id"] not in [one["id"] for one in open_cases(nanming)]
    assert years(visitor, "2099-01-01") == 3

    assert province.approve(case["id"])["status"] == "DECIDING"
    until(lambda: administrator.get(f"/proposals/{entered['id']}")["status"] == "APPLIED" or None, "the change is applied")
    until(lambda: years(visitor, "2099-01-01") == 2 or None, "the change holds")
    assert years(visitor, "2098-12-31") == 3
    until(lambda: province.case(case["id"])["status"] == "DECIDED" or None, "the case is closed")


@pytest.mark.rule("G17")
def test_a_new_phone_of_an_office_is_what_everyone_is_given(town: Town, administrator: Caller, province: Officer) -> None:
    applicant = town.unit("示例三都服务有限公司", FAR)
    value = {"region": FAR, "office": "示例三都县人社局", "phone": "0854-00000001"}
    entered = administrator.put(f"/reference/contact/{FAR}", {"value": value, "note": "示例：换号"})
    case = until(lambda: case_of(province, entered), "the policy case is open")
    province.approve(case["id"])
    until(lambda: town.visitor().get("/contacts", region=FAR)["items"][0]["phone"] == value["phone"] or None, "the contact is changed")

    def told() -> bool | None:
        with pytest.raises(Refused) as caught:
            applicant.get("/units/me/postings/pst_unknown")
        return caught.value.ask.startswith(f"{value['office']}：{value['phone']}") or None

    until(told, "a refusal of another service says the new phone")


def years(visitor: Caller, day: str) -> int:
    found: int = visitor.get("/policy", region=FAR, day=day)["policy"]["recognition_years"]
    return found


def open_cases(officer: Officer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = officer.get("/cases", kind="policy")["items"]
    return found


def case_of(officer: Officer, proposal: dict[str, Any]) -> dict[str, Any] | None:
    return next((case for case in open_cases(officer) if case["subject"] == proposal["id"]), None)
