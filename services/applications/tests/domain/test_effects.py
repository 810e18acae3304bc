"""The table of effects against the table of arrows and against what the domain says, arrow by arrow, in both directions (R28)."""

from datetime import timedelta
from functools import reduce

import pytest
from applications.domain import closing, termination
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.status import ARROWS, Arrow
from common.contracts.applications import ApplicationStatusChanged, IntentRecheckAsked
from common.contracts.effects import EFFECTS, Effects, effects_of
from common.contracts.words import EndKind, Role, Status

from . import builders as b
from .test_arrows import instant, prepared

pytestmark = pytest.mark.rule("R28")

MOVES = [(along, role) for along in ARROWS for role in sorted(along.roles)]


def row_of(along: Arrow, role: Role) -> Effects:
    [row] = [row for row in EFFECTS if (row.from_, row.to, row.by, row.reason) == (along.from_, along.to, role, along.reason)]
    return row


def performed(along: Arrow, role: Role) -> SeatedDecision:
    """The arrow as its party takes it."""
    if along.from_ is None:
        return b.submission(b.registered())
    if along.command == "supersede":
        offers = ("app_1", "app_2") if along.from_ is Status.OFFERED else ("app_2",)
        return b.do(reduce(lambda candidacy, id: b.do(candidacy, "offer", id).state, offers, b.with_pending(2)), "accept", "app_2")
    before = prepared(along.from_, along.command)
    if along.command == "close":
        return closing.sweep(before, "pos_1", b.by(b.SYSTEM))
    return b.DEEDS[along.command](before, "app_1", b.by(b.ACTORS[role], instant(before, along.command), key="another"))


def test_every_arrow_and_party_has_a_row_and_every_row_an_arrow() -> None:
    arrows = [(along.from_, along.to, role, along.reason, along.reinstates) for along, role in MOVES]
    rows = [(row.from_, row.to, row.by, row.reason, row.reinstated) for row in EFFECTS]
    assert sorted(map(str, rows)) == sorted(map(str, arrows))


@pytest.mark.rule("R8")
@pytest.mark.parametrize(
    ("along", "role"), MOVES, ids=lambda value: f"{value.from_}-{value.command}" if isinstance(value, Arrow) else value
)
def test_each_arrow_says_and_moves_what_its_row_says(along: Arrow, role: Role) -> None:
    decision, row = performed(along, role), row_of(along, role)
    [said] = [event for event in decision.events if isinstance(event, ApplicationStatusChanged) and event.application_id == "app_1"]
    assert effects_of(said) == row
    others = {type(event) for event in decision.events if not isinstance(event, ApplicationStatusChanged)}
    assert others <= set(row.may_say)
    assert [move.take for move in decision.moves if move.application_id == "app_1"] == {
        "taken": [True],
        "freed": [False],
        "early": [False],
        None: [],
    }[row.seat]


def outdated() -> Candidacy:
    """A youth whose check passed too long ago."""
    return b.checked(b.registered(b.youth_form()))


@pytest.mark.rule("R13")
def test_what_opens_a_review_may_ask_for_the_check_again() -> None:
    late = b.NOON + timedelta(days=31)
    candidacy = b.do(b.submitted(outdated(), at=late), "offer", at=late).state
    asked = b.do(candidacy, "accept", at=late)
    assert [type(event) for event in asked.events] == [ApplicationStatusChanged, IntentRecheckAsked]
    dismissed = b.do(b.do(b.do(b.submitted(outdated()), "offer").state, "accept").state, "disapprove").state
    asked = b.reinstated(dismissed, "app_1", b.by(b.OFFICER, late))
    assert [type(event) for event in asked.events] == [ApplicationStatusChanged, IntentRecheckAsked]


@pytest.mark.rule("R8")
def test_an_end_at_its_term_frees_no_place() -> None:
    candidacy = b.in_status(Status.ONBOARDED)
    later = b.NOON + timedelta(days=200)
    ending = b.early(kind=EndKind.COMPLETED, end=later.date(), reason=None)
    assert termination.terminate(candidacy, "app_1", ending, b.REFERENCE, b.by(b.UNIT, later)).moves == ()
