"""An office issues the first user of a unit again (R15)."""

from typing import Any

import pytest
from common.contracts.words import Permission

from .builders import CITY, ELSEWHERE, PASSWORD
from .conftest import Desk, officer

USERS = "/units/me/users"


async def first_user(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {**await desk.registration(), "name": "示例新联系人", **changes}


async def active(desk: Desk, id: str) -> bool:
    account = await desk.parts.accounts.get(id)
    assert account
    return account.active


@pytest.mark.rule("R15", "R24", "R31")
async def test_the_first_user_issued_again_may_do_everything_and_all_before_are_switched_off(desk: Desk) -> None:
    registered = await desk.unit_registration()
    made = await desk.ok("POST", "/units", None, registered)
    before = await desk.ok("POST", "/tokens", None, {"login": registered["login"], "password": PASSWORD})
    body = {**await desk.registration(), "name": "示例同事", "permissions": ["manage_users"]}
    colleague = await desk.ok("POST", USERS, before["access_token"], body)
    issued = await desk.ok("POST", f"/units/{made['unit_id']}/first-user", officer(CITY), wish := await first_user(desk))
    assert (issued["unit_id"], issued["name"], set(issued["permissions"])) == (made["unit_id"], "示例新联系人", set(Permission))
    assert not await active(desk, made["id"])
    assert not await active(desk, colleague["id"])
    assert await desk.refused("POST", "/tokens/refresh", None, {"refresh_token": before["refresh_token"]}) == (401, "refresh_refused")
    now = (await desk.ok("POST", "/tokens", None, {"login": wish["login"], "password": PASSWORD}))["access_token"]
    assert (await desk.ok("GET", "/units/me", now))["uscc"] == registered["uscc"]
    for path, change in ((f"{USERS}/{issued['id']}", {"active": False}), (f"{USERS}/{colleague['id']}", {"active": True})):
        assert await desk.refused("PATCH", path, before["access_token"], change) == (403, "account_off")
    late = {**await desk.registration(), "name": "示例同事", "permissions": []}
    assert await desk.refused("POST", USERS, before["access_token"], late) == (403, "account_off")
    assert (await desk.ok("PATCH", f"{USERS}/{colleague['id']}", now, {"active": True}))["active"] is True
    desk.later(minutes=1)
    await desk.service.jobs[2].run()
    assert await active(desk, colleague["id"])


@pytest.mark.rule("R15", "R20")
async def test_the_sweep_and_a_repeat_complete_what_a_crash_left(desk: Desk) -> None:
    user = await desk.unit()
    path, body = f"/units/{user.unit_id}/first-user", await first_user(desk)
    issued = await desk.ok("POST", path, officer(), body, key="key-of-the-issue")
    for complete in ("sweep", "repeat"):
        await desk.parts.accounts.collection.update_one({"_id": issued["id"]}, {"$set": {"state.succeeds": True}})
        await desk.parts.accounts.collection.update_one({"_id": user.id}, {"$set": {"state.active": True}})
        if complete == "sweep":
            await desk.service.jobs[2].run()
        else:
            assert await desk.ok("POST", path, officer(), body, key="key-of-the-issue") == issued
        assert not await active(desk, user.id)
        assert await active(desk, issued["id"])
        assert await desk.parts.successors() == []


@pytest.mark.rule("R15", "R14")
async def test_only_an_office_of_the_region_issues_it_and_a_refusal_changes_nothing(desk: Desk) -> None:
    user = await desk.unit()
    path, body = f"/units/{user.unit_id}/first-user", await first_user(desk)
    assert await desk.refused("POST", path, officer(ELSEWHERE), body) == (404, "not_found")
    assert await desk.refused("POST", "/units/unt_unknown/first-user", officer(), body) == (404, "not_found")
    assert await desk.refused("POST", path, user, body) == (403, "forbidden")
    for changes, refused in (
        ({"phone_code": str((int(body["phone_code"]) + 1) % 1_000_000).zfill(6)}, (422, "phone_code_wrong")),
        ({"password": "onlyletters"}, (422, "password_weak")),
        ({"name": " "}, (422, "invalid_input")),
    ):
        assert await desk.refused("POST", path, officer(), {**body, **changes}) == refused
    taken = await desk.registration()
    await desk.ok("POST", "/interns", None, taken)
    desk.later(minutes=1)
    code = await desk.code(taken["phone"])
    assert await desk.refused("POST", path, officer(), {**body, "phone": taken["phone"], "phone_code": code}) == (409, "phone_taken")
    assert await active(desk, user.id)
    await desk.ok("POST", path, officer(), await first_user(desk))
