"""Sessions: one current refresh token; one that was used before ends the session."""

from datetime import timedelta

import pytest
from accounts.domain import account as accounts
from accounts.domain import session as sessions
from accounts.domain.session import TERM, Session
from common.contracts.people import AccountRightsChanged
from common.contracts.words import Permission, Role
from common.decision import Actor
from common.errors import Refusal
from hypothesis import given
from hypothesis import strategies as st

from .builders import NOON, account


def opened() -> Session:
    return sessions.open_session(None, "per_1", 1, NOON).state


@pytest.mark.rule("R31")
@given(st.lists(st.integers(1, 6), max_size=12))
def test_only_the_current_generation_goes_on_and_any_other_ends_the_session(presented: list[int]) -> None:
    session, current, alive = opened(), 1, True
    for generation in presented:
        if not alive:
            with pytest.raises(Refusal, match="refresh_refused"):
                sessions.rotate(session, generation, 1, NOON)
            continue
        session = sessions.rotate(session, generation, 1, NOON).state
        alive = generation == current
        current += alive
        assert (session.generation, session.revoked) == (current, not alive)


@pytest.mark.rule("R31")
@pytest.mark.parametrize(
    ("span", "epoch", "goes_on"),
    [(TERM - timedelta(seconds=1), 1, True), (TERM, 1, False), (timedelta(), 2, False)],
)
def test_a_session_ends_with_its_term_and_with_the_epoch_of_its_account(span: timedelta, epoch: int, goes_on: bool) -> None:
    if goes_on:
        assert sessions.rotate(opened(), 1, epoch, NOON + span).state.generation == 2
        return
    with pytest.raises(Refusal, match="refresh_refused"):
        sessions.rotate(opened(), 1, epoch, NOON + span)


@pytest.mark.rule("R31", "R24")
def test_a_new_password_and_switching_off_raise_the_epoch() -> None:
    manager = Actor(id="usr_2", role=Role.UNIT, unit_id="unt_1")
    before = account(Role.UNIT, phone=accounts.Phone(hash="h", sealed="s", masked="m"), live_phone="h")
    assert accounts.with_password(before, "new").state.epoch == 2
    off = accounts.administer(before, manager, active=False).state
    assert (off.active, off.epoch, off.live_phone) == (False, 2, None)
    assert accounts.administer(off, manager, active=False).state == off
    on = accounts.administer(off, manager, active=True).state
    assert (on.active, on.epoch, on.live_phone) == (True, 2, "h")
    less = accounts.administer(before, manager, permissions=(Permission.MANAGE_POSTINGS, Permission.MANAGE_POSTINGS)).state
    assert (less.permissions, less.epoch) == ((Permission.MANAGE_POSTINGS,), 1)


@pytest.mark.rule("R24")
def test_each_change_of_rights_and_each_new_password_is_said_and_counted() -> None:
    manager = Actor(id="usr_2", role=Role.UNIT, unit_id="unt_1")
    before = account(Role.UNIT)
    for decided in (
        accounts.with_password(before, "new"),
        accounts.administer(before, manager, active=False),
        accounts.administer(before, manager, permissions=()),
        accounts.administer(before, manager, region="520102"),
    ):
        assert decided.state.rights == before.rights + 1
        assert decided.events == (AccountRightsChanged(account_id=before.id, rights=before.rights + 1),)
    unchanged = accounts.administer(before, manager, active=True, permissions=before.permissions)
    assert (unchanged.state, unchanged.events) == (before, ())


@pytest.mark.rule("R24")
def test_nobody_changes_the_own_account() -> None:
    before = account(Role.UNIT)
    for change in ({"active": False}, {"permissions": ()}, {}):
        with pytest.raises(Refusal, match="own_account"):
            accounts.administer(before, before.actor, **change)


@pytest.mark.rule("R24")
def test_an_account_that_exists_is_not_made_again() -> None:
    before = account()
    assert accounts.create(before, account(login="other")).state == before
