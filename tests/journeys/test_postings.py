"""A posting from declaration to its end, as visitors, units, officers and interns meet it."""

import pytest
from jianxi_local.caller import Refused
from jianxi_local.people import Intern, Officer, Unit, until
from jianxi_local.town import Town


@pytest.mark.rule("G15", "R16")
def test_a_visitor_finds_a_posting_once_it_is_approved(town: Town, unit: Unit, nanming: Officer) -> None:
    visitor, title = town.visitor(), f"示例岗位{town.new_key()}"
    posting_id, case_id = unit.declare(title)
    assert visitor.get("/postings", q=title)["items"] == []
    nanming.approve(case_id)
    unit.await_posting(posting_id, "PUBLISHED")
    found = visitor.get("/postings", q=title)["items"]
    assert [(posting["id"], posting["unit_name"]) for posting in found] == [(posting_id, unit.name)]
    assert visitor.get(f"/postings/{posting_id}")["ask"][0]["phone"]


@pytest.mark.rule("G15", "R15")
def test_only_a_recognised_unit_declares(town: Town) -> None:
    fresh = town.unit("示例未认定单位", "520102")
    with pytest.raises(Refused, match="recognised_unit_needed"):
        fresh.declare()


@pytest.mark.rule("R16")
def test_a_returned_posting_is_corrected_and_approved(unit: Unit, nanming: Officer) -> None:
    posting_id, case_id = unit.declare(title="示例岗位（限男性）")
    assert unit.get(f"/units/me/postings/{posting_id}")["marks"]
    nanming.disapprove(case_id, "discriminating_words", "不得限定性别")
    returned = unit.await_posting(posting_id, "RETURNED")
    assert returned["reason"]["code"] == "discriminating_words"
    nanming.await_case(case_id, "DECIDED")
    assert unit.get(f"/cases/{case_id}")["reason"]["text"] == "不得限定性别"
    unit.patch(f"/units/me/postings/{posting_id}", {"title": "示例岗位"})
    submitted = unit.post(f"/units/me/postings/{posting_id}/submit")
    assert (submitted["status"], submitted["revision"], submitted["marks"]) == ("SUBMITTED", 2, [])


@pytest.mark.rule("R9")
def test_a_paused_posting_takes_no_applications_but_answers_earlier_ones(town: Town, unit: Unit, nanming: Officer) -> None:
    posting_id = unit.publish(nanming)
    early, late = town.ready_intern(), town.ready_intern()
    application = early.apply(posting_id)
    unit.post(f"/units/me/postings/{posting_id}/pause")

    refusal = until(lambda: pause_shows(late, posting_id), "the pause arrives")
    assert refusal.code == "posting_paused"
    assert unit.answer(application["id"], "offer")["status"] == "OFFERED"


@pytest.mark.rule("R9", "R8")
def test_closing_withdraws_what_waits_and_keeps_what_is_offered(town: Town, unit: Unit, nanming: Officer) -> None:
    posting_id = unit.publish(nanming)
    waiting, offered = town.ready_intern(), town.ready_intern()
    left, taken = waiting.apply(posting_id)["id"], offered.apply(posting_id)["id"]
    unit.answer(taken, "offer")
    unit.post(f"/units/me/postings/{posting_id}/close")
    assert waiting.await_status(left, "WITHDRAWN")["reason"]["code"] == "posting_closed"
    unit.await_posting(posting_id, "CLOSED")
    assert offered.application(taken)["status"] == "OFFERED"
    with pytest.raises(Refused, match="posting_closed"):
        town.ready_intern().apply(posting_id)


def pause_shows(late: Intern, posting_id: str) -> Refused | None:
    """The refusal, once the pause has arrived; a submission that came before it is undone."""
    try:
        application = late.apply(posting_id)
    except Refused as refusal:
        return refusal
    late.answer(application["id"], "withdraw")
    return None
