"""Who somebody is, looked at by an officer, and an account given back, through the gateway (R31)."""

import pytest
from common.ids import derived_id
from jianxi_local.people import Officer, pdf, until
from jianxi_local.town import Town

from ..conftest import NANMING


@pytest.mark.rule("R31", "G2")
def test_an_officer_verifies_with_the_card_whom_the_register_does_not_know(town: Town, nanming: Officer) -> None:
    intern = town.intern("示例·阿依")
    file = intern.upload("/me/identity-review/documents", pdf(f"{intern.id} 户口簿"))
    body = {"name": intern.name, "id_number": intern.id_number, "region": NANMING, "documents": [file["id"]]}
    intern.post("/me/identity-review", body)
    case_id = derived_id("cas", "identity", intern.id, "", "1")
    assert nanming.case(case_id)["facts"]["purpose"] == "real_name"
    assert nanming.get(f"/people/{intern.id}/identity-review")["claimed"] == [intern.name, intern.id_number]
    nanming.post(f"/cases/{case_id}/approve", {"note": "示例：已核对身份证原件"})
    nanming.await_case(case_id, "DECIDED")
    assert until(lambda: intern.get("/me")["verified"] or None, "the person is verified")
    assert intern.write_resume()["version"] == 1


@pytest.mark.rule("R31")
def test_who_has_lost_the_phone_gets_the_account_back_with_another_one(town: Town, nanming: Officer) -> None:
    intern, phone, visitor = town.ready_intern("示例失主"), town.new_phone(), town.visitor()
    visitor.post("/phone-codes", {"phone": phone, "purpose": "recovery"})
    who = {"name": "示例失主", "id_number": intern.id_number, "region": NANMING}
    visitor.post("/recoveries", {**who, "phone": phone, "phone_code": town.sms_code(phone)})
    case_id = derived_id("cas", "identity", intern.id, "", "1")
    nanming.case(case_id)
    nanming.post(f"/cases/{case_id}/approve", {"note": "示例：已核对身份证原件"})
    nanming.await_case(case_id, "DECIDED")
    old = visitor.call("POST", "/tokens", json={"login": intern.login, "password": town.password})
    assert (old.status_code, old.json()["code"]) == (401, "login_failed")
