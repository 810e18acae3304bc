"""Who sees and does what, across services."""

import pytest
from jianxi_local.caller import Caller, Json, Refused
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, unemployment_case, until
from jianxi_local.town import Town

from ..conftest import NANMING


@pytest.fixture
def intern(town: Town) -> Intern:
    return town.ready_intern("示例欧阳")


@pytest.mark.rule("R24")
def test_a_unit_reveals_the_phone_from_the_offer_to_the_end_only(intern: Intern, unit: Unit, other_unit: Unit, nanming: Officer) -> None:
    application = intern.apply(unit.publish(nanming))
    before = until(lambda: seen(unit, f"/people/{intern.id}"), "the unit hears of its applicant")
    assert before["phone"] == f"{intern.phone[:3]}****{intern.phone[-4:]}"
    assert before["name"] != "示例欧阳"
    resume = unit.get(f"/people/{intern.id}/resumes/{application['resume_version']}")
    assert resume["resume"]["skills"] == ["办公软件"]
    refuses(other_unit, f"/people/{intern.id}", "not_found")
    with pytest.raises(Refused, match="phone_hidden"):
        unit.post(f"/people/{intern.id}/phone-reveals")

    def shown(hidden: bool) -> bool | None:
        return ("*" in unit.get(f"/people/{intern.id}")["name"]) is hidden or None

    unit.answer(application["id"], "offer")
    assert until(lambda: shown(hidden=False), "the offer shows the name")
    assert unit.post(f"/people/{intern.id}/phone-reveals")["phone"] == intern.phone
    assert unit.get(f"/people/{intern.id}")["phone"] == before["phone"]
    intern.answer(application["id"], "decline")
    assert until(lambda: shown(hidden=True), "the end hides it again")
    with pytest.raises(Refused, match="phone_hidden"):
        unit.post(f"/people/{intern.id}/phone-reveals")


@pytest.mark.rule("R14")
def test_a_case_is_decided_by_its_county_and_seen_above_it_only(
    intern: Intern, unit: Unit, nanming: Officer, yunyan: Officer, province: Officer
) -> None:
    application = intern.apply(unit.publish(nanming))
    unit.answer(application["id"], "offer")
    case_id = eligibility_case(intern, intern.answer(application["id"], "accept"))
    assert nanming.case(case_id)["status"] == "OPEN"
    refuses(yunyan, f"/cases/{case_id}", "not_found")
    with pytest.raises(Refused, match="case_of_another_office"):
        province.post(f"/cases/{case_id}/approve")
    province.post(f"/cases/{case_id}/take-over", {"note": "示例：县级经办人员回避"})
    with pytest.raises(Refused, match="case_of_another_office"):
        nanming.post(f"/cases/{case_id}/approve")
    province.approve(case_id)
    assert intern.await_status(application["id"], "APPROVED")["reason"] is None
    assert province.await_case(case_id, "DECIDED")["verdict"] == "approve"


@pytest.mark.rule("R13")
def test_nobody_is_approved_before_the_unemployment_check_has_passed(town: Town, unit: Unit, nanming: Officer) -> None:
    intern = town.intern("示例小吴", age=20)
    intern.verify()
    intern.write_resume()
    intent = intern.register_youth_intent(NANMING)
    assert intent["check"] == "CHECKING"
    application = intern.apply(unit.publish(nanming))
    unit.answer(application["id"], "offer")
    case_id = eligibility_case(intern, intern.answer(application["id"], "accept"))
    nanming.case(case_id)
    with pytest.raises(Refused, match="unemployment_check"):
        nanming.post(f"/cases/{case_id}/approve")
    nanming.approve(unemployment_case(intern, intent))
    nanming.await_case(unemployment_case(intern, intent), "DECIDED")
    nanming.approve(case_id)
    intern.await_status(application["id"], "APPROVED")


@pytest.mark.rule("R20", "R23")
def test_every_party_reads_the_history_with_its_reasons(intern: Intern, unit: Unit, nanming: Officer) -> None:
    application = intern.apply(unit.publish(nanming))
    unit.answer(application["id"], "reject", reason={"code": "other", "text": "示例：岗位需要夜班"})
    for reader in (intern.application(application["id"]), unit.received(application["id"])):
        assert [line["to"] for line in reader["history"]] == ["PENDING", "REJECTED"]
        assert [line["by"] for line in reader["history"]] == ["intern", "unit"]
        assert reader["history"][-1]["reason"] == {"code": "other", "label": "其他", "text": "示例：岗位需要夜班"}


@pytest.mark.rule("R24")
def test_a_user_switched_off_is_out_and_cannot_log_in_any_more(town: Town, unit: Unit) -> None:
    login = f"user{town.new_key()}"[:32]
    phone = town.new_phone()
    unit.post("/phone-codes", {"phone": phone, "purpose": "registration"})
    entry = {"login": login, "password": town.password, "name": "示例用户", "phone": phone, "phone_code": town.sms_code(phone)}
    user = unit.post("/units/me/users", entry | {"permissions": ["answer_applicants"]})
    colleague = town.logged_in(login)
    assert colleague.get("/units/me")["id"] == unit.unit_id
    with pytest.raises(Refused, match="forbidden"):
        colleague.post("/units/me/postings", {})
    unit.patch(f"/units/me/users/{user['id']}", {"active": False})
    with pytest.raises(Refused, match="account_off"):
        town.logged_in(login)
    refused = until(lambda: refusal_of(colleague, "/units/me"), "the door hears that the token holds no longer")
    assert refused == "account_off", "with a 401 the caller logs in again"


@pytest.mark.rule("R31")
def test_one_resident_id_is_one_person(town: Town, intern: Intern) -> None:
    again = town.intern("示例欧阳")
    with pytest.raises(Refused, match="id_number_taken"):
        again.post("/me/real-name", {"name": "示例欧阳", "id_number": intern.id_number})
    assert not again.get("/me")["verified"]


def seen(reader: Caller, path: str) -> Json | None:
    """What is read there; None while a fact that permits it is on its way."""
    try:
        return reader.get(path)
    except Refused as refused:
        if refused.status != 404:
            raise
        return None


def refuses(reader: Caller, path: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        reader.get(path)


def refusal_of(reader: Caller, path: str) -> str | None:
    """The code of the refusal; None while there is none."""
    try:
        reader.get(path)
    except Refused as refused:
        return refused.code
    return None
