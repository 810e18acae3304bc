"""An intern's own profile: real name before resume, one number one person, each resume kept (G2, R12, R31)."""

import asyncio
from datetime import date
from typing import Any

import pytest
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from common.testing.people import make_resident_id

from .builders import NAME, resume_body
from .conftest import Desk, real_name

REAL_NAME, RESUME = "/me/real-name", "/me/resume"


@pytest.mark.rule("G2", "R31")
async def test_the_real_name_is_verified_and_only_the_birth_date_is_said(desk: Desk) -> None:
    intern, body = await desk.intern(), real_name()
    me = await desk.ok("POST", REAL_NAME, intern, body)
    assert (me["verified"], me["name"], me["birth_date"], me["missing"]) == (True, NAME, "2004-05-06", ["resume"])
    assert me["id_number"] == f"{body['id_number'][:3]}{'*' * 11}{body['id_number'][-4:]}"
    assert await desk.ok("GET", "/me", intern) == me
    assert (await desk.said(intern.id))[1:] == [{"type": "person.verified.v1", "person_id": intern.id, "birth_date": "2004-05-06"}]
    assert await desk.ok("POST", REAL_NAME, intern, {**body, "id_number": body["id_number"].lower()}) == me
    assert await desk.refused("POST", REAL_NAME, intern, {**body, "name": "示例王"}) == (409, "already_verified")
    assert await desk.refused("POST", REAL_NAME, intern, real_name()) == (409, "already_verified")
    assert len(await desk.said(intern.id)) == 2


@pytest.mark.rule("R31")
async def test_a_number_verifies_one_account_even_when_two_come_at_once(desk: Desk) -> None:
    body, interns = real_name(), [await desk.intern() for _ in range(3)]
    answers = await asyncio.gather(*(desk.call("POST", REAL_NAME, intern, body) for intern in interns))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    for intern, answer in zip(interns, answers, strict=True):
        me = await desk.ok("GET", "/me", intern)
        assert me["verified"] is (answer.status_code == 200)
        if answer.status_code == 409:
            assert (answer.json()["code"], answer.json()["rule"]) == ("id_number_taken", "R31")
            assert len(await desk.said(intern.id)) == 1
            await desk.ok("POST", REAL_NAME, intern, real_name())


@pytest.mark.rule("G2")
async def test_an_unsound_number_is_refused_with_what_is_wrong(desk: Desk) -> None:
    intern, sound = await desk.intern(), make_resident_id(date(2004, 5, 6))
    for number, code in (
        ("123", "id_number_form"),
        ("520102040506001", "id_number_fifteen_digits"),
        (sound[:-1] + ("0" if sound[-1] != "0" else "1"), "id_number_checksum"),
        (make_resident_id(date(2999, 1, 1)), "id_number_birth_date"),
        ("5" * 50, "invalid_input"),
    ):
        assert await desk.refused("POST", REAL_NAME, intern, {"name": NAME, "id_number": number}) == (422, code)
    for body in ({"name": " ", "id_number": sound}, {"id_number": sound}, {"name": NAME, "id_number": sound, "more": 1}):
        assert await desk.refused("POST", REAL_NAME, intern, body) == (422, "invalid_input")
    assert not (await desk.ok("GET", "/me", intern))["verified"]


@pytest.mark.rule("G2")
async def test_the_resume_is_refused_before_the_real_name(desk: Desk) -> None:
    intern = await desk.intern()
    answer = await desk.call("PUT", RESUME, intern, resume_body())
    assert (answer.status_code, answer.json()["code"], answer.json()["rule"]) == (409, "resume_needs_real_name", "G2")
    assert await desk.refused("GET", RESUME, intern) == (404, "not_found")
    assert await desk.parts.resumes.collection.count_documents({}) == 0


@pytest.mark.rule("G2", "R12")
async def test_each_changed_resume_is_a_new_version_and_the_same_again_is_none(desk: Desk) -> None:
    intern = await desk.intern(verified=True)
    versions = [(await desk.ok("PUT", RESUME, intern, resume_body(skill)))["version"] for skill in ("a", "a", "b", "a")]
    assert versions == [1, 1, 2, 3]
    newest = await desk.ok("GET", RESUME, intern)
    assert (newest["version"], newest["resume"]["skills"], newest["person_id"]) == (3, ["a"], intern.id)
    assert [event["resume_version"] for event in await desk.said(intern.id) if event["type"] == "resume.saved.v1"] == [1, 2, 3]
    me = await desk.ok("GET", "/me", intern)
    assert (me["resume_version"], me["missing"]) == (3, [])


@pytest.mark.rule("R20")
async def test_a_repeated_save_answers_with_the_version_it_made(desk: Desk) -> None:
    intern, key = await desk.intern(verified=True), new_id("key")
    first = await desk.ok("PUT", RESUME, intern, resume_body("a"), key=key)
    await desk.ok("PUT", RESUME, intern, resume_body("b"))
    assert await desk.ok("PUT", RESUME, intern, resume_body("a"), key=key) == first
    assert await desk.refused("PUT", RESUME, intern, resume_body("c"), key=key) == (422, "idempotency_key_reused")
    assert (await desk.ok("GET", "/me", intern))["resume_version"] == 2


@pytest.mark.rule("R12")
async def test_an_unsound_resume_is_refused_and_saves_nothing(desk: Desk) -> None:
    intern = await desk.intern(verified=True)
    study = resume_body()["education"][0]
    for body, code in (
        ({"education": []}, "invalid_input"),
        ({"education": [{**study, "level": "unknown"}]}, "education_unknown"),
        ({"education": [{**study, "end": "2018-01-01"}]}, "invalid_input"),
        ({**resume_body(), "phone": "19900000001"}, "invalid_input"),
    ):
        assert await desk.refused("PUT", RESUME, intern, body) == (422, code)
    assert (await desk.ok("GET", "/me", intern))["resume_version"] == 0


@pytest.mark.rule("G2")
async def test_contact_data_changes_at_any_time_and_null_takes_it_away(desk: Desk) -> None:
    intern = await desk.intern()
    changed = await desk.ok("PATCH", "/me", intern, {"email": "shili@example.com", "address": "示例路1号"})
    assert (changed["email"], changed["address"]) == ("shili@example.com", "示例路1号")
    assert (await desk.ok("PATCH", "/me", intern, {"email": None}))["address"] == "示例路1号"
    me = await desk.ok("GET", "/me", intern)
    assert (me["email"], me["address"]) == (None, "示例路1号")
    for body in ({"email": "nonsense"}, {"address": " "}, {"phone": "19900000001"}, {"login": "other"}):
        assert await desk.refused("PATCH", "/me", intern, body) == (422, "invalid_input")


async def test_what_nobody_sees_is_dropped_from_every_text(desk: Desk) -> None:
    intern, body = await desk.intern(), real_name()
    pasted = {"name": f"\u202e{NAME}\u200b", "id_number": f"\ufeff{body['id_number']}\u2069"}
    assert (await desk.ok("POST", REAL_NAME, intern, pasted))["name"] == NAME
    contact = {"email": "shili\u200b@example.com", "address": "\u202d示例路1号"}
    assert (await desk.ok("PATCH", "/me", intern, contact)).items() >= {"email": "shili@example.com", "address": "示例路1号"}.items()
    resume = resume_body("\u200b示例软件") | {"self_description": "示例\u2066自述"}
    resume["education"][0] |= {"school": "示例\ufeff学院"}
    saved = (await desk.ok("PUT", RESUME, intern, resume))["resume"]
    assert (saved["skills"], saved["self_description"]) == (["示例软件"], "示例自述")
    assert saved["education"][0]["school"] == "示例学院"
    for empty in ({"address": "\u200b"}, {"email": "\u200b@\u200b"}):
        assert await desk.refused("PATCH", "/me", intern, empty) == (422, "invalid_input")


async def test_a_pasted_phone_number_and_credit_code_are_read_as_they_look(desk: Desk) -> None:
    body = await desk.unit_registration()
    pasted = body | {"phone": f"\u202d{body['phone']}\u202c", "uscc": f"\u200b{body['uscc']}", "name": f"\u202e{body['name']}"}
    made = await desk.ok("POST", "/units", None, pasted)
    user = Actor(id=made["id"], role=Role.UNIT, unit_id=made["unit_id"])
    assert (await desk.ok("GET", "/units/me", user))["name"] == body["name"]


async def test_only_interns_have_a_profile_and_each_sees_the_own(desk: Desk) -> None:
    one, two = await desk.intern(verified=True), await desk.intern()
    assert (await desk.ok("GET", "/me", two))["id"] == two.id != one.id
    calls: tuple[tuple[str, str, Any], ...] = (
        ("GET", "/me", None),
        ("PATCH", "/me", {}),
        ("GET", RESUME, None),
        ("PUT", RESUME, resume_body()),
        ("POST", REAL_NAME, real_name()),
    )
    for method, path, body in calls:
        assert await desk.refused(method, path, None, body) == (401, "unauthenticated")
        assert await desk.refused(method, path, Actor(id="usr_1", role=Role.UNIT, unit_id="unt_1"), body) == (403, "forbidden")
    assert await desk.refused("GET", "/me", "forged.token.here") == (401, "unauthenticated")
