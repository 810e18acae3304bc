"""What the platform explains to people before and after they act, across services."""

import pytest
from jianxi_local.caller import Json
from jianxi_local.people import Intern, Officer, Unit, eligibility_case
from jianxi_local.town import Town


def closed(intern: Intern, posting_id: str) -> str | None:
    """The first step that keeps an intern from applying."""
    answer = intern.get("/me/eligibility", posting_id=posting_id)
    assert answer["may_apply"] == (answer["refused"] is None)
    return answer["refused"]["gate"] if answer["refused"] else None


@pytest.mark.rule("G2", "G4", "R11", "G17")
def test_a_newcomer_is_led_from_step_to_step_until_the_way_is_free(town: Town, unit: Unit, nanming: Officer) -> None:
    posting_id, intern = unit.publish(nanming), town.intern("示例司马")
    assert closed(intern, posting_id) == "real_name"
    intern.verify()
    assert closed(intern, posting_id) == "resume"
    intern.write_resume()
    assert closed(intern, posting_id) == "intent"
    intern.register_intent(months_since_diploma=30)
    answer = intern.get("/me/eligibility", posting_id=posting_id)
    [late] = [finding for finding in answer["findings"] if finding["line"]["result"] == "fail"]
    assert (answer["refused"]["code"], late["name"], late["result_name"]) == ("not_eligible", "毕业证书与毕业时间", "不符合")
    assert [office["region"] for office in late["offices"]] == [nanming.region, "support"]
    intern.register_intent()
    assert closed(intern, posting_id) is None
    intern.apply(posting_id)
    assert closed(intern, posting_id) == "again"


@pytest.mark.rule("R2", "R11", "R18", "R20")
def test_the_intern_sees_the_effects_before_and_all_parties_the_same_history_after(
    town: Town, unit: Unit, other_unit: Unit, nanming: Officer, yunyan: Officer
) -> None:
    intern = town.ready_intern("示例上官")
    wanted, other = intern.apply(unit.publish(nanming))["id"], intern.apply(other_unit.publish(yunyan))["id"]
    unit.answer(wanted, "offer")
    previews = {one["deed"]: one for one in intern.get(f"/me/applications/{wanted}")["previews"]}
    assert [(one["application_id"], one["to"]) for one in previews["accept"]["others"]] == [(other, "WITHDRAWN")]
    accepted = intern.answer(wanted, "accept")
    assert intern.application(other)["status"] == "WITHDRAWN"
    case = nanming.case(eligibility_case(intern, accepted))
    assert {(rule["rule_name"], rule["result_name"]) for rule in case["rules"]} >= {("毕业证书与毕业时间", "符合"), ("监护人同意", "符合")}
    nanming.approve(case["id"])
    intern.await_status(wanted, "APPROVED")
    paths = ((intern, f"/me/applications/{wanted}"), (unit, f"/units/me/applications/{wanted}"), (nanming, f"/applications/{wanted}"))
    histories: list[list[Json]] = [reader.get(path)["history"] for reader, path in paths]
    assert histories[0] == histories[1] == histories[2]
    assert [(line["by_name"], line["to_name"]) for line in histories[0]] == [
        ("见习人员", "待确认"),
        ("见习单位", "确认通过"),
        ("见习人员", "确认意愿"),
        ("人社经办人员", "确认审核通过"),
    ]
