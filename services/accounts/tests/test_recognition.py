"""A unit is recognised, renewed, suspended, revoked, and expires: over HTTP and the events of cases (R15)."""

from datetime import date

import pytest
from common.contracts.words import CaseKind, CaseStatus, Permission, Role, Verdict
from common.decision import Actor
from common.ids import new_id

from .builders import CITY, ELSEWHERE, PDF, PROVINCE, case, decision, recognition_body
from .conftest import Desk, officer

UNIT, FILES, RECOGNITION = "/units/me", "/units/me/documents", "/units/me/recognition"
REASON = {"reason": {"code": "complaints", "text": "示例投诉属实"}}
SHOWN = {"code": "complaints", "label": "被投诉且查实", "text": "示例投诉属实"}


def in_years(day: date, years: int) -> date:
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


@pytest.mark.rule("R15")
async def test_a_unit_asks_with_its_licence_and_an_officers_approval_recognises_it(desk: Desk) -> None:
    user = await desk.unit()
    assert user.unit_id
    licence = await desk.licence(user)
    asked = await desk.ok("POST", RECOGNITION, user, recognition_body(licence))
    assert (asked["status"], asked["request"], asked["waiting"], asked["document_ids"]) == ("REQUESTED", 1, True, [licence])
    assert (asked["contact_name"], asked["contact_phone"]) == ("示例联系人", "19900009999")
    event = await desk.hear("cas_x", decision(user.unit_id, case_id="cas_x"))
    await desk.hear("cas_x", event.data, seq=event.seq)
    shown = await desk.ok("GET", UNIT, user)
    until = in_years(desk.parts.clock.today(), 3).isoformat()
    assert (shown["status"], shown["waiting"], shown["recognised_until"]) == ("RECOGNISED", False, until)
    said = await desk.said(user.unit_id)
    assert [event["type"] for event in said] == [
        "unit.registered.v1", "unit.recognition_requested.v1", "unit.status_changed.v1", "unit.status_changed.v1",
    ]  # fmt: skip
    assert said[1]["documents"] == [licence]
    assert (said[3]["from"], said[3]["to"], said[3]["case_id"], said[3]["recognised_until"]) == ("REQUESTED", "RECOGNISED", "cas_x", until)


@pytest.mark.rule("R15", "R18")
async def test_a_refused_unit_reads_the_reason_and_asks_again(desk: Desk) -> None:
    user = await desk.requested()
    assert user.unit_id
    await desk.hear("cas_1", decision(user.unit_id, Verdict.DISAPPROVE))
    shown = await desk.ok("GET", UNIT, user)
    assert (shown["status"], shown["waiting"]) == ("REFUSED", False)
    assert shown["reason"] == {"code": "licence_not_valid", "label": "营业执照或登记证书无效或与信息不符", "text": None}
    again = await desk.ok("POST", RECOGNITION, user, recognition_body(*shown["document_ids"]))
    assert (again["status"], again["request"], again["reason"]) == ("REQUESTED", 2, None)


@pytest.mark.rule("R15")
async def test_a_decision_about_an_older_request_is_answered_with_a_refusal(desk: Desk) -> None:
    user = await desk.requested()
    assert user.unit_id
    await desk.hear("cas_1", decision(user.unit_id, Verdict.DISAPPROVE))
    files = (await desk.ok("GET", UNIT, user))["document_ids"]
    await desk.ok("POST", RECOGNITION, user, recognition_body(*files))
    late = await desk.hear("cas_late", decision(user.unit_id, case_id="cas_late", request=1))
    before = await desk.said(user.unit_id)
    assert before[-1] == {
        "type": "unit.decision_refused.v1", "unit_id": user.unit_id, "case_id": "cas_late", "reason_code": "request_not_current",
    }  # fmt: skip
    await desk.hear("cas_late", late.data, seq=late.seq)
    assert await desk.said(user.unit_id) == before
    assert (await desk.ok("GET", UNIT, user))["status"] == "REQUESTED"


@pytest.mark.rule("R15")
async def test_other_cases_and_unknown_units_are_passed_over(desk: Desk) -> None:
    user = await desk.requested()
    assert user.unit_id
    await desk.hear("cas_q", decision(new_id("unt")))
    await desk.hear("cas_r", decision(user.unit_id, kind=CaseKind.POSTING))
    await desk.hear("cas_s", decision(user.unit_id, to=CaseStatus.CLAIMED))
    assert (await desk.ok("GET", UNIT, user))["status"] == "REQUESTED"


@pytest.mark.rule("R15")
async def test_a_recognition_runs_out_after_its_last_day_unless_it_is_renewed(desk: Desk) -> None:
    lapsing, renewing = await desk.recognised(), await desk.recognised()
    assert lapsing.unit_id
    assert renewing.unit_id
    until = in_years(desk.parts.clock.today(), 3)
    desk.later(days=(until - desk.parts.clock.today()).days)
    asked = await desk.ok("POST", RECOGNITION, renewing, recognition_body(*(await desk.ok("GET", UNIT, renewing))["document_ids"]))
    assert (asked["status"], asked["waiting"]) == ("RECOGNISED", True)
    await desk.hear("cas_2", decision(renewing.unit_id, request=2))
    await desk.service.jobs[1].run()
    assert (await desk.ok("GET", UNIT, lapsing))["status"] == "RECOGNISED"
    desk.later(days=1)
    for _ in range(2):
        await desk.service.jobs[1].run()
    assert (await desk.ok("GET", UNIT, lapsing))["status"] == "EXPIRED"
    assert [event["to"] for event in (await desk.said(lapsing.unit_id))[2:]] == ["REQUESTED", "RECOGNISED", "EXPIRED"]
    renewed = await desk.ok("GET", UNIT, renewing)
    assert (renewed["status"], renewed["recognised_until"]) == ("RECOGNISED", in_years(until, 3).isoformat())


@pytest.mark.rule("R15")
async def test_a_unit_that_cannot_be_read_does_not_keep_others_recognised(desk: Desk) -> None:
    units = [str((await desk.recognised()).unit_id) for _ in range(2)]
    bad, lapsing = sorted(units)
    await desk.parts.units.collection.update_one({"_id": bad}, {"$set": {"state.facts": None}})
    desk.later(days=4 * 366)
    await desk.service.jobs[1].run()
    row = await desk.parts.units.collection.find_one({"_id": lapsing})
    assert row
    assert row["state"]["status"] == "EXPIRED"


@pytest.mark.rule("R15", "R18", "R14")
async def test_an_office_suspends_resumes_and_revokes_a_unit_of_its_region(desk: Desk) -> None:
    user = await desk.recognised()
    assert user.unit_id
    path = f"/units/{user.unit_id}"
    for office, deed, status in (
        (officer(), "suspend", "SUSPENDED"),
        (officer(CITY), "resume", "RECOGNISED"),
        (officer(PROVINCE), "revoke", "REVOKED"),
    ):
        shown = await desk.ok("POST", f"{path}/{deed}", office, REASON)
        assert (shown["status"], shown["reason"]) == (status, SHOWN)
    assert await desk.refused("POST", f"{path}/resume", officer(), REASON) == (409, "unit_not_in_status")
    assert (await desk.ok("GET", UNIT, user))["reason"] == SHOWN
    said = await desk.said(user.unit_id)
    assert [event["to"] for event in said[-3:]] == ["SUSPENDED", "RECOGNISED", "REVOKED"]
    assert SHOWN["text"] not in str(said)
    answer = await desk.call("POST", RECOGNITION, user, recognition_body(*shown["document_ids"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "recognition_not_open")
    assert "已撤销" in answer.json()["detail"]


@pytest.mark.rule("R14", "R23", "R20")
async def test_other_offices_find_no_unit_and_a_reason_is_needed(desk: Desk) -> None:
    user = await desk.recognised()
    path = f"/units/{user.unit_id}"
    assert await desk.refused("GET", path, officer(ELSEWHERE)) == (404, "not_found")
    assert await desk.refused("POST", f"{path}/suspend", officer(ELSEWHERE), REASON) == (404, "not_found")
    assert await desk.refused("POST", "/units/unt_unknown/suspend", officer(), REASON) == (404, "not_found")
    assert await desk.refused("POST", f"{path}/suspend", user, REASON) == (403, "forbidden")
    for body, code in (
        ({}, "invalid_input"),
        ({"reason": {"code": "complaints"}}, "invalid_input"),
        ({"reason": {"code": "complaints", "text": " "}}, "invalid_input"),
        ({"reason": {"code": "nonsense", "text": "示例"}}, "reason_unknown"),
        ({**REASON, "more": 1}, "invalid_input"),
    ):
        assert await desk.refused("POST", f"{path}/suspend", officer(), body) == (422, code)
    shown = await desk.ok("GET", path, officer())
    assert (shown["status"], shown["contact_phone"]) == ("RECOGNISED", "19900009999")
    key = new_id("key")
    first = await desk.ok("POST", f"{path}/suspend", officer(), REASON, key=key)
    assert await desk.ok("POST", f"{path}/suspend", officer(), REASON, key=key) == first


@pytest.mark.rule("R15", "R20")
async def test_a_request_is_refused_without_licence_declaration_or_contact(desk: Desk) -> None:
    user, stranger = await desk.unit(), await desk.unit()
    other, foreign, licence = await desk.licence(user, "other"), await desk.licence(stranger), await desk.licence(user)
    sound = recognition_body(licence)
    for body, code in (
        (recognition_body(other), "licence_needed"),
        (recognition_body(licence, foreign), "unit_file_unknown"),
        (recognition_body(), "invalid_input"),
        ({**sound, "not_labour_dispatch": False}, "invalid_input"),
        ({name: value for name, value in sound.items() if name != "not_labour_dispatch"}, "invalid_input"),
        ({**sound, "contact_phone": "123"}, "phone_form"),
        ({**sound, "contact_name": ""}, "invalid_input"),
    ):
        assert await desk.refused("POST", RECOGNITION, user, body) == (422, code)
    key = new_id("key")
    first = await desk.ok("POST", RECOGNITION, user, sound, key=key)
    assert await desk.ok("POST", RECOGNITION, user, sound, key=key) == first
    assert await desk.refused("POST", RECOGNITION, user, sound) == (409, "recognition_not_open")


@pytest.mark.rule("R15", "R20")
async def test_a_file_is_what_its_bytes_say_and_is_kept_once(desk: Desk) -> None:
    user, key = await desk.unit(), new_id("key")
    data = {"kind": "licence"}
    for content, status, code in ((b"MZ program", 415, "file_type_refused"), (PDF + b"0" * (10 * 1024 * 1024), 413, "body_too_large")):
        file = {"file": ("示例.pdf", content, "application/pdf")}
        assert await desk.refused("POST", FILES, user, files=file, data=data) == (status, code)
    file = {"file": ("../执照.pdf", PDF, "image/png")}
    answers = [await desk.ok("POST", FILES, user, files=file, data=data, key=key) for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["kind"], answers[0]["name"]) == ("licence", "执照.pdf")
    assert len((await desk.ok("GET", UNIT, user))["files"]) == 1
    another = {"file": ("执照.pdf", PDF + b"2", "application/pdf")}
    assert await desk.refused("POST", FILES, user, files=another, data=data, key=key) == (422, "idempotency_key_reused")
    assert await desk.refused("POST", FILES, user, files=another, data={"kind": "diploma"}) == (422, "invalid_input")
    assert await desk.refused("POST", FILES, user, files={"another": file["file"]}, data=data) == (422, "invalid_input")
    assert await desk.refused("POST", FILES, user, data=data) == (422, "invalid_input")


@pytest.mark.rule("R24", "R14")
async def test_a_file_is_read_by_its_unit_and_by_the_office_with_the_recognition_case(desk: Desk) -> None:
    user, stranger = await desk.requested(), await desk.unit()
    assert user.unit_id
    [id] = (await desk.ok("GET", UNIT, user))["document_ids"]
    await desk.hear("cas_1", case(user.unit_id, CaseKind.RECOGNITION))
    for reader in (user, user.but(permissions=frozenset()), officer(), officer(PROVINCE)):
        answer = await desk.call("GET", f"/units/documents/{id}", reader)
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PDF, "application/pdf")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
    others: tuple[tuple[Actor | None, tuple[int, str]], ...] = (
        (stranger, (404, "not_found")),
        (officer(ELSEWHERE), (404, "not_found")),
        (Actor(id="per_1", role=Role.INTERN), (403, "forbidden")),
        (None, (401, "unauthenticated")),
    )
    for who, refused in others:
        assert await desk.refused("GET", f"/units/documents/{id}", who) == refused
    assert await desk.refused("GET", "/units/documents/doc_unknown", user) == (404, "not_found")


@pytest.mark.rule("R24")
async def test_only_who_manages_the_users_acts_for_the_unit(desk: Desk) -> None:
    user = await desk.unit()
    licence = await desk.licence(user)
    lesser = user.but(permissions=frozenset(Permission) - {Permission.MANAGE_USERS})
    assert await desk.refused("POST", RECOGNITION, lesser, recognition_body(licence)) == (403, "forbidden")
    file = {"file": ("执照.pdf", PDF, "application/pdf")}
    assert await desk.refused("POST", FILES, lesser, files=file, data={"kind": "licence"}) == (403, "forbidden")
    assert (await desk.ok("GET", UNIT, lesser))["id"] == user.unit_id
    for who, refused in ((None, (401, "unauthenticated")), (officer(), (403, "forbidden"))):
        assert await desk.refused("GET", UNIT, who) == refused
        assert await desk.refused("POST", RECOGNITION, who, recognition_body(licence)) == refused
