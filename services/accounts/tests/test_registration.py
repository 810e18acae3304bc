"""Interns and units register with a phone they prove (G1, R15, R31)."""

import asyncio
import json
from typing import Any

import pytest
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id

from .builders import CITY, COUNTY
from .conftest import Desk

INTERNS, UNITS = "/interns", "/units"


async def people(desk: Desk) -> int:
    return await desk.parts.accounts.collection.count_documents({})


@pytest.mark.rule("G1", "G2")
async def test_an_intern_registers_with_login_password_phone_and_code(desk: Desk) -> None:
    body = await desk.registration()
    made = await desk.ok("POST", INTERNS, None, body)
    assert (made["login"], made["role"], made["active"]) == (body["login"], "intern", True)
    assert made["phone"] == f"{body['phone'][:3]}****{body['phone'][-4:]}"
    me = await desk.ok("GET", "/me", Actor(id=made["id"], role=Role.INTERN))
    assert (me["login"], me["verified"], me["missing"]) == (body["login"], False, ["real_name", "resume"])
    assert [event["type"] for event in await desk.said(made["id"])] == ["person.registered.v1"]


@pytest.mark.rule("R15", "R24")
async def test_a_unit_registers_and_its_first_user_may_do_everything(desk: Desk) -> None:
    body = await desk.unit_registration()
    made = await desk.ok("POST", UNITS, None, {**body, "uscc": body["uscc"].lower()})
    assert len(made["permissions"]) == 4
    user = Actor(id=made["id"], role=Role.UNIT, unit_id=made["unit_id"])
    unit = await desk.ok("GET", "/units/me", user)
    assert (unit["id"], unit["name"], unit["uscc"], unit["status"]) == (made["unit_id"], body["name"], body["uscc"], "REGISTERED")
    [registered] = await desk.said(made["unit_id"])
    assert registered == {
        "type": "unit.registered.v1", "unit_id": made["unit_id"], "name": body["name"], "uscc": body["uscc"], "region": COUNTY,
    }  # fmt: skip


@pytest.mark.rule("G1", "R31")
async def test_a_wrong_code_registers_nobody_and_five_of_them_spend_the_right_one(desk: Desk) -> None:
    body = await desk.registration()
    wrong = f"{(int(body['phone_code']) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert await desk.refused("POST", INTERNS, None, {**body, "phone_code": wrong}) == (422, "phone_code_wrong")
    assert await desk.refused("POST", INTERNS, None, body) == (422, "phone_code_wrong")
    assert await people(desk) == 0
    desk.later(minutes=1)
    await desk.ok("POST", INTERNS, None, {**body, "phone_code": await desk.code(body["phone"])})


@pytest.mark.rule("G1", "R31")
async def test_a_code_is_over_after_five_minutes_and_serves_its_own_phone(desk: Desk) -> None:
    body, other = await desk.registration(), await desk.registration()
    assert await desk.refused("POST", INTERNS, None, {**body, "phone": other["phone"]}) == (422, "phone_code_wrong")
    desk.later(minutes=5)
    assert await desk.refused("POST", INTERNS, None, body) == (422, "phone_code_wrong")


@pytest.mark.rule("R20")
@pytest.mark.parametrize("path", [INTERNS, UNITS])
async def test_the_same_key_registers_once_and_another_body_under_it_is_refused(desk: Desk, path: str) -> None:
    body, key = await (desk.registration() if path == INTERNS else desk.unit_registration()), new_id("key")
    answers = await asyncio.gather(*(desk.call("POST", path, None, body, key=key) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await people(desk) == 1
    changed = {**body, "password": "andere2026"}
    assert await desk.refused("POST", path, None, changed, key=key) == (422, "idempotency_key_reused")


@pytest.mark.rule("G1", "R31", "R15")
async def test_login_phone_and_credit_code_belong_to_one_account(desk: Desk) -> None:
    first = await desk.unit_registration()
    await desk.ok("POST", UNITS, None, first)
    login = await desk.registration(login=first["login"].upper())
    assert await desk.refused("POST", INTERNS, None, login) == (409, "login_taken")
    unit = await desk.unit_registration(uscc=first["uscc"])
    assert await desk.refused("POST", UNITS, None, unit) == (409, "uscc_taken")
    desk.later(minutes=1)
    again = {"login": "shili.second", "password": first["password"], "phone": first["phone"], "phone_code": await desk.code(first["phone"])}
    assert await desk.refused("POST", INTERNS, None, again) == (409, "phone_taken")
    assert await people(desk) == 1
    await desk.ok("POST", INTERNS, None, {**login, "login": "shili.third"})


@pytest.mark.rule("R31", "R15")
async def test_of_two_at_once_with_one_login_or_credit_code_one_is_refused(desk: Desk) -> None:
    for path, field, code in ((INTERNS, "login", "login_taken"), (UNITS, "uscc", "uscc_taken")):
        make: Any = desk.registration if path == INTERNS else desk.unit_registration
        one = await make()
        two = await make(**{field: one[field]})
        answers = await asyncio.gather(*(desk.call("POST", path, None, body) for body in (one, two)))
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        assert [answer.json()["code"] for answer in answers if answer.status_code == 409] == [code]


@pytest.mark.rule("G1", "R15", "R14", "R20")
async def test_what_is_missing_malformed_or_unknown_is_refused_with_a_code_and_changes_nothing(desk: Desk) -> None:
    intern, unit = await desk.registration(), await desk.unit_registration()
    for path, body, changes, code in (
        (INTERNS, intern, {"login": "19900000001"}, "invalid_input"),
        (INTERNS, intern, {"password": "short1"}, "invalid_input"),
        (INTERNS, intern, {"password": "onlyletters"}, "password_weak"),
        (INTERNS, intern, {"phone": "123"}, "phone_form"),
        (INTERNS, intern, {"phone_code": "12345"}, "invalid_input"),
        (INTERNS, intern, {"phone_code": None}, "invalid_input"),
        (INTERNS, intern, {"role": "officer"}, "invalid_input"),
        (UNITS, unit, {"uscc": "91520100YX00000000"}, "uscc_checksum"),
        (UNITS, unit, {"uscc": "123"}, "uscc_form"),
        (UNITS, unit, {"region": CITY}, "unit_county_unknown"),
        (UNITS, unit, {"region": "110101"}, "unit_county_unknown"),
        (UNITS, unit, {"region": "5201"}, "invalid_input"),
        (UNITS, unit, {"staff_insured": -1}, "invalid_input"),
        (UNITS, unit, {"name": " "}, "invalid_input"),
    ):
        assert await desk.refused("POST", path, None, {**body, **changes}) == (422, code), changes
    half_a_character = json.dumps({**intern, "password": "shili2026\ud800"}).encode()
    for content, refused in (
        (b"{nonsense", (400, "malformed_json")),
        (b"[]", (422, "invalid_input")),
        (half_a_character, (422, "invalid_input")),
    ):
        assert await desk.refused("POST", INTERNS, content=content) == refused
    answer = await desk.call("POST", INTERNS, None, intern, key="short")
    assert answer.json()["code"] == "invalid_input"
    assert await people(desk) == 0
    await desk.ok("POST", INTERNS, None, intern)
    await desk.ok("POST", UNITS, None, unit)


@pytest.mark.rule("G1")
async def test_the_sweep_completes_a_registration_that_a_crash_cut_off(desk: Desk) -> None:
    intern, user = await desk.intern(), await desk.unit()
    assert user.unit_id
    await desk.parts.people.collection.delete_one({"_id": intern.id})
    await desk.parts.units.collection.delete_one({"_id": user.unit_id})
    await desk.parts.accounts.collection.update_many({}, {"$set": {"state.profile_due": True}})
    await desk.parts.accounts.collection.update_many({}, {"$set": {"commands": []}})
    for _ in range(2):
        await desk.service.jobs[0].run()
    assert len(await desk.said(intern.id)) == len(await desk.said(user.unit_id)) == 1
    assert (await desk.ok("GET", "/me", intern))["missing"] == ["real_name", "resume"]
    assert await desk.parts.without_profile() == []


async def test_a_registration_that_cannot_be_completed_does_not_hold_up_others(desk: Desk) -> None:
    bad, good = sorted([(await desk.intern()).id, (await desk.intern()).id])
    await desk.parts.people.collection.delete_one({"_id": good})
    await desk.parts.people.collection.update_one({"_id": bad}, {"$set": {"state.resumes": None}})
    await desk.parts.accounts.collection.update_many({}, {"$set": {"state.profile_due": True, "commands": []}})
    await desk.service.jobs[0].run()
    assert await desk.parts.without_profile() == [bad]
    assert (await desk.parts.people.get(good)) is not None
