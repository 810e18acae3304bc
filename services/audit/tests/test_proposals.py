"""Policy and lists as data (programme §5): an administrator enters a change, a province officer approves it, then it holds."""

from typing import Any

import pytest
from audit.reference.domain.proposal import ProposalStatus
from common.contracts.words import Role, Verdict
from common.decision import Actor
from common.ids import new_id

from .conftest import Audit, case_id, officer
from .proposals import ADMIN, CHANGE, enter, in_force, said, status


async def test_an_entered_change_waits_and_holds_once_it_is_approved(audit: Audit) -> None:
    entered = await enter(audit)
    assert (entered["status"], entered["kind"], entered["key"], entered["region"]) == ("WAITING", "policy", "520100:2099-11-01", "520100")
    assert await in_force(audit, "520102", "2099-11-01") == 10
    await audit.decide_proposal(entered["id"])
    assert await in_force(audit, "520102", "2099-11-01") == 8
    assert await in_force(audit, "520102", "2099-10-31") == 10
    assert await in_force(audit, "520300", "2099-11-01") == 10
    assert await status(audit, entered["id"]) == ("APPLIED", None)
    assert await said(audit, entered["id"]) == ["change_proposed.v1", "change_settled.v1"]
    lines = (await audit.call("GET", f"/reference/policy/{entered['key']}/history", officer("520000"))).json()["items"]
    assert [(line["version"], line["note"], line["proposal_id"]) for line in lines] == [("v1", CHANGE["note"], entered["id"])]


async def test_the_province_decides_it_as_a_case_that_its_application_closes(audit: Audit) -> None:
    entered = await enter(audit)
    id, case, proposals, cases = entered["id"], case_id("policy", entered["id"]), audit.deps.reference.proposals, audit.deps.cases.store
    await audit.tell(proposals, id, 1)
    assert (await audit.call("GET", f"/cases/{case}", officer("520100"))).status_code == 404
    shown = (await audit.call("GET", f"/cases/{case}", officer("520000"))).json()
    assert (shown["status"], shown["office"], shown["facts"]["key"]) == ("OPEN", "520000", "520100:2099-11-01")
    assert (shown["facts"]["value"], shown["facts"]["affected"]) == (entered["value"], {})
    reason = {"reason": {"code": "other", "text": "示例"}}
    returned = await audit.call("POST", f"/cases/{case}/return", officer("520000"), reason)
    assert returned.json()["code"] == "change_not_returned"
    decided = (await audit.call("POST", f"/cases/{case}/approve", officer("520000"))).json()
    known = await audit.deps.reference.data.current()
    numbers = (f"calendar:{known.calendar.version}", f"reasons:{known.version('reasons')}")
    assert decided["versions"] == ["520000:2022-01-01:1", *numbers]
    await audit.tell(cases, case, 2)
    assert await status(audit, id) == ("APPLIED", None)
    await audit.tell(proposals, id, 2)
    assert (await audit.call("GET", f"/cases/{case}", officer("520000"))).json()["status"] == "DECIDED"


async def test_a_refused_decision_opens_the_case_again_and_a_withdrawal_voids_it(audit: Audit) -> None:
    first, second = (await enter(audit))["id"], (await enter(audit, changes={"max_pending": 9}))["id"]
    case, proposals, cases = case_id("policy", second), audit.deps.reference.proposals, audit.deps.cases.store
    await audit.tell(proposals, second, 1)
    await audit.decide_proposal(first)
    await audit.call("POST", f"/cases/{case}/approve", officer("520000"))
    await audit.tell(cases, case, 2)
    await audit.tell(proposals, second, 2)
    shown = (await audit.call("GET", f"/cases/{case}", officer("520000"))).json()
    assert (shown["status"], shown["reason"]["code"], shown["reason"]["label"]) == (
        "OPEN",
        "reference_changed_since",
        "该项设置在录入之后已被更改",
    )
    await audit.call("POST", f"/proposals/{second}/withdraw", ADMIN, {"note": "示例"})
    await audit.tell(proposals, second, 3)
    assert (await audit.call("GET", f"/cases/{case}", officer("520000"))).json()["status"] == "VOID"


async def test_a_decision_heard_again_changes_nothing_more(audit: Audit) -> None:
    id = (await enter(audit))["id"]
    for _ in range(3):
        await audit.decide_proposal(id)
    item = await audit.deps.reference.store.get("policy:520100:2099-11-01")
    assert item is not None
    assert item.version == 1
    assert len(await said(audit, id)) == 2


async def test_a_crash_between_the_item_and_its_proposal_is_made_good_by_the_next_delivery(
    audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = (await enter(audit))["id"]

    def crash(_: Any) -> Any:
        raise RuntimeError("示例")

    with monkeypatch.context() as broken:
        broken.setattr("audit.reference.domain.proposal.applied", crash)
        with pytest.raises(RuntimeError):
            await audit.decide_proposal(id)
    assert await status(audit, id) == ("APPLYING", None)
    assert (await audit.call("POST", f"/proposals/{id}/withdraw", ADMIN, {"note": "示例"})).json()["code"] == "proposal_not_waiting"
    await audit.decide_proposal(id)
    assert await status(audit, id) == ("APPLIED", None)
    item = await audit.deps.reference.store.get("policy:520100:2099-11-01")
    assert item is not None
    assert item.version == 1


async def test_what_is_turned_down_never_holds_and_says_why(audit: Audit) -> None:
    id = (await enter(audit))["id"]
    await audit.decide_proposal(id, Verdict.DISAPPROVE, reason_code="other")
    assert await status(audit, id) == ("TURNED_DOWN", "other")
    await audit.decide_proposal(id, seq=4)
    assert await status(audit, id) == ("TURNED_DOWN", "other")
    assert await in_force(audit, "520102", "2099-11-01") == 10


async def test_what_is_withdrawn_can_no_longer_be_approved(audit: Audit) -> None:
    id = (await enter(audit))["id"]
    answer = await audit.call("POST", f"/proposals/{id}/withdraw", ADMIN, {"note": "示例：录入有误"})
    assert answer.json()["status"] == "WITHDRAWN"
    await audit.decide_proposal(id)
    assert await status(audit, id) == ("WITHDRAWN", None)
    assert await said(audit, id) == ["change_proposed.v1", "change_settled.v1"]
    assert (await audit.call("POST", f"/proposals/{id}/withdraw", ADMIN, {"note": "示例"})).json()["code"] == "proposal_not_waiting"


async def test_a_change_of_what_was_changed_since_is_refused_and_waits_again(audit: Audit) -> None:
    first, second = (await enter(audit))["id"], (await enter(audit, changes={"max_pending": 9}))["id"]
    await audit.decide_proposal(first)
    await audit.decide_proposal(second)
    assert await status(audit, second) == ("WAITING", "reference_changed_since")
    assert await said(audit, second) == ["change_proposed.v1", "decision_refused.v1"]
    assert await in_force(audit, "520102", "2099-11-01") == 8
    await audit.decide_proposal(second, Verdict.DISAPPROVE, seq=6, reason_code="other")
    assert await status(audit, second) == ("TURNED_DOWN", "other")


async def test_what_no_longer_goes_together_with_the_rest_is_refused_at_approval(audit: Audit) -> None:
    wide, narrow = await enter(audit, changes={"age_max": 20}), await enter(audit, region="520103", changes={"age_min": 23})
    await audit.decide_proposal(narrow["id"])
    await audit.decide_proposal(wide["id"])
    assert await status(audit, wide["id"]) == ("WAITING", "reference_not_sound")
    answer = await audit.call("PUT", "/policy", ADMIN, CHANGE | {"changes": {"age_max": 21}})
    assert (answer.status_code, answer.json()["code"]) == (422, "reference_not_sound")


async def test_a_day_gone_by_needs_a_correction(audit: Audit) -> None:
    past = CHANGE | {"effective": "2024-01-01"}
    answer = await audit.call("PUT", "/policy", ADMIN, past)
    assert (answer.json()["code"], answer.json()["facts"]) == ("effective_day_passed", {"effective": "2024-01-01"})
    corrected = await enter(audit, effective="2024-01-01", correction=True)
    await audit.decide_proposal(corrected["id"])
    assert await in_force(audit, "520102", "2024-01-01") == 8


async def test_what_was_approved_after_its_day_is_refused(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    id = (await enter(audit, effective=str(audit.deps.reference.clock.today())))["id"]
    later = audit.deps.reference.clock.today().replace(year=2100)
    monkeypatch.setattr(audit.deps.reference.clock, "today", lambda: later)
    await audit.decide_proposal(id)
    assert await status(audit, id) == ("WAITING", "effective_day_passed")


@pytest.mark.rule("R20")
async def test_the_same_key_enters_one_proposal_and_answers_the_same_after_it_was_applied(audit: Audit) -> None:
    first = await audit.call("PUT", "/policy", ADMIN, CHANGE, key="key-0001")
    await audit.decide_proposal(first.json()["id"])
    assert (await audit.call("PUT", "/policy", ADMIN, CHANGE, key="key-0001")).json() == first.json()
    answer = await audit.call("PUT", "/policy", ADMIN, CHANGE, key="key-0002")
    assert (answer.status_code, answer.json()["code"]) == (409, "reference_nothing_changes")


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"max_pending": 0, "age_min": "x"}, "age_min（格式不正确）；max_pending（超出允许的范围）"),
    ({"age_min": 30}, "内容（与其他内容不一致）"),
    ({"no_such": 1}, "no_such（不认识的字段）"),
    ({"termination_files": ["nonesuch"]}, "与其他设置不一致"),
]


async def test_an_unsound_policy_is_refused_with_what_is_wrong_in_chinese(audit: Audit) -> None:
    for changes, problems in UNFIT:
        for method, path in (("PUT", "/policy"), ("POST", "/policy/dry-run")):
            answer = (await audit.call(method, path, ADMIN, CHANGE | {"changes": changes})).json()
            assert answer["code"] == "reference_not_sound"
            assert answer["detail"] == f"设置的内容不符合要求或与其他设置冲突：{problems}。请核对后重新提交。"


async def test_a_policy_for_nowhere_or_without_a_note_is_refused(audit: Audit) -> None:
    for change, code in (({"region": "999999"}, "region_unknown"), ({"note": ""}, "invalid_input")):
        assert (await audit.call("PUT", "/policy", ADMIN, CHANGE | change)).json()["code"] == code


async def test_proposals_are_listed_newest_first_by_status(audit: Audit) -> None:
    ids = [(await enter(audit, changes={"max_pending": pending}))["id"] for pending in (7, 8, 9)]
    await audit.call("POST", f"/proposals/{ids[1]}/withdraw", ADMIN, {"note": "示例"})
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await audit.call("GET", "/proposals", officer("520102"), status=ProposalStatus.WAITING.value, limit=1, **after)).json()
        seen += [row["id"] for row in page["items"]]
        if not page["next"]:
            break
        after = {"after": page["next"]}
    assert seen == [ids[2], ids[0]]


async def test_only_the_system_administrator_enters_and_only_overseers_read(audit: Audit) -> None:
    security, intern = Actor(id="stf_c", role=Role.SECURITY_ADMIN), Actor(id="per_1", role=Role.INTERN)
    for who in (None, officer("520000"), security):
        assert (await audit.call("PUT", "/policy", who, CHANGE)).status_code == (403 if who else 401)
        assert (await audit.call("PUT", "/reference/contact/520102", who, {})).status_code == (403 if who else 401)
    for who in (None, intern, security):
        assert (await audit.call("GET", "/proposals", who)).status_code == (403 if who else 401)
    assert (await audit.call("GET", f"/proposals/{new_id('prp')}", ADMIN)).status_code == 404


async def test_a_case_about_a_proposal_of_nobody_changes_nothing(audit: Audit) -> None:
    message = await audit.decide_proposal(new_id("prp"))
    assert message.case_id == case_id("policy", message.subject)
