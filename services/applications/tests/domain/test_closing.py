"""Closing a posting (R9)."""

import pytest
from applications.domain import closing
from applications.domain.change import SeatedDecision
from common.contracts.words import Role, Status

from . import builders as b


@pytest.mark.rule("R9")
def test_what_waits_there_is_withdrawn_and_the_rest_goes_on() -> None:
    candidacy = b.with_pending(2)
    decision = closing.sweep(candidacy, "pos_1", b.by(b.SYSTEM))
    swept, other = decision.state.applications
    assert swept.reason is not None
    assert (swept.status, swept.reason.code, other.status) == (Status.WITHDRAWN, "posting_closed", Status.PENDING)
    assert decision.moves == ()


@pytest.mark.rule("R9")
@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PENDING])
def test_an_offer_and_what_follows_it_is_left_alone(status: Status) -> None:
    candidacy = b.in_status(status)
    assert closing.sweep(candidacy, "pos_1", b.by(b.SYSTEM)) == SeatedDecision(candidacy)


@pytest.mark.rule("R9")
def test_only_the_system_sweeps() -> None:
    for role in set(Role) - {Role.SYSTEM}:
        with b.refused("wrong_role"):
            closing.sweep(b.in_status(Status.PENDING), "pos_1", b.by(b.ACTORS[role]))
