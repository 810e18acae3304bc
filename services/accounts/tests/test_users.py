"""Accounts that others make: users of a unit, staff, the first administrator (R24)."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from accounts import first_admin
from accounts.first_admin import FirstAdministrator
from common.contracts.cases import ReferenceItemSet
from common.contracts.words import Permission, Role
from common.decision import Actor
from common.errors import Refusal
from common.ids import new_id
from common.testing.eventually import eventually
from common.tokens import TokenVerifier

from .builders import CITY, COUNTY, PASSWORD
from .conftest import ADMINISTRATOR, Desk, officer

USERS, STAFF = "/units/me/users", "/staff"


async def new_user(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {**await desk.registration(), "name": "示例同事", "permissions": ["answer_applicants"], **changes}


def new_staff(number: int, **changes: Any) -> dict[str, Any]:
    fields = {"login": f"shili.staff{number}", "password": PASSWORD, "name": "示例经办", "role": "officer", "region": COUNTY}
    return {**fields, **changes}


@pytest.mark.rule("R24")
async def test_a_manager_adds_a_user_who_logs_in_with_these_permissions_only(desk: Desk) -> None:
    manager, body = await desk.unit(), await new_user(desk)
    made = await desk.ok("POST", USERS, manager, body)
    assert (made["unit_id"], made["permissions"], made["name"]) == (manager.unit_id, ["answer_applicants"], "示例同事")
    pair = await desk.ok("POST", "/tokens", None, {"login": body["login"], "password": PASSWORD})
    assert (pair["unit_id"], pair["permissions"]) == (manager.unit_id, ["answer_applicants"])
    assert (await desk.ok("GET", "/units/me", pair["access_token"]))["id"] == manager.unit_id
    assert await desk.refused("GET", USERS, pair["access_token"]) == (403, "forbidden")
    assert {item["id"] for item in (await desk.ok("GET", USERS, manager))["items"]} == {manager.id, made["id"]}


@pytest.mark.rule("R24", "R31")
async def test_a_leaver_is_switched_off_and_the_phone_is_free_again(desk: Desk) -> None:
    manager, body = await desk.unit(), await new_user(desk)
    made = await desk.ok("POST", USERS, manager, body)
    pair = await desk.ok("POST", "/tokens", None, {"login": body["login"], "password": PASSWORD})
    off = await desk.ok("PATCH", f"{USERS}/{made['id']}", manager, {"active": False})
    assert off["active"] is False
    assert await desk.refused("POST", "/tokens/refresh", None, {"refresh_token": pair["refresh_token"]}) == (401, "refresh_refused")
    desk.later(minutes=1)
    intern = await desk.registration(phone=body["phone"], phone_code=await desk.code(body["phone"]))
    await desk.ok("POST", "/interns", None, intern)
    assert await desk.refused("PATCH", f"{USERS}/{made['id']}", manager, {"active": True}) == (409, "phone_taken")


@pytest.mark.rule("R24")
async def test_permissions_change_with_the_next_refresh(desk: Desk) -> None:
    manager, body = await desk.unit(), await new_user(desk)
    made = await desk.ok("POST", USERS, manager, body)
    pair = await desk.ok("POST", "/tokens", None, {"login": body["login"], "password": PASSWORD})
    both = [Permission.MANAGE_POSTINGS, Permission.MANAGE_USERS]
    changed = await desk.ok("PATCH", f"{USERS}/{made['id']}", manager, {"permissions": [*both, *both]})
    assert changed["permissions"] == both
    before = pair["access_token"]
    pair = await desk.ok("POST", "/tokens/refresh", None, {"refresh_token": pair["refresh_token"]})
    assert pair["permissions"] == both
    verifier = TokenVerifier(desk.settings.token_public_key_file)
    assert [verifier.verify(token).rights for token in (before, pair["access_token"])] == [1, 2]
    row = await desk.parts.accounts.collection.find_one({"_id": made["id"]})
    assert row
    assert [(event["type"], json.loads(event["data"])["rights"]) for event in row["pending"]] == [("account.rights_changed.v1", 2)]
    assert await desk.refused("PATCH", f"{USERS}/{made['id']}", pair["access_token"], {"active": False}) == (409, "own_account")


@pytest.mark.rule("R24")
async def test_other_units_users_are_not_found(desk: Desk) -> None:
    manager, stranger, intern = await desk.unit(), await desk.unit(), await desk.intern()
    for id in (stranger.id, intern.id, "usr_unknown"):
        assert await desk.refused("PATCH", f"{USERS}/{id}", manager, {"active": False}) == (404, "not_found")
    assert [item["id"] for item in (await desk.ok("GET", USERS, stranger))["items"]] == [stranger.id]
    assert (await desk.ok("GET", "/me", intern))["id"] == intern.id


@pytest.mark.rule("R24", "R31", "R20")
async def test_a_new_user_proves_the_phone_and_is_made_once(desk: Desk) -> None:
    manager, body, key = await desk.unit(), await new_user(desk), new_id("key")
    wrong = f"{(int(body['phone_code']) + 1) % 1_000_000:06}"
    for changes, code in (
        ({"phone_code": wrong}, "phone_code_wrong"),
        ({"permissions": ["everything"]}, "invalid_input"),
        ({"role": "officer"}, "invalid_input"),
        ({"unit_id": "unt_1"}, "invalid_input"),
        ({"name": ""}, "invalid_input"),
        ({"password": "onlyletters"}, "password_weak"),
    ):
        assert await desk.refused("POST", USERS, manager, {**body, **changes}) == (422, code)
    for who, refused in (
        (None, (401, "unauthenticated")),
        (officer(), (403, "forbidden")),
        (manager.but(permissions=frozenset()), (403, "forbidden")),
    ):
        assert await desk.refused("POST", USERS, who, body) == refused
    answers = await asyncio.gather(*(desk.ok("POST", USERS, manager, body, key=key) for _ in range(4)))
    assert len({answer["id"] for answer in answers}) == 1
    assert len((await desk.ok("GET", USERS, manager))["items"]) == 2


async def test_pages_of_users_and_staff_follow_each_other(desk: Desk) -> None:
    manager = await desk.unit()
    ids = {manager.id, *[(await desk.ok("POST", USERS, manager, await new_user(desk)))["id"] for _ in range(4)]}
    staff = {(await desk.ok("POST", STAFF, ADMINISTRATOR, new_staff(number)))["id"] for number in range(5)}
    for path, who, expected in ((USERS, manager, ids), (STAFF, ADMINISTRATOR, staff)):
        seen: list[str] = []
        page: dict[str, Any] = {"next": None}
        while not seen or page["next"]:
            page = await desk.ok("GET", path, who, limit=2, **({"after": page["next"]} if page["next"] else {}))
            seen += [item["id"] for item in page["items"]]
        assert (len(seen), set(seen)) == (5, expected)
        assert (await desk.ok("GET", path, who, limit=5))["next"] is None
        assert await desk.refused("GET", path, who, limit=0) == (422, "invalid_input")


@pytest.mark.rule("R14")
async def test_staff_have_the_office_their_role_asks_for(desk: Desk) -> None:
    for number, (role, region, code) in enumerate(
        (
            ("officer", COUNTY, None),
            ("officer", CITY, None),
            ("analyst", "520000", None),
            ("system_admin", None, None),
            ("audit_admin", None, None),
            ("security_admin", None, None),
            ("officer", None, "office_unknown"),
            ("officer", "110101", "office_unknown"),
            ("analyst", None, "office_unknown"),
            ("audit_admin", COUNTY, "office_not_for_role"),
            ("intern", COUNTY, "invalid_input"),
            ("unit", None, "invalid_input"),
            ("system", None, "invalid_input"),
        )
    ):
        body = new_staff(number, role=role, region=region)
        if code:
            assert await desk.refused("POST", STAFF, ADMINISTRATOR, body) == (422, code), body
            continue
        made = await desk.ok("POST", STAFF, ADMINISTRATOR, body)
        assert (made["role"], made["region"], made["permissions"], made["name"]) == (role, region, [], "示例经办")
        pair = await desk.ok("POST", "/tokens", None, {"login": body["login"], "password": PASSWORD})
        assert (pair["role"], pair["region"]) == (role, region)
    assert await desk.refused("POST", STAFF, ADMINISTRATOR, new_staff(0)) == (409, "login_taken")


@pytest.mark.rule("R14", "R24")
async def test_an_administrator_moves_staff_but_neither_others_nor_the_own_account(desk: Desk) -> None:
    made = await desk.ok("POST", STAFF, ADMINISTRATOR, new_staff(1))
    path = f"{STAFF}/{made['id']}"
    assert (await desk.ok("PATCH", path, ADMINISTRATOR, {"region": CITY}))["region"] == CITY
    assert await desk.refused("PATCH", path, ADMINISTRATOR, {"region": "110101"}) == (422, "office_unknown")
    wrong: tuple[dict[str, Any], ...] = ({"role": "system_admin"}, {"active": "perhaps"}, {"permissions": []})
    for body in wrong:
        assert await desk.refused("PATCH", path, ADMINISTRATOR, body) == (422, "invalid_input")
    user = await desk.unit()
    for id in (user.id, "stf_unknown"):
        assert await desk.refused("PATCH", f"{STAFF}/{id}", ADMINISTRATOR, {"active": False}) == (404, "not_found")
    admin = await desk.ok("POST", STAFF, ADMINISTRATOR, new_staff(2, role="system_admin", region=None))
    own = Actor(id=admin["id"], role=Role.SYSTEM_ADMIN)
    assert await desk.refused("PATCH", f"{STAFF}/{admin['id']}", own, {"active": False}) == (409, "own_account")


@pytest.mark.rule("R24")
async def test_only_the_system_administrator_touches_staff(desk: Desk) -> None:
    made = await desk.ok("POST", STAFF, ADMINISTRATOR, new_staff(1))
    calls = (("GET", STAFF, None), ("POST", STAFF, new_staff(2)), ("PATCH", f"{STAFF}/{made['id']}", {"active": False}))
    for role in set(Role) - {Role.SYSTEM_ADMIN}:
        for method, path, body in calls:
            assert await desk.refused(method, path, Actor(id="usr_1", role=role, region=COUNTY), body) == (403, "forbidden")
    for method, path, body in calls:
        assert await desk.refused(method, path, None, body) == (401, "unauthenticated")
    assert [item["active"] for item in (await desk.ok("GET", STAFF, ADMINISTRATOR))["items"]] == [True]


async def test_of_several_first_administrators_at_once_one_is_made_and_no_more_after(desk: Desk) -> None:
    wanted = [FirstAdministrator(login=f"shili.admin{number}", password=PASSWORD) for number in range(4)]
    outcomes = await asyncio.gather(*(first_admin.create(desk.settings, one) for one in wanted), return_exceptions=True)
    made = [outcome for outcome in outcomes if isinstance(outcome, str)]
    refused = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
    assert (len(made), refused) == (1, ["administrator_exists"] * 3)
    with pytest.raises(Refusal, match="administrator_exists"):
        await first_admin.create(desk.settings, FirstAdministrator(login="shili.late", password=PASSWORD))
    [account] = (await desk.ok("GET", STAFF, ADMINISTRATOR))["items"]
    pair = await desk.ok("POST", "/tokens", None, {"login": account["login"], "password": PASSWORD})
    assert (pair["actor_id"], pair["role"]) == (made[0], "system_admin")
    await desk.ok("POST", STAFF, pair["access_token"], new_staff(1))


async def test_the_command_reads_the_password_from_standard_input(desk: Desk) -> None:
    fields = desk.settings.model_dump(mode="json", exclude_none=True)
    environment = {f"JIANXI_{name.upper()}": str(value) for name, value in fields.items()}

    async def command(login: str, password: str) -> tuple[int, str]:
        argv = [sys.executable, "-m", "accounts.first_admin", "--login", login]
        run = subprocess.run
        done = await asyncio.to_thread(run, argv, env=environment, input=f"{password}\n", capture_output=True, text=True, check=False)
        assert password not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    assert await command("shili.admin", "onlyletters") == (2, "密码须同时含有字母和数字，且不能与登录账号相同，请重新设置。\n")
    assert (await command("shili.admin", PASSWORD))[0] == 0
    assert await command("shili.other", PASSWORD) == (3, "已有系统管理员账号，其他工作人员账号请由系统管理员新增。\n")
    await desk.ok("POST", "/tokens", None, {"login": "shili.admin", "password": PASSWORD})


@pytest.mark.rule("R14")
async def test_an_officer_of_a_county_that_was_merged_logs_in_for_its_successor(desk: Desk) -> None:
    await desk.ok("POST", STAFF, ADMINISTRATOR, new_staff(1))
    assert (await desk.ok("POST", "/tokens", None, {"login": "shili.staff1", "password": PASSWORD}))["region"] == COUNTY
    merged = {"code": COUNTY, "name": "示例区", "since": 1983, "until": 2026, "merged_into": CITY}
    await desk.hear(f"region:{COUNTY}", ReferenceItemSet(kind="region", key=COUNTY, item_version=2, value=merged), seq=99)

    async def region() -> bool:
        return bool((await desk.ok("POST", "/tokens", None, {"login": "shili.staff1", "password": PASSWORD}))["region"] == CITY)

    await eventually(region, what="the token speaks for the successor")
