"""Who may do what: roles, permissions of a unit's users, and other people's ids."""

from typing import Any

import pytest
from common.contracts.words import Permission, Role, Status
from common.decision import Actor
from common.ids import new_id

from .builders import PDF, REASON
from .conftest import ME, UNIT, Programme

TERM = {"start": "2026-11-02", "planned_end": "2027-05-01"}
ENDING = {"kind": "completed", "end": "2026-11-02", "retained": False}
FILE: dict[str, Any] = {"files": {"file": ("a.pdf", PDF)}}

OF_INTERN: dict[str, dict[str, Any]] = {
    "accept": {}, "decline": {}, "withdraw": {}, "release": {},
    "talk": {"body": {"at": "2026-11-04T01:30:00Z"}}, "diploma": FILE, "consent": FILE,
}  # fmt: skip
OF_UNIT: dict[str, tuple[Permission, dict[str, Any]]] = {
    "talk": (Permission.ANSWER_APPLICANTS, {"body": {"at": "2026-11-04T01:30:00Z", "place": "示例大厦"}}),
    "notes": (Permission.ANSWER_APPLICANTS, {"body": {"note": "示例"}}),
    "offer": (Permission.ANSWER_APPLICANTS, {}),
    "reject": (Permission.ANSWER_APPLICANTS, {"body": REASON}),
    "reinvite": (Permission.ANSWER_APPLICANTS, {}),
    "accept-diploma": (Permission.REPORT_INTERNSHIPS, {}),
    "refuse-diploma": (Permission.REPORT_INTERNSHIPS, {"body": REASON}),
    "onboard": (Permission.REPORT_INTERNSHIPS, {"body": TERM}),
    "absent": (Permission.REPORT_INTERNSHIPS, {"body": REASON}),
    "terminate": (Permission.REPORT_INTERNSHIPS, {"body": ENDING}),
    "documents": (Permission.REPORT_INTERNSHIPS, {**FILE, "data": {"kind": "appraisal"}}),
}


@pytest.mark.rule("R20", "G14")
async def test_other_peoples_applications_are_as_unknown_as_none(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    before = await programme.said(intern.id)
    other, never, stranger = await programme.intern(), Actor(id=new_id("per"), role=Role.INTERN), await programme.unit()
    for unknown in (id, new_id("app")):
        for who in (other, never):
            await programme.refused("unknown_application", 404, "GET", f"{ME}/{unknown}", who)
            for verb, request in OF_INTERN.items():
                await programme.refused("unknown_application", 404, "POST", f"{ME}/{unknown}/{verb}", who, **request)
        await programme.refused("unknown_application", 404, "GET", f"{UNIT}/{unknown}", stranger)
        for verb, (_, request) in OF_UNIT.items():
            await programme.refused("unknown_application", 404, "POST", f"{UNIT}/{unknown}/{verb}", stranger, **request)
    assert await programme.said(intern.id) == before
    assert await programme.said(never.id) == []
    assert (await programme.do("GET", UNIT, stranger))["items"] == []


@pytest.mark.rule("R20", "R24")
async def test_each_command_needs_its_role_and_its_permission(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    officer = Actor(id=new_id("stf"), role=Role.OFFICER, region="520102")
    for verb, request in OF_INTERN.items():
        path = f"{ME}/{id}/{verb}"
        await programme.refused("unauthenticated", 401, "POST", path, None, **request)
        for who in (unit, officer):
            await programme.refused("forbidden", 403, "POST", path, who, **request)
        await programme.refused("idempotency_key_missing", 400, "POST", path, intern, key=None, **request)
    for verb, (needed, request) in OF_UNIT.items():
        path = f"{UNIT}/{id}/{verb}"
        await programme.refused("unauthenticated", 401, "POST", path, None, **request)
        for who in (intern, officer, unit.but(permissions=frozenset(Permission) - {needed})):
            await programme.refused("forbidden", 403, "POST", path, who, **request)
        await programme.refused("idempotency_key_missing", 400, "POST", path, unit, key=None, **request)
    assert await programme.status(intern, id) == Status.PENDING


@pytest.mark.rule("R24")
async def test_a_user_of_the_unit_who_neither_answers_nor_reports_reads_no_applicants(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    reading = {Permission.ANSWER_APPLICANTS, Permission.REPORT_INTERNSHIPS}
    for path in (UNIT, f"{UNIT}/{id}"):
        await programme.refused("forbidden", 403, "GET", path, unit.but(permissions=frozenset(Permission) - reading))
        for permission in reading:
            await programme.do("GET", path, unit.but(permissions=frozenset({permission})))


@pytest.mark.rule("R20")
async def test_reads_and_other_commands_ask_for_the_role_too(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    for method, path in (("GET", ME), ("POST", ME), ("GET", "/me/intent"), ("PUT", "/me/intent"), ("GET", "/me/eligibility")):
        await programme.refused("forbidden", 403, method, path, unit, {} if method != "GET" else None)
        await programme.refused("unauthenticated", 401, method, path, None, {} if method != "GET" else None)
    for path in (UNIT, f"{UNIT}/{new_id('app')}"):
        await programme.refused("forbidden", 403, "GET", path, intern)
    await programme.refused("forbidden", 403, "POST", "/me/intent/documents", unit, data={"kind": "diploma"}, **FILE)
