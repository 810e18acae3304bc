"""Talks and notes over HTTP (R26): what unit and applicant read, and what nobody else does."""

import pytest
from common.contracts.words import Role, Status
from common.decision import Actor

from .builders import REASON
from .conftest import ME, UNIT, Programme

INVITATION = {"at": "2026-11-04T09:30:00+08:00", "place": "示例大厦3楼", "link": "https://meeting.example.cn/1"}
SECRET = "示例：沟通能力较好，可优先考虑"


async def applicant(programme: Programme) -> tuple[Actor, Actor, str]:
    """Intern, unit, application."""
    intern, unit = await programme.intern(), await programme.unit()
    return intern, unit, await programme.submit(intern, await programme.posting(unit))


@pytest.mark.rule("R26", "R20")
async def test_both_read_when_and_where_and_events_say_only_that_there_is_a_talk(programme: Programme) -> None:
    intern, unit, id = await applicant(programme)
    wish = {"at": "2026-11-05T01:00:00Z", "note": "示例：当天上午有考试"}
    await programme.refused("no_talk", 409, "POST", f"{ME}/{id}/talk", intern, wish)
    invited = await programme.do("POST", f"{UNIT}/{id}/talk", unit, INVITATION)
    talk = {"at": "2026-11-04T01:30:00Z", "place": "示例大厦3楼", "link": "https://meeting.example.cn/1"}
    assert (invited["status"], invited["talk"]) == ("PENDING", {**talk, "wish": None})
    assert "ask_another_time" in (await programme.do("GET", f"{ME}/{id}", intern))["commands"]
    await programme.do("POST", f"{ME}/{id}/talk", intern, wish)
    for path, who in ((f"{ME}/{id}", intern), (f"{UNIT}/{id}", unit)):
        shown = await programme.do("GET", path, who)
        assert shown["talk"] == {**talk, "wish": wish}
        assert [line["deed"] for line in shown["history"]] == ["岗位投递", "邀请面谈", "请求另约面谈时间"]
    said = [event for event in await programme.said(intern.id) if event["type"] == "application.talk_changed.v1"]
    assert [event["change"] for event in said] == ["invited", "another_time_asked"]
    assert all(set(event) == {"type", "application_id", "person_id", "unit_id", "change"} for event in said)


@pytest.mark.rule("R26")
async def test_the_notes_of_the_unit_are_shown_to_its_users_alone(programme: Programme) -> None:
    intern, unit, id = await applicant(programme)
    said = await programme.said(intern.id)
    await programme.do("POST", f"{UNIT}/{id}/notes", unit, {"note": SECRET})
    noted = (await programme.do("GET", f"{UNIT}/{id}", unit))["notes"]
    assert [(note["text"], note["by"]) for note in noted] == [(SECRET, unit.id)]
    assert await programme.said(intern.id) == said
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert (shown["notes"], len(shown["history"])) == ([], 1)
    for path in (ME, f"{ME}/{id}"):
        assert SECRET not in (await programme.call("GET", path, intern)).text
    withdrawn = await programme.call("POST", f"{ME}/{id}/withdraw", intern)
    assert (withdrawn.status_code, SECRET in withdrawn.text) == (200, False)


@pytest.mark.rule("R26", "R25")
async def test_an_officer_who_reinstates_reads_neither_talk_nor_notes(programme: Programme) -> None:
    _, unit, id = await applicant(programme)
    await programme.do("POST", f"{UNIT}/{id}/talk", unit, INVITATION)
    await programme.do("POST", f"{UNIT}/{id}/notes", unit, {"note": SECRET})
    await programme.do("POST", f"{UNIT}/{id}/reject", unit, REASON)
    officer = Actor(id="stf_1", role=Role.OFFICER, region="520102")
    body = {"to": Status.PENDING, "reason": {"code": "unit_mistake", "text": "示例：选错了人"}}
    answer = await programme.call("POST", f"/applications/{id}/reinstate", officer, body)
    assert (answer.json()["status"], answer.json()["talk"]) == ("PENDING", None)
    assert SECRET not in answer.text


@pytest.mark.rule("R26", "G6")
async def test_after_the_answer_nobody_is_invited_and_nothing_more_is_noted(programme: Programme) -> None:
    intern, unit, id = await applicant(programme)
    await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    await programme.refused("wrong_status", 409, "POST", f"{UNIT}/{id}/talk", unit, INVITATION)
    await programme.refused("wrong_status", 409, "POST", f"{UNIT}/{id}/notes", unit, {"note": SECRET})
    await programme.refused("wrong_status", 409, "POST", f"{ME}/{id}/talk", intern, {"at": INVITATION["at"]})


@pytest.mark.rule("R26")
async def test_a_malformed_invitation_wish_or_note_is_refused(programme: Programme) -> None:
    intern, unit, id = await applicant(programme)
    for invitation, code in (
        ({"at": "2026-11-04T09:30:00", "place": "示例大厦"}, "invalid_input"),
        ({"at": INVITATION["at"], "place": "\u200b"}, "invalid_input"),
        ({**INVITATION, "link": "javascript:alert(1)"}, "invalid_input"),
        ({"place": "示例大厦"}, "invalid_input"),
        ({"at": INVITATION["at"]}, "talk_place"),
        ({**INVITATION, "at": "2026-11-01T09:30:00+08:00"}, "talk_time"),
        ({**INVITATION, "at": "9999-12-31T23:59:59-12:00"}, "talk_time"),
    ):
        await programme.refused(code, 422, "POST", f"{UNIT}/{id}/talk", unit, invitation)
    await programme.refused("invalid_input", 422, "POST", f"{ME}/{id}/talk", intern, {})
    await programme.refused("invalid_input", 422, "POST", f"{UNIT}/{id}/notes", unit, {"note": " "})
    assert (await programme.do("GET", f"{UNIT}/{id}", unit))["talk"] is None
