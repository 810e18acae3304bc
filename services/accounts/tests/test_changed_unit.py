"""A unit that changes its name or its credit code is looked at again (R15)."""

import pytest
from common.contracts.words import Verdict
from common.testing.people import make_uscc

from .builders import decision, recognition_body
from .conftest import Desk

UNIT, RECOGNITION = "/units/me", "/units/me/recognition"


@pytest.mark.rule("R15")
async def test_a_changed_name_and_code_reopen_recognition_and_hold_from_the_approval_on(desk: Desk) -> None:
    user = await desk.recognised()
    assert user.unit_id
    before = await desk.ok("GET", UNIT, user)
    changes = {"name": "示例新名称有限公司", "uscc": make_uscc(900_001)}
    asked = await desk.ok("POST", RECOGNITION, user, {**recognition_body(await desk.licence(user)), **changes})
    assert {name: asked[name] for name in changes} == {name: before[name] for name in changes}
    assert (asked["status"], asked["waiting"], asked["asked_name"], asked["asked_uscc"]) == ("RECOGNISED", True, *changes.values())
    request = (await desk.said(user.unit_id))[-1]
    assert (request["type"], request["request"], request["name"], request["uscc"]) == (
        "unit.recognition_requested.v1", 2, *changes.values(),
    )  # fmt: skip
    event = await desk.hear("cas_2", decision(user.unit_id, request=2))
    await desk.hear("cas_2", event.data, seq=event.seq)
    shown = await desk.ok("GET", UNIT, user)
    assert {name: shown[name] for name in changes} == changes
    assert (shown["status"], shown["waiting"], shown["asked_name"], shown["asked_uscc"]) == ("RECOGNISED", False, None, None)
    assert (await desk.said(user.unit_id))[-1]["name"] == changes["name"]
    taken = await desk.unit_registration(uscc=changes["uscc"])
    assert await desk.refused("POST", "/units", None, taken) == (409, "uscc_taken")
    await desk.ok("POST", "/units", None, {**taken, "uscc": before["uscc"]})


@pytest.mark.rule("R15")
async def test_a_change_that_is_not_approved_leaves_the_unit_recognised_as_it_was(desk: Desk) -> None:
    user = await desk.recognised()
    assert user.unit_id
    before = await desk.ok("GET", UNIT, user)
    changes = {"name": "示例新名称有限公司", "uscc": make_uscc(900_002)}
    await desk.ok("POST", RECOGNITION, user, {**recognition_body(await desk.licence(user)), **changes})
    await desk.hear("cas_2", decision(user.unit_id, Verdict.DISAPPROVE, request=2))
    shown = await desk.ok("GET", UNIT, user)
    assert (shown["status"], shown["asked_name"], shown["recognised_until"]) == ("RECOGNISED", None, before["recognised_until"])
    assert {name: shown[name] for name in changes} == {name: before[name] for name in changes}
    await desk.ok("POST", "/units", None, await desk.unit_registration(uscc=changes["uscc"]))


@pytest.mark.rule("R15")
async def test_a_code_that_another_unit_has_is_refused_when_asked_for_and_when_decided(desk: Desk) -> None:
    user, other = await desk.recognised(), await desk.unit()
    assert user.unit_id
    before = await desk.ok("GET", UNIT, user)
    body = recognition_body(await desk.licence(user))
    held = (await desk.ok("GET", UNIT, other))["uscc"]
    assert await desk.refused("POST", RECOGNITION, user, {**body, "uscc": held}) == (409, "uscc_taken")
    assert await desk.refused("POST", RECOGNITION, user, {**body, "uscc": "12345"}) == (422, "uscc_form")
    assert await desk.ok("GET", UNIT, user) == before
    await desk.ok("POST", RECOGNITION, user, {**body, "uscc": make_uscc(900_003)})
    await desk.ok("POST", "/units", None, await desk.unit_registration(uscc=make_uscc(900_003)))
    await desk.hear("cas_2", decision(user.unit_id, request=2))
    refused = (await desk.said(user.unit_id))[-1]
    assert (refused["type"], refused["case_id"], refused["reason_code"]) == (
        "unit.decision_refused.v1", f"cas_{user.unit_id}_2", "uscc_taken",
    )  # fmt: skip
    shown = await desk.ok("GET", UNIT, user)
    assert (shown["uscc"], shown["waiting"]) == (before["uscc"], True)
    await desk.hear("cas_2", decision(user.unit_id, Verdict.DISAPPROVE, request=2))
    assert (await desk.ok("GET", UNIT, user))["waiting"] is False
