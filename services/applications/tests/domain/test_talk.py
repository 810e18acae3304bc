"""A talk before the answer, and the unit's own notes (R26)."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from applications.domain import talk
from applications.domain.allowed import allowed
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.talk_form import Invitation, Talk, Wish
from common.contracts.applications import TalkChanged
from common.contracts.words import Status
from pydantic import ValidationError

from . import builders as b


def invite(candidacy: Candidacy, **changes: Any) -> SeatedDecision:
    return talk.invite(candidacy, "app_1", b.INVITATION.but(**changes), b.by(b.UNIT))


def told(change: Any) -> tuple[TalkChanged]:
    return (TalkChanged(application_id="app_1", person_id=b.INTERN.id, unit_id="uni_1", change=change),)


@pytest.mark.rule("R26")
def test_a_unit_invites_the_applicant_asks_for_another_time_and_the_unit_invites_anew() -> None:
    invited = b.do(b.in_status(Status.PENDING), "invite_to_talk")
    assert invited.events == told("invited")
    asked = b.do(invited.state, "ask_another_time")
    assert asked.events == told("another_time_asked")
    assert b.application(asked.state).talk == Talk(**b.INVITATION.model_dump(), wish=b.WISH)
    again = invite(asked.state, at=b.WISH.at)
    assert (b.application(again.state).talk, again.events) == (Talk(at=b.WISH.at, place=b.INVITATION.place), told("invited"))
    assert b.application(again.state).status is Status.PENDING


@pytest.mark.rule("R26")
def test_the_same_invitation_or_wish_again_changes_nothing_but_insisting_answers_a_wish() -> None:
    invited = b.do(b.in_status(Status.PENDING), "invite_to_talk").state
    assert b.do(invited, "invite_to_talk") == SeatedDecision(invited)
    asked = b.do(invited, "ask_another_time").state
    assert b.do(asked, "ask_another_time") == SeatedDecision(asked)
    assert b.do(asked, "invite_to_talk").state == invited


@pytest.mark.rule("R26")
def test_the_time_is_ahead_and_not_years_away() -> None:
    pending = b.in_status(Status.PENDING)
    invited = b.do(pending, "invite_to_talk").state
    for at in (b.NOON, b.NOON + 366 * b.DAY, datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))):
        with b.refused("talk_time"):
            invite(pending, at=at)
        with b.refused("talk_time"):
            talk.ask_another_time(invited, "app_1", Wish(at=at), b.by(b.INTERN))
    shanghai = datetime(2026, 11, 4, 9, 30, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    set_for = b.application(invite(pending, at=shanghai).state).talk
    assert set_for is not None
    assert set_for.at.isoformat() == "2026-11-04T01:30:00+00:00"


@pytest.mark.rule("R26")
def test_an_invitation_has_a_place_or_a_link() -> None:
    pending = b.in_status(Status.PENDING)
    with b.refused("talk_place"):
        invite(pending, place=None)
    assert invite(pending, place=None, link="https://meeting.example.cn/1").events
    for link in ("javascript:alert(1)", "meeting.example.cn", "https://", "https://a b", "ftp://example.cn", "https://" + "a" * 500):
        with pytest.raises(ValidationError):
            Invitation(at=b.NOON, link=link)
    with pytest.raises(ValidationError):
        Invitation(at=datetime(2026, 11, 4, 9), place="示例大厦")


@pytest.mark.rule("R26")
def test_without_an_invitation_there_is_no_other_time_to_ask_for() -> None:
    pending = b.in_status(Status.PENDING)
    with b.refused("no_talk"):
        b.do(pending, "ask_another_time")
    invited = b.do(pending, "invite_to_talk").state
    for candidacy, possible in ((pending, False), (invited, True)):
        assert ("ask_another_time" in allowed(b.application(candidacy), b.INTERN, b.NOON)) is possible


@pytest.mark.rule("R26")
def test_notes_are_kept_in_order_without_event_or_line_of_history_and_not_without_end() -> None:
    candidacy = b.in_status(Status.PENDING)
    for number in range(talk.NOTES):
        decision = talk.note(candidacy, "app_1", f"示例{number}", b.by(b.UNIT, b.NOON + number * b.HOUR))
        assert (decision.events, decision.history) == ((), ())
        candidacy = decision.state
    notes = b.application(candidacy).notes
    assert [(one.text, one.by) for one in notes] == [(f"示例{number}", b.UNIT.id) for number in range(talk.NOTES)]
    assert notes[1].at == b.NOON + b.HOUR
    with b.refused("notes_full"):
        b.do(candidacy, "note")


@pytest.mark.rule("R26")
def test_what_was_said_before_the_answer_stays_with_the_application() -> None:
    candidacy = b.in_status(Status.PENDING)
    for deed in ("invite_to_talk", "note", "offer", "accept"):
        candidacy = b.do(candidacy, deed).state
    kept = b.application(candidacy)
    assert kept.talk is not None
    assert len(kept.notes) == 1
