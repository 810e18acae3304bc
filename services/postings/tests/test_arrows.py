"""Every status x command x role against the table: what is no arrow is refused and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from common.contracts.postings import PostingStatusChanged
from common.contracts.words import PostingStatus, Role, UnitStatus, Verdict
from common.decision import SYSTEM, Actor, Command, Decision
from common.errors import Refusal
from postings.domain import availability, declare, places, review
from postings.domain.posting import Posting
from postings.domain.status import ARROWS, COMMANDS, STEADY, next_status

from .builders import NOON, RECOGNISED, UNIT_USER, around, by, content, decided, posting

S = PostingStatus
ACTORS = {role: UNIT_USER if role is Role.UNIT else SYSTEM if role is Role.SYSTEM else Actor(id="who", role=role) for role in Role}
NEXT = {(arrow.from_, arrow.command): arrow.to for arrow in ARROWS}

BY_UNIT: dict[str, Callable[[Posting, Command], Decision[Posting]]] = {
    "revise": lambda before, command: declare.revise(before, content(title="示例新标题"), command),
    "submit": lambda before, command: declare.submit(before, around(), command),
    "adjust": lambda before, command: places.adjust(before, content(headcount=9), around(), command),
    "pause": availability.pause,
    "resume": lambda before, command: availability.resume(before, RECOGNISED, command),
    "close": availability.close,
}


@pytest.mark.rule("R16", "R9", "R20")
@pytest.mark.parametrize("deed", COMMANDS)
@pytest.mark.parametrize("status", PostingStatus)
def test_only_the_table_says_where_a_command_leads_and_who_may_give_it(status: PostingStatus, deed: str) -> None:
    after = status if status in STEADY.get(deed, ()) else NEXT.get((status, deed))
    for role, actor in ACTORS.items():
        if role not in COMMANDS[deed].roles:
            code = "forbidden"
        elif after is None:
            code = "posting_not_in_status"
        else:
            assert next_status(status, deed, actor) is after
            continue
        with pytest.raises(Refusal) as refused:
            next_status(status, deed, actor)
        assert refused.value.code == code


@pytest.mark.rule("R16", "R9")
@pytest.mark.parametrize("deed", BY_UNIT)
@pytest.mark.parametrize("status", PostingStatus)
def test_a_command_of_the_unit_follows_the_table(status: PostingStatus, deed: str) -> None:
    before = posting(status)
    if status not in STEADY.get(deed, ()) and (status, deed) not in NEXT:
        with pytest.raises(Refusal, match="posting_not_in_status"):
            BY_UNIT[deed](before, by())
        return
    decision = BY_UNIT[deed](before, by())
    assert decision.state != before
    assert decision.state.status is NEXT.get((status, deed), status)
    [line] = decision.history
    assert (line.from_, line.to) == (status, decision.state.status)


@pytest.mark.rule("R16", "R20")
@pytest.mark.parametrize("arrow", ARROWS, ids=lambda arrow: f"{arrow.from_}-{arrow.command}")
def test_each_arrow_says_one_event_that_agrees_with_its_line_of_history(arrow: Any) -> None:
    before = posting(arrow.from_, case_id="cas_before")
    [event], [line] = (decision := taken(before, arrow.command)).events, decision.history
    assert isinstance(event, PostingStatusChanged)
    assert (event.from_, event.to, event.reason_code) == (line.from_, line.to, line.reason_code)
    assert (event.from_, event.to) == (arrow.from_, arrow.to)
    assert event.case_id == ("cas_new" if arrow.command in ("publish", "return") else None)
    assert (event.reason_code is not None) == (arrow.command == "return")
    assert event.revision == decision.state.revision == before.revision + (arrow.command == "submit")


def taken(before: Posting, command: str) -> Decision[Posting]:
    if command in BY_UNIT:
        return BY_UNIT[command](before, by())
    if command == "finish":
        return availability.finish(before, by(SYSTEM))
    verdict = Verdict.APPROVE if command == "publish" else Verdict.DISAPPROVE
    return review.decide(before, decided(before.id, verdict, case_id="cas_new"), RECOGNISED, by(SYSTEM))


def test_every_status_is_reached_and_every_command_has_rights() -> None:
    assert {arrow.to for arrow in ARROWS} | {S.DRAFT} == set(PostingStatus)
    assert {arrow.command for arrow in ARROWS} | set(STEADY) == set(COMMANDS)


@pytest.mark.rule("R16")
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("status", PostingStatus)
def test_a_decision_finds_its_submitted_revision_or_is_answered(status: PostingStatus, verdict: Verdict) -> None:
    before = posting(status)
    for revision in (0, 1, 2):
        decision = review.decide(before, decided(before.id, verdict, revision), RECOGNISED, by(SYSTEM))
        waits = status is S.SUBMITTED and revision == 1
        assert (decision.state != before) is waits
        assert [event.TYPE for event in decision.events] == ["posting.status_changed" if waits else "posting.decision_refused"]
        again = review.decide(decision.state, decided(before.id, verdict, revision), RECOGNISED, by(SYSTEM))
        assert not (waits and again.events)


@pytest.mark.rule("R9", "R15")
@pytest.mark.parametrize("standing", UnitStatus)
@pytest.mark.parametrize("status", PostingStatus)
def test_a_posting_follows_its_unit_once(status: PostingStatus, standing: UnitStatus) -> None:
    before, unit = posting(status, published_at=NOON), RECOGNISED.but(status=standing)
    after = availability.follow_unit(before, unit, by(SYSTEM)).state
    expected = status
    if standing is UnitStatus.SUSPENDED and status is S.PUBLISHED:
        expected = S.PAUSED
    if standing in (UnitStatus.REVOKED, UnitStatus.EXPIRED) and status in (S.PUBLISHED, S.PAUSED):
        expected = S.CLOSING
    assert after.status is expected
    assert not availability.follow_unit(after, unit, by(SYSTEM)).events


@pytest.mark.rule("R9")
@pytest.mark.parametrize("status", PostingStatus)
def test_only_a_closing_posting_is_finished_and_it_keeps_its_reason(status: PostingStatus) -> None:
    before = posting(status, reason_code="unit_revoked")
    after = availability.finish(before, by(SYSTEM)).state
    assert after == (before.but(status=S.CLOSED) if status is S.CLOSING else before)
