"""Reveals of phones, and what else is noted before it leaves: resumes, minors, numbers, files (R24, R19)."""

from datetime import date, timedelta

import pytest
from common.contracts.cases import SecurityNoted
from common.contracts.words import CaseKind, CaseStatus, Permission, Role, Status
from common.decision import Actor
from common.ids import new_id

from .builders import application, case, resume_body
from .conftest import Desk, officer, real_name

PERMITTED = frozenset({Permission.ANSWER_APPLICANTS})


def employer(*permissions: Permission) -> Actor:
    return Actor(id=new_id("usr"), role=Role.UNIT, unit_id=new_id("unt"), permissions=frozenset(permissions) or PERMITTED)


async def applied(desk: Desk, intern: Actor, unit: Actor, to: Status = Status.PENDING) -> None:
    assert unit.unit_id
    await desk.hear(intern.id, application(intern.id, unit.unit_id, to))


async def noted(desk: Desk, subject: str) -> list[tuple[str, str, str | None, str | None]]:
    """Deed, actor, unit and application of what is noted about somebody or something; log-ins apart."""
    rows = await desk.parts.notes.collection.find().sort("_id", 1).to_list()
    notes = [SecurityNoted.model_validate_json(event["data"]) for row in rows for event in row["pending"]]
    return sorted((n.kind, n.actor_id, n.unit_id, n.application_id) for n in notes if n.subject == subject and n.outcome == "ok")


@pytest.mark.rule("R24")
async def test_a_unit_reveals_the_phone_from_its_offer_to_the_end_and_each_reveal_is_noted(desk: Desk) -> None:
    body = await desk.registration()
    intern = Actor(id=(await desk.ok("POST", "/interns", None, body))["id"], role=Role.INTERN)
    await desk.ok("POST", "/me/real-name", intern, real_name())
    unit, path = employer(), f"/people/{intern.id}/phone-reveals"
    expected = []
    for status in (Status.PENDING, Status.OFFERED, Status.WILLING, Status.APPROVED, Status.ONBOARDED, Status.TERMINATED):
        await applied(desk, intern, unit, status)
        if status in (Status.PENDING, Status.TERMINATED):
            assert await desk.refused("POST", path, unit) == (409, "phone_hidden")
        else:
            assert (await desk.ok("POST", path, unit))["phone"] == body["phone"]
            expected.append(("phone_revealed", unit.id, unit.unit_id, f"app_{intern.id}_{unit.unit_id}"))
        assert await noted(desk, intern.id) == expected


@pytest.mark.rule("R24", "R20")
async def test_a_repeated_reveal_is_noted_once(desk: Desk) -> None:
    intern, unit = await desk.intern(resume=True), employer()
    await applied(desk, intern, unit, Status.OFFERED)
    answers = [await desk.ok("POST", f"/people/{intern.id}/phone-reveals", unit, key="key-reveal-1") for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await noted(desk, intern.id)) == 1


@pytest.mark.rule("R24", "R14")
async def test_who_has_nothing_in_common_reveals_nothing_and_an_office_reveals_while_its_case_is_open(desk: Desk) -> None:
    intern, unit = await desk.intern(resume=True), employer()
    path = f"/people/{intern.id}/phone-reveals"
    await applied(desk, intern, unit, Status.OFFERED)
    for stranger in (employer(), unit.but(permissions=frozenset({Permission.MANAGE_POSTINGS})), officer()):
        assert await desk.refused("POST", path, stranger) == (404, "not_found")
    await desk.hear("cas_1", case(intern.id, application_id="app_1"))
    assert "*" not in (await desk.ok("POST", path, officer()))["phone"]
    assert await noted(desk, intern.id) == [("phone_revealed", "stf_officer", None, "app_1")]
    await desk.hear("cas_1", case(intern.id, to=CaseStatus.DECIDED))
    assert await desk.refused("POST", path, officer()) == (409, "phone_hidden")


@pytest.mark.rule("R19", "R24")
@pytest.mark.parametrize(("years", "minor"), [(16, True), (17, True), (18, False)])
async def test_each_read_of_a_minor_and_of_any_resume_is_noted(desk: Desk, years: int, minor: bool) -> None:
    intern, unit = await desk.intern(), employer()
    today = desk.parts.clock.today()
    birth = date(today.year - years, today.month, min(today.day, 28)) - timedelta(days=1)
    await desk.ok("POST", "/me/real-name", intern, real_name(birth=birth - timedelta(days=1)))
    await desk.ok("PUT", "/me/resume", intern, resume_body())
    await applied(desk, intern, unit)
    await desk.ok("GET", f"/people/{intern.id}", unit)
    assert [note[0] for note in await noted(desk, intern.id)] == ["minor_read"] * minor
    await desk.ok("GET", f"/people/{intern.id}/resumes/1", unit)
    assert [note[0] for note in await noted(desk, intern.id)] == ["minor_read", "minor_read"] * minor + ["resume_read"]
    await desk.ok("GET", "/me", intern)
    assert len(await noted(desk, intern.id)) == 1 + 2 * minor


@pytest.mark.rule("R24", "R13")
async def test_an_office_that_reads_a_number_or_a_file_is_noted(desk: Desk) -> None:
    intern, user = await desk.intern(verified=True), await desk.unit()
    assert user.unit_id
    await desk.hear("cas_1", case(intern.id, CaseKind.UNEMPLOYMENT))
    await desk.ok("GET", f"/people/{intern.id}", officer())
    assert await noted(desk, intern.id) == [("identity_read", "stf_officer", None, None)]
    licence = await desk.licence(user)
    await desk.hear("cas_2", case(user.unit_id, CaseKind.RECOGNITION))
    await desk.call("GET", f"/units/documents/{licence}", user)
    assert await noted(desk, licence) == []
    await desk.call("GET", f"/units/documents/{licence}", officer())
    assert await noted(desk, licence) == [("document_read", "stf_officer", None, None)]


@pytest.mark.rule("R31", "R24")
async def test_log_ins_log_outs_reused_tokens_new_passwords_and_changed_rights_are_noted_without_the_login(desk: Desk) -> None:
    body = await desk.unit_registration()
    made = await desk.ok("POST", "/units", None, body)
    wish = {"login": body["login"], "password": body["password"]}
    pair = await desk.ok("POST", "/tokens", None, wish)
    for wrong in ({**wish, "password": "shili-false-1"}, {**wish, "login": "shili.nobody"}):
        assert await desk.refused("POST", "/tokens", None, wrong) == (401, "login_failed")
    for _ in range(2):
        await desk.call("POST", "/tokens/refresh", None, {"refresh_token": pair["refresh_token"]})
    other = await desk.ok("POST", "/tokens", None, wish)
    await desk.ok("POST", "/tokens/revoke", None, {"refresh_token": other["refresh_token"]})
    desk.later(minutes=1)
    code = await desk.code(body["phone"], "password_reset")
    await desk.ok("POST", "/password-resets", None, {"phone": body["phone"], "phone_code": code, "password": "shili2027"})
    user = {**await desk.registration(), "name": "示例同事", "permissions": []}
    added = await desk.ok("POST", "/units/me/users", other["access_token"], user)
    rows = await desk.parts.notes.collection.find().sort("_id", 1).to_list()
    notes = [SecurityNoted.model_validate_json(event["data"]) for row in rows for event in row["pending"]]
    assert sorted((n.kind, n.actor_id, n.subject, n.outcome) for n in notes) == [
        ("logged_in", "anonymous", "nobody", "login_failed"),
        ("logged_in", "anonymous", made["id"], "login_failed"),
        ("logged_in", made["id"], made["id"], "ok"),
        ("logged_in", made["id"], made["id"], "ok"),
        ("logged_out", made["id"], made["id"], "ok"),
        ("password_reset", made["id"], made["id"], "ok"),
        ("rights_changed", made["id"], added["id"], "ok"),
        ("token_reused", "anonymous", made["id"], "refresh_refused"),
    ]
    assert body["login"] not in str(rows)
