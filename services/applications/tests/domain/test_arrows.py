"""Every status x command x role against the table: what is no arrow is refused and changes nothing."""

from datetime import datetime

import pytest
from applications.domain import status as table
from applications.domain.candidacy import Candidacy, OwedDiploma
from applications.domain.change import SeatedDecision
from applications.domain.complaint import TAKING_BACK
from applications.domain.status import ARROWS, COMMANDS, STEADY
from applications.domain.talk_form import Talk
from common.contracts.words import Diploma, Role, Status
from common.reasons import StatedReason

from . import builders as b

DIPLOMA_BEFORE = {"deliver_diploma": Diploma.OWED, "accept_diploma": Diploma.DELIVERED, "refuse_diploma": Diploma.DELIVERED}


def prepared(status: Status, deed: str) -> Candidacy:
    candidacy = b.in_status(status)
    if (status, deed) == (Status.UNWILLING, "reinstate"):
        return candidacy.with_application(b.application(candidacy).but(reason=StatedReason(code="timeout")))
    if deed == "ask_another_time":
        return candidacy.with_application(b.application(candidacy).but(talk=Talk(**b.INVITATION.model_dump())))
    if deed == "decline_end" and status is Status.ONBOARDED:
        return b.DEEDS["plan_end"](candidacy, "app_1", b.by(b.UNIT)).state
    if deed in TAKING_BACK:
        return b.with_question(candidacy, TAKING_BACK[deed])
    if deed not in DIPLOMA_BEFORE:
        return candidacy
    return candidacy.with_application(b.application(candidacy).but(diploma=OwedDiploma(state=DIPLOMA_BEFORE[deed])))


def instant(candidacy: Candidacy, deed: str) -> datetime:
    """NOON, but for the clock's own command."""
    return (b.application(candidacy).due_at or b.NOON) if deed == "expire" else b.NOON


def attempt(candidacy: Candidacy, deed: str, role: Role) -> SeatedDecision:
    return b.DEEDS[deed](candidacy, "app_1", b.by(b.ACTORS[role], instant(candidacy, deed), key="another"))


@pytest.mark.rule("G6", "G7", "G8", "G9", "G10", "R1", "R7", "R20")
@pytest.mark.parametrize("deed", b.DEEDS)
@pytest.mark.parametrize("status", Status)
def test_only_the_table_moves_an_application(status: Status, deed: str) -> None:
    before = prepared(status, deed)
    along = table.arrow(status, deed)
    possible = along is not None or status in STEADY.get(deed, ())
    for role in Role:
        if possible and role in COMMANDS[deed].roles:
            after = attempt(before, deed, role).state
            assert b.application(after).status == (along.to if along else status)
        else:
            with b.refused("wrong_status" if role in COMMANDS[deed].roles else "wrong_role"):
                attempt(before, deed, role)
            assert before == prepared(status, deed)


@pytest.mark.rule("R18", "R20")
@pytest.mark.parametrize(("status", "deed"), [(a.from_, a.command) for a in ARROWS if a.command in b.DEEDS], ids=lambda value: str(value))
def test_each_step_says_one_event_and_one_line_of_history_that_agree(status: Status, deed: str) -> None:
    before = prepared(status, deed)
    decision = b.do(before, deed, at=instant(before, deed))
    [event], [line] = decision.events, decision.history
    assert (event.from_, event.to, event.reason_code) == (line.from_, line.to, line.reason_code)  # type: ignore[attr-defined]
    assert line.subject == "app_1"
    assert event.actor_role in COMMANDS[deed].roles  # type: ignore[attr-defined]
    along = table.arrow(status, deed)
    assert along is not None
    assert (line.reason_code is not None) >= (along.asks_reason or along.reason is not None)


def test_every_status_but_the_first_is_reached_and_every_command_has_rights() -> None:
    assert {arrow.to for arrow in ARROWS} == set(Status)
    assert {arrow.command for arrow in ARROWS} | set(STEADY) | {"register", "check"} == set(COMMANDS)


@pytest.mark.rule("R25")
def test_reinstatement_arrows_are_the_five_of_the_programme_and_for_officers_alone() -> None:
    marked = {(arrow.from_, arrow.to) for arrow in ARROWS if arrow.reinstates}
    assert marked == {
        (Status.UNWILLING, Status.OFFERED),
        (Status.REJECTED, Status.PENDING),
        (Status.OFFERED, Status.PENDING),
        (Status.DISAPPROVED, Status.WILLING),
        (Status.ABSENT, Status.APPROVED),
    }
    assert all(arrow.roles == {Role.OFFICER} for arrow in ARROWS if arrow.reinstates)


@pytest.mark.rule("R24")
def test_another_units_user_another_intern_and_a_user_without_the_permission_are_refused() -> None:
    pending, offered = b.in_status(Status.PENDING), b.in_status(Status.OFFERED)
    strangers = [
        (pending, "offer", b.UNIT.but(unit_id="uni_2"), "not_your_application"),
        (pending, "offer", b.UNIT.but(permissions=frozenset()), "permission_missing"),
        (offered, "accept", b.INTERN.but(id="per_2"), "not_your_application"),
    ]
    for candidacy, deed, actor, code in strangers:
        with b.refused(code):
            b.DEEDS[deed](candidacy, "app_1", b.by(actor))
