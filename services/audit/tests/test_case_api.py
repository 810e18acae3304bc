"""Cases over HTTP: the queue of an office, what parties see, supplements, repeats, roles."""

from datetime import timedelta
from typing import Any

import pytest
from audit.cases.handlers.case import expire_supplements
from common.contracts.words import CaseStatus, Permission, PostingStatus, Role, Status
from common.decision import Actor
from common.ids import new_id

from .conftest import Audit, case_id, officer
from .messages import application_changed, intent, posting_changed, requested

RETURN = {"reason": {"code": "evidence_missing", "text": "请补充学历证明"}}
UNFIT = {"reason": {"code": "other", "text": "示例：不具备条件"}}


async def ask(audit: Audit, region: str = "520102", *, after: timedelta = timedelta()) -> str:
    """A recognition case in that county, asked `after` the usual instant; its id."""
    unit = new_id("unt")
    await audit.hear(unit, 1, requested(unit, region=region), after=after)
    return case_id("recognition", unit)


async def queue(audit: Audit, who: Actor, **query: Any) -> list[str]:
    found = (await audit.call("GET", "/cases", who, **query)).json()
    return [item["id"] for item in found["items"]]


@pytest.mark.rule("R14", "R32")
async def test_an_officer_sees_the_cases_of_the_own_region_and_below(audit: Audit) -> None:
    here, beside, far = await ask(audit, "520102"), await ask(audit, "520103"), await ask(audit, "520302")
    assert await queue(audit, officer("520102")) == [here]
    assert set(await queue(audit, officer("520100"))) == {here, beside}
    assert set(await queue(audit, officer("520000"))) == {here, beside, far}
    assert await queue(audit, officer("520000"), region="520300") == [far]
    assert (await audit.call("GET", "/cases", officer("520102"), region="520103")).json()["code"] == "forbidden"
    assert (await audit.call("GET", f"/cases/{far}", officer("520100"))).json()["code"] == "not_found"


@pytest.mark.rule("R32")
async def test_the_queue_comes_by_due_instant_overdue_first_page_by_page(audit: Audit) -> None:
    late = await ask(audit, after=timedelta(days=-30))
    ids = [late, *[await ask(audit, after=timedelta(days=days)) for days in (0, 1, 2)]]
    same = sorted([ids.pop(), await ask(audit, after=timedelta(days=2))])
    expected, seen, after = ids + same, [], None
    while True:
        page = (await audit.call("GET", "/cases", officer(), limit=2, **({"after": after} if after else {}))).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == expected
    assert (await audit.call("GET", f"/cases/{late}", officer())).json()["overdue"] is True
    assert (await audit.call("GET", "/cases", officer(), after="nonsense")).json()["code"] == "invalid_input"
    assert (await audit.call("GET", "/cases", officer(), limit=len(expected))).json()["next"] is None


async def test_the_queue_is_narrowed_by_kind_and_status(audit: Audit) -> None:
    recognition, person, posting = await ask(audit), new_id("per"), new_id("pst")
    await audit.hear(person, 1, intent(person))
    await audit.hear(posting, 1, posting_changed(posting, new_id("unt"), PostingStatus.SUBMITTED, region="520102"))
    await audit.call("POST", f"/cases/{recognition}/claim", officer())
    assert await queue(audit, officer(), kind="unemployment") == [case_id("unemployment", person)]
    assert await queue(audit, officer(), status="CLAIMED") == [recognition]
    assert await queue(audit, officer(), status="DECIDED") == []


@pytest.mark.rule("R32")
async def test_a_page_of_the_queue_is_read_from_its_index(audit: Audit) -> None:
    cases = audit.deps.cases.store.collection
    plan = await cases.find({"state.places": "520102", "state.status": {"$in": ["OPEN", "CLAIMED"]}}).sort(
        [("state.due_at", 1), ("_id", 1)]
    ).explain()  # fmt: skip
    assert "queue" in str(plan["queryPlanner"]["winningPlan"])
    assert "'stage': 'SORT'" not in str(plan["queryPlanner"]["winningPlan"])


async def test_the_same_key_gives_the_same_answer_and_one_event(audit: Audit) -> None:
    id = await ask(audit)
    first = await audit.call("POST", f"/cases/{id}/approve", officer(), {"note": "材料齐全"}, key="key-00000001")
    again = await audit.call("POST", f"/cases/{id}/approve", officer(), {"note": "材料齐全"}, key="key-00000001")
    other = await audit.call("POST", f"/cases/{id}/approve", officer(), {"note": "另一内容"}, key="key-00000001")
    assert (again.status_code, again.json()) == (200, first.json())
    assert (first.json()["note"], first.json()["reason"]) == ("材料齐全", None)
    assert other.json()["code"] == "idempotency_key_reused"
    assert [event["to"] for event in await audit.events(id)] == ["OPEN", "DECIDING"]


@pytest.mark.rule("R14", "R20")
async def test_claim_release_and_take_over_are_in_the_history_with_their_note(audit: Audit) -> None:
    id = await ask(audit)
    assert (await audit.call("POST", f"/cases/{id}/claim", officer())).json()["officer_id"] == "stf_a"
    assert (await audit.call("POST", f"/cases/{id}/claim", officer(id="stf_b"))).json()["code"] == "case_claimed"
    assert (await audit.call("POST", f"/cases/{id}/release", officer(id="stf_b"))).json()["status"] == "OPEN"
    city = officer("520100", "stf_city")
    assert (await audit.call("POST", f"/cases/{id}/approve", city)).json()["code"] == "case_of_another_office"
    assert (await audit.call("POST", f"/cases/{id}/take-over", city, {"note": ""})).json()["code"] == "invalid_input"
    assert (await audit.call("POST", f"/cases/{id}/take-over", city, {"note": "县级回避"})).json()["office"] == "520100"
    history = (await audit.call("GET", f"/cases/{id}", officer())).json()["history"]
    assert [(line["command"], line["role"], line["office"], line["note"]) for line in history] == [
        ("follow_subject", "system", None, None),
        ("claim", "officer", "520102", None),
        ("release", "officer", "520102", None),
        ("take_over", "officer", "520100", "县级回避"),
    ]


@pytest.mark.rule("R18", "R20")
async def test_parties_read_their_own_case_with_officers_as_office_and_role(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    me, other = Actor(id=person, role=Role.INTERN), Actor(id=new_id("per"), role=Role.INTERN)
    id = case_id("eligibility", person, application=application)
    await audit.hear(person, 1, application_changed(person, application))
    await audit.call("POST", f"/cases/{id}/claim", officer())
    body = {"reason": {"code": "evidence_insufficient", "text": "毕业证书无法核实"}}
    await audit.call("POST", f"/cases/{id}/disapprove", officer(), body)
    deciding = (await audit.call("GET", f"/cases/{id}", me)).json()
    assert (deciding["status"], deciding["verdict"], deciding["reason"]) == ("DECIDING", None, None)
    assert "毕业证书无法核实" not in str(deciding)
    await audit.hear(person, 2, application_changed(person, application, Status.DISAPPROVED, case_id=id))
    decided = await audit.call("GET", f"/cases/{id}", me)
    reason = body["reason"] | {"label": "证明材料不齐全或无法核实"}
    assert (decided.json()["verdict"], decided.json()["reason"]) == ("disapprove", reason)
    assert [line["reason"] for line in decided.json()["history"]] == [None, reason, reason]
    assert [line["command"] for line in decided.json()["history"]] == ["follow_subject", "disapprove", "follow_subject"]
    assert "stf_a" not in decided.text
    assert (await audit.call("GET", f"/cases/{id}", other)).json()["code"] == "not_found"
    assert (await audit.call("GET", f"/cases/{id}", Actor(id="usr_1", role=Role.UNIT, unit_id="unt_1"))).json()["code"] == "not_found"


async def test_a_unit_reads_the_cases_of_its_own_postings_only(audit: Audit) -> None:
    posting, unit = new_id("pst"), new_id("unt")
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED))
    path = f"/cases/{case_id('posting', posting)}"
    assert (await audit.call("GET", path, Actor(id="usr_1", role=Role.UNIT, unit_id=unit))).json()["status"] == "OPEN"
    assert (await audit.call("GET", path, Actor(id="usr_2", role=Role.UNIT, unit_id=new_id("unt")))).status_code == 404


@pytest.mark.rule("R10")
async def test_a_returned_case_opens_again_when_its_party_has_supplemented(audit: Audit) -> None:
    unit = new_id("unt")
    colleague = Actor(id="usr_3", role=Role.UNIT, unit_id=unit, permissions=frozenset({Permission.MANAGE_POSTINGS}))
    mine, other = (
        Actor(id=id, role=Role.UNIT, unit_id=of, permissions=frozenset({Permission.MANAGE_USERS}))
        for id, of in (("usr_1", unit), ("usr_2", new_id("unt")))
    )
    id = case_id("recognition", unit)
    await audit.hear(unit, 1, requested(unit))
    assert (await audit.call("POST", f"/cases/{id}/supplement", mine)).json()["code"] == "case_not_in_status"
    returned = (await audit.call("POST", f"/cases/{id}/return", officer(), RETURN)).json()
    assert (returned["status"], returned["overdue"]) == ("RETURNED", False)
    assert (await audit.call("GET", f"/cases/{id}", mine)).json()["history"][-1]["reason"] == RETURN["reason"] | {"label": "缺少证明材料"}
    assert (await audit.call("POST", f"/cases/{id}/supplement", other)).json()["code"] == "not_found"
    assert (await audit.call("POST", f"/cases/{id}/supplement", colleague)).json()["code"] == "forbidden"
    assert (await audit.call("POST", f"/cases/{id}/supplement", mine)).json()["status"] == "OPEN"


@pytest.mark.rule("R10", "R12")
async def test_a_newer_intent_supplements_a_returned_eligibility_case(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    id = case_id("eligibility", person, application=application)
    await audit.hear(person, 1, application_changed(person, application))
    await audit.call("POST", f"/cases/{id}/return", officer(), RETURN)
    await audit.hear(person, 2, intent(person, 2))
    assert await audit.status(id) is CaseStatus.RETURNED, "said before the return"
    await audit.hear(person, 3, intent(person, 3), after=timedelta(days=3650))
    assert await audit.status(id) is CaseStatus.OPEN


@pytest.mark.rule("R10")
async def test_an_expired_term_puts_the_case_back_in_the_queue_overdue(audit: Audit) -> None:
    id, kept = await ask(audit), await ask(audit)
    for returned in (id, kept):
        await audit.call("POST", f"/cases/{returned}/return", officer(), RETURN)
    past = audit.deps.cases.clock.now() - timedelta(seconds=1)
    await audit.deps.cases.store.collection.update_one({"_id": id}, {"$set": {"state.due_at": past}})
    await expire_supplements(audit.deps.cases)
    await expire_supplements(audit.deps.cases)
    shown = (await audit.call("GET", f"/cases/{id}", officer())).json()
    assert (shown["status"], shown["overdue"], shown["verdict"]) == ("OPEN", True, None)
    assert (await queue(audit, officer()))[0] == id
    assert [event["to"] for event in await audit.events(id)] == ["OPEN", "RETURNED", "OPEN"]
    assert await audit.status(kept) is CaseStatus.RETURNED


@pytest.mark.rule("R10")
async def test_a_case_that_cannot_be_read_does_not_keep_others_from_the_end_of_their_terms(audit: Audit) -> None:
    bad, id = sorted([await ask(audit), await ask(audit)])
    for returned in (bad, id):
        await audit.call("POST", f"/cases/{returned}/return", officer(), RETURN)
    past = audit.deps.cases.clock.now() - timedelta(seconds=1)
    await audit.deps.cases.store.collection.update_many({}, {"$set": {"state.due_at": past}})
    await audit.deps.cases.store.collection.update_one({"_id": bad}, {"$set": {"state.facts": None}})
    await expire_supplements(audit.deps.cases)
    assert await audit.status(id) is CaseStatus.OPEN


COMMANDS = {
    "claim": None,
    "release": None,
    "approve": None,
    "disapprove": UNFIT,
    "return": RETURN,
    "take-over": {"note": "示例：县级回避"},
}


@pytest.mark.parametrize("command", COMMANDS)
async def test_only_officers_command_cases(audit: Audit, command: str) -> None:
    id = await ask(audit)
    for role in Role:
        answer = await audit.call("POST", f"/cases/{id}/{command}", Actor(id="x", role=role, region="520000"), COMMANDS[command])
        assert (answer.status_code == 403 and answer.json()["code"] == "forbidden") is (role is not Role.OFFICER)
    assert (await audit.call("POST", f"/cases/{id}/{command}", None, COMMANDS[command])).status_code == 401
    assert (await audit.call("POST", f"/cases/cas_none/{command}", officer(), COMMANDS[command])).json()["code"] == "not_found"


async def test_a_reason_is_required_and_known(audit: Audit) -> None:
    id = await ask(audit)
    bodies: list[tuple[dict[str, Any], str]] = [
        ({}, "invalid_input"),
        ({"reason": {"code": "other"}}, "invalid_input"),
        ({"reason": {"code": "other", "text": " "}}, "invalid_input"),
        ({"reason": {"code": "age", "text": "示例"}}, "reason_unknown"),
    ]
    for command in ("disapprove", "return"):
        for body, code in bodies:
            assert (await audit.call("POST", f"/cases/{id}/{command}", officer(), body)).json()["code"] == code
