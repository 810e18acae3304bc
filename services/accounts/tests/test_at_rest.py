"""No clear name, phone, number, password or code at rest, in a log or in an event; and nothing of them to be guessed."""

import base64
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog
from accounts.sealing import Sealer
from common.contracts.topics import PEOPLE
from common.ids import new_id
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from .builders import NAME, PASSWORD, recognition_body, resume_body
from .conftest import ADMINISTRATOR, Desk, real_name

SEALER = Sealer(bytes(range(32)))
EMAIL, ADDRESS, COLLEAGUE = "shili.lin@example.com", "示例路1号", "示例同事"


async def everything(desk: Desk) -> str:
    """All documents of all collections as text."""
    database = desk.service.mongo.database
    rows = [[row async for row in database[name].find({})] for name in await database.list_collection_names()]
    return json.dumps(rows, ensure_ascii=False, default=str)


async def live(desk: Desk) -> tuple[list[str], list[tuple[str, dict[str, Any]]]]:
    """Do everything that takes personal data; the secrets, and the bodies sent by path."""
    intern, staff = await desk.registration(), {"login": "shili.staff", "password": PASSWORD, "name": COLLEAGUE, "role": "audit_admin"}
    unit, name = await desk.unit_registration(), real_name()
    contact = {"email": EMAIL, "address": ADDRESS}
    await desk.ok("POST", "/interns", None, intern)
    pair = await desk.ok("POST", "/tokens", None, {"login": intern["login"], "password": PASSWORD})
    me = pair["access_token"]
    await desk.ok("POST", "/me/real-name", me, name)
    await desk.ok("PATCH", "/me", me, contact)
    await desk.ok("PUT", "/me/resume", me, resume_body())
    await desk.ok("POST", "/tokens/refresh", None, {"refresh_token": pair["refresh_token"]})
    await desk.ok("POST", "/units", None, unit)
    manager = (await desk.ok("POST", "/tokens", None, {"login": unit["login"], "password": PASSWORD}))["access_token"]
    user = {**await desk.registration(), "name": COLLEAGUE, "permissions": []}
    await desk.ok("POST", "/units/me/users", manager, user)
    file = {"file": ("执照.pdf", b"%PDF-", "application/pdf")}
    licence = (await desk.ok("POST", "/units/me/documents", manager, data={"kind": "licence"}, files=file))["id"]
    recognition = recognition_body(licence)
    await desk.ok("POST", "/units/me/recognition", manager, recognition)
    await desk.ok("POST", "/staff", ADMINISTRATOR, staff)
    wrong = {**await desk.registration(), "phone_code": "000000"}
    await desk.call("POST", "/interns", None, wrong)
    phones = [body["phone"] for body in (intern, unit, user, wrong)]
    codes = [f'"{body["phone_code"]}"' for body in (intern, unit, user)]
    clear = [NAME, name["id_number"], EMAIL, ADDRESS, COLLEAGUE, PASSWORD, recognition["contact_name"], recognition["contact_phone"]]
    wishes = [("/phone-codes", {"phone": phone, "purpose": "registration"}) for phone in phones]
    sent = [("/interns", intern), ("/interns", wrong), ("/me/real-name", name), ("/units", unit), ("/units/me/users", user), *wishes]
    return [*clear, *phones, *codes, pair["refresh_token"], pair["access_token"]], sent


@pytest.mark.rule("R31", "R24")
async def test_no_collection_log_or_event_holds_personal_data_in_clear(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="accounts")
    with structlog.testing.capture_logs() as lines:
        secrets, _ = await live(desk)
    kept, logged = await everything(desk), f"{lines}{caplog.text}"
    assert "register_intern" in logged
    assert "person.verified.v1" in kept
    for secret in secrets:
        assert secret not in kept, secret
        assert secret.strip('"') not in logged, secret


@pytest.mark.rule("R31", "R20")
async def test_the_hash_of_a_body_is_keyed_so_that_no_phone_or_number_is_guessed_from_it(desk: Desk) -> None:
    _, sent = await live(desk)
    kept = await everything(desk)
    for path, body in sent:
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        bare = hashlib.sha256(f"/api/v1{path}".encode() + b"\0" + raw).hexdigest()
        assert SEALER.digest("body", bare) not in kept
        assert desk.parts.sealer.digest("body", bare) in kept, path
        assert bare not in kept


@pytest.mark.rule("R31")
async def test_what_is_said_of_people_travels_on_a_confidential_topic_only(desk: Desk) -> None:
    assert PEOPLE.confidential
    assert desk.parts.people.topic is PEOPLE
    intern = await desk.intern(resume=True)
    said = await desk.said(intern.id)
    assert {event["type"] for event in said} == {"person.registered.v1", "person.verified.v1", "resume.saved.v1"}
    assert {name for event in said for name in event} == {"type", "person_id", "birth_date", "resume_version"}
    for store in (desk.parts.accounts, desk.parts.sessions, desk.parts.phone_codes, desk.parts.resumes):
        assert await store.collection.count_documents({"pending": {"$ne": []}}) == 0


@given(st.text(max_size=50), st.text(min_size=1, max_size=10))
def test_what_is_sealed_is_opened_by_its_kind_only(text: str, kind: str) -> None:
    sealed = SEALER.seal("phone", text)
    assert SEALER.open("phone", sealed) == text
    assert SEALER.seal("phone", text) != sealed
    for sealer, other in ((SEALER, f"phone{kind}"), (Sealer(bytes(32)), "phone")):
        with pytest.raises(InvalidTag):
            sealer.open(other, sealed)
    assert SEALER.digest("phone", text) == SEALER.digest("phone", text) != SEALER.digest(f"phone{kind}", text)
    assert SEALER.digest("phone", text) != Sealer(bytes(32)).digest("phone", text)


def test_a_key_of_another_length_is_no_key(tmp_path: Path) -> None:
    for key in (b"", b"short", bytes(33)):
        file = tmp_path / new_id("key")
        file.write_bytes(base64.b64encode(key))
        with pytest.raises(ValueError, match="bytes instead of 32"):
            Sealer.from_file(file)


async def test_every_look_up_runs_on_an_index_made_for_it(desk: Desk) -> None:
    await live(desk)
    database = desk.service.mongo.database
    await database.command("profile", 2)
    await live_again(desk)
    await database.command("profile", 0)
    rows = [row async for row in database["system.profile"].find({"op": "query", "command.filter._id": {"$exists": False}})]
    plans = {(row["ns"].partition(".")[2], *sorted(row["command"]["filter"]), row["planSummary"]) for row in rows}
    asked = {plan for plan in plans if plan[0] != "reference_items"}
    assert len(asked) >= 9
    assert [plan for plan in asked if not any(field in plan[-1] for field in plan[1:-1])] == []


async def live_again(desk: Desk) -> None:
    """The queries that are not by id."""
    user = await desk.unit()
    await desk.intern(resume=True)
    desk.later(minutes=1)
    phone = (await desk.registration())["phone"]
    desk.later(minutes=1)
    reset = {"phone": phone, "phone_code": await desk.code(phone, "password_reset"), "password": PASSWORD}
    await desk.refused("POST", "/password-resets", None, reset)
    await desk.ok("GET", "/units/me/users", user)
    await desk.ok("GET", "/staff", ADMINISTRATOR)
    await desk.parts.applications_of("per_1")
    await desk.parts.cases_about("per_1")
    for job in desk.service.jobs:
        await job.run()
