"""Log in, stay logged in, log out, a new password (G1, R31)."""

from typing import Any

import pytest
from common.contracts.words import Permission, Role
from common.ids import new_id
from common.tokens import TokenVerifier

from .builders import PASSWORD
from .conftest import ADMINISTRATOR, Desk

TOKENS, REFRESH, REVOKE, RESETS = "/tokens", "/tokens/refresh", "/tokens/revoke", "/password-resets"


async def registered(desk: Desk) -> dict[str, Any]:
    """The body an intern registered with."""
    body = await desk.registration()
    await desk.ok("POST", "/interns", None, body)
    return body


async def logged_in(desk: Desk, body: dict[str, Any], password: str = PASSWORD) -> dict[str, Any]:
    return await desk.ok("POST", TOKENS, None, {"login": body["login"], "password": password})


async def refused_refresh(desk: Desk, token: str) -> bool:
    return await desk.refused("POST", REFRESH, None, {"refresh_token": token}) == (401, "refresh_refused")


@pytest.mark.rule("G1")
async def test_the_token_speaks_for_the_account_in_any_case_of_the_login(desk: Desk) -> None:
    body = await registered(desk)
    pair = await logged_in(desk, {"login": body["login"].upper()})
    assert (pair["token_type"], pair["expires_in"], pair["role"]) == ("Bearer", 900, "intern")
    assert (await desk.ok("GET", "/me", pair["access_token"]))["id"] == pair["actor_id"]


@pytest.mark.rule("R24")
async def test_the_token_carries_unit_and_permissions(desk: Desk) -> None:
    body = await desk.unit_registration()
    await desk.ok("POST", "/units", None, body)
    pair = await logged_in(desk, body)
    actor = TokenVerifier(desk.settings.token_public_key_file).actor(pair["access_token"])
    assert (actor.id, actor.role, actor.unit_id) == (pair["actor_id"], Role.UNIT, pair["unit_id"])
    assert actor.permissions == set(Permission) == set(pair["permissions"])


@pytest.mark.parametrize("end", ["log out", "new password"])
async def test_a_repeated_refresh_gives_nothing_once_the_session_has_ended(desk: Desk, end: str) -> None:
    body = await registered(desk)
    token, key = {"refresh_token": (await logged_in(desk, body))["refresh_token"]}, new_id("key")
    pair = await desk.ok("POST", REFRESH, None, token, key=key)
    if end == "log out":
        assert (await desk.call("POST", REVOKE, None, {"refresh_token": pair["refresh_token"]})).status_code == 204
    else:
        desk.later(minutes=1)
        code = await desk.code(body["phone"], "password_reset")
        await desk.ok("POST", RESETS, None, {"phone": body["phone"], "phone_code": code, "password": "andere2026"})
    assert await desk.refused("POST", REFRESH, None, token, key=key) == (401, "refresh_refused")


@pytest.mark.rule("G1")
async def test_an_unknown_login_and_a_wrong_password_are_refused_in_the_same_words(desk: Desk) -> None:
    body = await registered(desk)
    answers = [
        await desk.call("POST", TOKENS, None, {"login": login, "password": password})
        for login, password in ((body["login"], "falsch2026"), ("nobody", PASSWORD))
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["code"] == "login_failed"


@pytest.mark.rule("R31")
async def test_a_refresh_token_serves_once_and_its_reuse_ends_the_session(desk: Desk) -> None:
    body = await registered(desk)
    first = await logged_in(desk, body)
    second = await desk.ok("POST", REFRESH, None, {"refresh_token": first["refresh_token"]})
    third = await desk.ok("POST", REFRESH, None, {"refresh_token": second["refresh_token"]})
    assert third["actor_id"] == first["actor_id"]
    assert await refused_refresh(desk, first["refresh_token"])
    assert await refused_refresh(desk, third["refresh_token"])
    await logged_in(desk, body)


@pytest.mark.rule("R20", "R31")
async def test_a_repeated_log_in_or_refresh_gives_the_same_refresh_token_and_ends_nothing(desk: Desk) -> None:
    body = await registered(desk)
    credentials = {"login": body["login"], "password": PASSWORD}
    pairs = [await desk.ok("POST", TOKENS, None, credentials, key="key-of-the-log-in") for _ in range(2)]
    assert pairs[0]["refresh_token"] == pairs[1]["refresh_token"]
    key, token = new_id("key"), {"refresh_token": pairs[0]["refresh_token"]}
    next_pairs = [await desk.ok("POST", REFRESH, None, token, key=key) for _ in range(2)]
    assert next_pairs[0]["refresh_token"] == next_pairs[1]["refresh_token"]
    await desk.ok("POST", REFRESH, None, {"refresh_token": next_pairs[0]["refresh_token"]})


@pytest.mark.rule("R31")
async def test_forged_and_foreign_refresh_tokens_are_refused(desk: Desk) -> None:
    genuine = (await logged_in(desk, await registered(desk)))["refresh_token"]
    session, generation, mac = genuine.rsplit(".", 2)
    for forged in ("", "nonsense", "..", f"{session}.2.{mac}", f"{session}.{generation}.{mac[:-1]}0x", f"{session}.x.{mac}", "字.1.字"):
        assert await refused_refresh(desk, forged), forged
    await desk.ok("POST", REFRESH, None, {"refresh_token": genuine})


@pytest.mark.rule("R31")
async def test_logging_out_ends_this_session_only_and_tells_nothing(desk: Desk) -> None:
    body = await registered(desk)
    here, there = await logged_in(desk, body), await logged_in(desk, body)
    for token in (here["refresh_token"], here["refresh_token"], "nonsense"):
        answer = await desk.call("POST", REVOKE, None, {"refresh_token": token})
        assert (answer.status_code, answer.content) == (204, b"")
    assert await refused_refresh(desk, here["refresh_token"])
    await desk.ok("POST", REFRESH, None, {"refresh_token": there["refresh_token"]})


@pytest.mark.rule("R31")
async def test_who_has_the_phone_sets_a_new_password_and_every_session_ends(desk: Desk) -> None:
    body = await registered(desk)
    before = await logged_in(desk, body)
    desk.later(minutes=1)
    code = await desk.code(body["phone"], "password_reset")
    reset = {"phone": body["phone"], "phone_code": code, "password": "andere2026"}
    assert (await desk.ok("POST", RESETS, None, reset))["login"] == body["login"]
    assert await refused_refresh(desk, before["refresh_token"])
    assert await desk.refused("POST", TOKENS, None, {"login": body["login"], "password": PASSWORD}) == (401, "login_failed")
    await logged_in(desk, body, "andere2026")
    assert await desk.refused("POST", RESETS, None, {**reset, "password": "dritte2026"}) == (422, "phone_code_wrong")


@pytest.mark.rule("R31")
async def test_a_reset_tells_nothing_of_a_phone_that_is_not_proven(desk: Desk) -> None:
    body = await registered(desk)
    for phone in (body["phone"], "19911111111"):
        reset = {"phone": phone, "phone_code": "000000", "password": "andere2026"}
        assert await desk.refused("POST", RESETS, None, reset) == (422, "phone_code_wrong")
        assert await desk.refused("POST", RESETS, None, {**reset, "password": "onlyletters"}) == (422, "password_weak")
    proven = {"phone": "19911111111", "phone_code": await desk.code("19911111111", "password_reset"), "password": "andere2026"}
    assert await desk.refused("POST", RESETS, None, proven) == (404, "account_of_phone_unknown")


@pytest.mark.rule("R31", "G1")
async def test_a_password_that_is_the_login_costs_no_code_and_is_told_only_to_who_has_the_phone(desk: Desk) -> None:
    body = await desk.registration(login="shili.reset1")
    await desk.ok("POST", "/interns", None, body)
    desk.later(minutes=1)
    code = await desk.code(body["phone"], "password_reset")
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    reset = {"phone": body["phone"], "phone_code": code, "password": body["login"]}
    assert await desk.refused("POST", RESETS, None, {**reset, "phone_code": wrong}) == (422, "phone_code_wrong")
    assert await desk.refused("POST", RESETS, None, reset) == (422, "password_weak")
    await desk.ok("POST", RESETS, None, {**reset, "password": "andere2026"})


@pytest.mark.rule("R24")
async def test_an_account_that_is_switched_off_neither_logs_in_nor_goes_on(desk: Desk) -> None:
    entry = {"login": "shili.officer", "password": PASSWORD, "name": "示例经办", "role": "officer", "region": "520102"}
    made = await desk.ok("POST", "/staff", ADMINISTRATOR, entry)
    pair = await logged_in(desk, entry)
    assert pair["region"] == "520102"
    await desk.ok("PATCH", f"/staff/{made['id']}", ADMINISTRATOR, {"active": False})
    assert await refused_refresh(desk, pair["refresh_token"])
    assert await desk.refused("POST", TOKENS, None, {"login": entry["login"], "password": PASSWORD}) == (403, "account_off")
    assert await desk.refused("POST", TOKENS, None, {"login": entry["login"], "password": "falsch2026"}) == (401, "login_failed")


async def test_malformed_log_ins_are_refused_with_a_code(desk: Desk) -> None:
    for path, body in ((TOKENS, {"login": "a"}), (TOKENS, {"login": "a", "password": "b", "more": 1}), (REFRESH, {}), (RESETS, {})):
        assert await desk.refused("POST", path, None, body) == (422, "invalid_input")
    keyless = await desk._client.post(f"/api/v1{TOKENS}", json={"login": "a", "password": "b"})
    assert keyless.json()["code"] == "idempotency_key_missing"
