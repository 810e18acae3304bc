"""Who somebody is, when the register or the phone does not say so (R31): verification by hand, other names, recovery, other phones."""

from typing import Any

import pytest
from common.contracts.cases import CaseStatusChanged, RelationsDeclared
from common.contracts.words import CaseKind, CaseStatus, Role, Verdict
from common.decision import Actor
from common.ids import derived_id
from common.testing.people import make_mobile

from .builders import COUNTY, ELSEWHERE, PASSWORD, PDF
from .conftest import Desk, officer, real_name

REVIEW = "/me/identity-review"
NEW_PHONE = make_mobile(990_001)


async def file(desk: Desk, intern: Actor) -> str:
    made = await desk.ok("POST", f"{REVIEW}/documents", intern, files={"file": ("示例.pdf", PDF + intern.id.encode())})
    id: str = made["id"]
    return id


async def ask(desk: Desk, intern: Actor, name: str = "示例·古丽", **changes: Any) -> dict[str, Any]:
    body = {**real_name(name), "region": COUNTY, "documents": [await file(desk, intern)], **changes}
    return await desk.ok("POST", REVIEW, intern, body)


async def decide(
    desk: Desk, person_id: str, verdict: Verdict, request: int = 1, reason_code: str | None = None, *, seq: int | None = None
) -> int:
    case_id = derived_id("cas", "identity", person_id, "", str(request))
    message = CaseStatusChanged(
        case_id=case_id, kind=CaseKind.IDENTITY, from_=CaseStatus.OPEN, to=CaseStatus.DECIDING, region=COUNTY, subject=person_id,
        subject_version=request, verdict=verdict, reason_code=reason_code, officer_region=COUNTY,
    )  # fmt: skip
    return (await desk.hear(case_id, message, seq=seq)).seq


async def recovery(desk: Desk, who: dict[str, str], phone: str = NEW_PHONE, **changes: Any) -> dict[str, Any]:
    return {**who, "region": COUNTY, "phone": phone, "phone_code": await desk.code(phone, "recovery"), **changes}


@pytest.mark.rule("R31", "G2")
async def test_a_name_the_register_does_not_know_is_verified_by_an_officer_with_the_card(desk: Desk) -> None:
    intern, number = await desk.intern(), real_name()["id_number"]
    await ask(desk, intern, id_number=number)
    assert [one["type"] for one in await desk.said(intern.id)][-1] == "person.review_asked.v1"
    assert "古丽" not in str(await desk.said(intern.id))
    assert await desk.refused("POST", REVIEW, intern, {**real_name(), "region": COUNTY, "documents": [await file(desk, intern)]}) == (
        409, "identity_review_waiting",
    )  # fmt: skip
    shown = await desk.ok("GET", f"/people/{intern.id}/identity-review", officer())
    assert shown["claimed"] == ["示例·古丽", number]
    assert (await desk.call("GET", f"/identity-documents/{shown['documents'][0]}", officer())).content.startswith(PDF)
    for path in (f"/people/{intern.id}/identity-review", f"/identity-documents/{shown['documents'][0]}"):
        assert await desk.refused("GET", path, officer(ELSEWHERE)) == (404, "not_found")
    seq = await decide(desk, intern.id, Verdict.APPROVE)
    await decide(desk, intern.id, Verdict.APPROVE, seq=seq)
    assert [one["type"] for one in await desk.said(intern.id)][-2:] == ["person.verified.v1", "person.review_settled.v1"]
    me = await desk.ok("GET", "/me", intern)
    assert (me["verified"], me["name"]) == (True, "示例·古丽")
    assert (await desk.ok("GET", REVIEW, intern))["status"] == "APPROVED"
    assert await desk.refused("GET", f"/people/{intern.id}/identity-review", officer()) == (404, "not_found")


@pytest.mark.rule("R31", "R18")
async def test_a_refusal_is_told_with_its_reason_and_one_may_ask_again_or_take_it_back(desk: Desk) -> None:
    intern = await desk.intern()
    await ask(desk, intern)
    await decide(desk, intern.id, Verdict.DISAPPROVE, reason_code="does_not_match")
    seen = await desk.ok("GET", REVIEW, intern)
    assert (seen["status"], seen["reason"]["label"]) == ("DISAPPROVED", "证件与填报信息不一致")
    await ask(desk, intern)
    await desk.ok("POST", f"{REVIEW}/withdraw", intern)
    assert await desk.refused("POST", f"{REVIEW}/withdraw", intern) == (409, "identity_review_not_waiting")
    await decide(desk, intern.id, Verdict.APPROVE, request=2)
    assert (await desk.said(intern.id))[-1]["reason_code"] == "request_not_current"


@pytest.mark.rule("R31")
async def test_one_number_stays_one_person_also_by_hand(desk: Desk) -> None:
    verified, other = await desk.intern(verified=True), await desk.intern()
    taken = (await desk.ok("GET", "/me", verified))["id_number"]
    assert taken
    number = await number_of(desk, verified.id)
    await ask(desk, other, "示例同号", id_number=number)
    await decide(desk, other.id, Verdict.APPROVE)
    assert (await desk.said(other.id))[-1]["reason_code"] == "id_number_taken"
    await ask(desk, verified, "示例新名", id_number=number)
    await decide(desk, verified.id, Verdict.APPROVE)
    assert (await desk.ok("GET", "/me", verified))["name"] == "示例新名"
    documents = [await file(desk, verified)]
    again = {"name": "示例新名", "id_number": number, "region": COUNTY, "documents": documents}
    assert await desk.refused("POST", REVIEW, verified, again) == (409, "identity_review_needless")
    another = {**real_name("示例"), "region": COUNTY, "documents": documents}
    assert await desk.refused("POST", REVIEW, verified, another) == (409, "identity_review_other_number")
    assert await desk.refused("POST", REVIEW, verified, {**again, "documents": ["doc_9"]}) == (422, "identity_file_unknown")
    assert await desk.refused("POST", REVIEW, verified, {**again, "region": "520100"}) == (422, "office_county_unknown")


async def number_of(desk: Desk, person_id: str) -> str:
    person = await desk.parts.people.get(person_id)
    assert person is not None
    assert person.identity is not None
    return desk.parts.sealer.open("id_number", person.identity.number_sealed)


async def who_is(desk: Desk, person_id: str) -> dict[str, str]:
    person = await desk.parts.people.get(person_id)
    assert person is not None
    assert person.identity is not None
    return {"name": desk.parts.sealer.open("name", person.identity.name_sealed), "id_number": await number_of(desk, person_id)}


@pytest.mark.rule("R31")
async def test_who_has_lost_phone_and_password_gets_the_account_back_by_the_card_and_a_new_phone(desk: Desk) -> None:
    registration = await desk.registration()
    made = await desk.ok("POST", "/interns", None, registration)
    intern = Actor(id=made["id"], role=Role.INTERN)
    await desk.ok("POST", "/me/real-name", intern, real_name("示例失主"))
    tokens = await desk.ok("POST", "/tokens", None, {"login": registration["login"], "password": PASSWORD})
    await desk.ok("POST", "/recoveries", None, await recovery(desk, await who_is(desk, intern.id)))
    assert (await desk.said(intern.id))[-1]["purpose"] == "recovery"
    assert await desk.refused("POST", f"{REVIEW}/withdraw", intern) == (409, "identity_review_not_waiting")
    await decide(desk, intern.id, Verdict.APPROVE)
    assert await desk.refused("POST", "/tokens/refresh", None, {"refresh_token": tokens["refresh_token"]}) == (401, "refresh_refused")
    assert (await desk.refused("POST", "/tokens", None, {"login": registration["login"], "password": PASSWORD}))[1] == "login_failed"
    desk.later(minutes=2)
    code = await desk.code(NEW_PHONE, "password_reset")
    await desk.ok("POST", "/password-resets", None, {"phone": NEW_PHONE, "phone_code": code, "password": "Shili-2027-new"})
    await desk.ok("POST", "/tokens", None, {"login": registration["login"], "password": "Shili-2027-new"})


@pytest.mark.rule("R31", "R24")
async def test_the_door_tells_nobody_whether_a_number_is_known(desk: Desk) -> None:
    intern = await desk.intern(verified=True)
    right = await who_is(desk, intern.id)
    bodies = [right, {**right, "name": "示例别名"}, real_name("示例无此人")]
    answers = [
        await desk.call("POST", "/recoveries", None, await recovery(desk, who, make_mobile(990_010 + n))) for n, who in enumerate(bodies)
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    assert len([one for one in await desk.said(intern.id) if one["type"] == "person.review_asked.v1"]) == 1
    wrong = {**await recovery(desk, right, make_mobile(990_020)), "phone_code": "000000"}
    assert (await desk.refused("POST", "/recoveries", None, wrong))[1] == "phone_code_wrong"


@pytest.mark.rule("R31")
async def test_a_phone_that_was_anothers_is_let_go_by_who_proves_it(desk: Desk) -> None:
    first = await desk.registration()
    old = await desk.ok("POST", "/interns", None, first)
    desk.later(minutes=2)
    again = await desk.registration(phone=first["phone"], phone_code=await desk.code(first["phone"]))
    assert await desk.refused("POST", "/interns", None, again) == (409, "phone_taken")
    await desk.ok("POST", "/interns", None, {**again, "phone_was_anothers": True})
    holder = Actor(id=old["id"], role=Role.INTERN)
    assert (await desk.ok("GET", "/me", holder))["phone"] is None
    change = {"phone": NEW_PHONE, "phone_code": await desk.code(NEW_PHONE, "phone_change"), "password": PASSWORD}
    assert await desk.refused("PUT", "/me/phone", holder, {**change, "password": "Falsch-2026"}) == (422, "password_wrong")
    assert (await desk.ok("PUT", "/me/phone", holder, change))["phone"] is not None


@pytest.mark.rule("R32", "R15")
async def test_officers_list_and_export_the_units_of_their_region_what_waits_first(desk: Desk) -> None:
    recognised, waiting = await desk.recognised(), await desk.requested()
    path = "/offices/me/units"
    rows = (await desk.ok("GET", path, officer()))["items"]
    assert [(row["id"], row["waiting"]) for row in rows] == [(waiting.unit_id, True), (recognised.unit_id, False)]
    assert (await desk.ok("GET", path, officer(ELSEWHERE)))["items"] == []
    assert len((await desk.ok("GET", path, officer("520000"), status="RECOGNISED"))["items"]) == 1
    first = await desk.ok("GET", path, officer(), limit=1)
    assert (await desk.ok("GET", path, officer(), after=first["next"]))["items"][0]["id"] == recognised.unit_id
    sheet = await desk.call("GET", f"{path}/export", officer())
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")


@pytest.mark.rule("R14")
async def test_an_officer_does_not_suspend_a_unit_they_are_related_to(desk: Desk) -> None:
    unit = (await desk.recognised()).unit_id
    assert unit
    who = officer()
    await desk.hear(who.id, RelationsDeclared(officer_id=who.id, unit_ids=(unit,)))
    reason = {"reason": {"code": "other", "text": "示例"}}
    for deed in ("suspend", "revoke"):
        assert await desk.refused("POST", f"/units/{unit}/{deed}", who, reason) == (403, "related_to_unit")
