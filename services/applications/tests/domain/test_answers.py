"""The unit's answer (G6), the intern's (G7, R2, R7) and the seats they move (R8)."""

import pytest
from applications.domain import unit_answer
from applications.domain.seats import SeatMove
from common.contracts.words import Status
from common.reasons import StatedReason

from . import builders as b


@pytest.mark.rule("R8")
@pytest.mark.parametrize(
    ("status", "deed", "moves"),
    [
        (Status.PENDING, "offer", (SeatMove("pos_1", "app_1", take=True),)),
        (Status.PENDING, "reject", ()),
        (Status.PENDING, "withdraw", ()),
        (Status.OFFERED, "accept", ()),
        (Status.OFFERED, "decline", (SeatMove("pos_1", "app_1", take=False),)),
        (Status.WILLING, "approve", ()),
        (Status.WILLING, "disapprove", (SeatMove("pos_1", "app_1", take=False),)),
        (Status.APPROVED, "onboard", ()),
        (Status.APPROVED, "absent", (SeatMove("pos_1", "app_1", take=False),)),
        (Status.ONBOARDED, "terminate", (SeatMove("pos_1", "app_1", take=False),)),
    ],
)
def test_each_step_takes_or_frees_the_seat_that_it_must(status: Status, deed: str, moves: tuple[SeatMove, ...]) -> None:
    assert b.do(b.in_status(status), deed).moves == moves


@pytest.mark.rule("R18", "R23")
def test_a_rejection_needs_a_reason_from_the_list() -> None:
    pending = b.in_status(Status.PENDING)
    with b.refused("reason_needed"):
        unit_answer.reject(pending, "app_1", None, b.REFERENCE, b.by(b.UNIT))
    for code in ("employed", "timeout", "示例"):
        with b.refused("reason_unknown"):
            unit_answer.reject(pending, "app_1", StatedReason(code=code), b.REFERENCE, b.by(b.UNIT))
    rejected = b.application(b.in_status(Status.REJECTED))
    assert rejected.reason == b.UNFIT


@pytest.mark.rule("R2")
def test_accepting_one_offer_ends_all_others_and_frees_their_seats() -> None:
    candidacy = b.with_pending(4)
    for number in (1, 2):
        candidacy = b.do(candidacy, "offer", f"app_{number}").state
    decision = b.do(candidacy, "accept", "app_1")
    assert [application.status for application in decision.state.applications] == [
        Status.WILLING,
        Status.UNWILLING,
        Status.WITHDRAWN,
        Status.WITHDRAWN,
    ]
    assert decision.moves == (SeatMove("pos_2", "app_2", take=False),)
    assert len(decision.events) == len(decision.history) == 4


@pytest.mark.rule("R2")
def test_pending_applications_stay_alive_beside_an_offer() -> None:
    candidacy = b.do(b.with_pending(3), "offer", "app_1").state
    assert b.application(b.do(candidacy, "offer", "app_2").state, 2).status is Status.OFFERED


@pytest.mark.rule("R11")
def test_the_eligibility_answer_travels_with_willing_only() -> None:
    offered = b.in_status(Status.OFFERED)
    [event] = b.do(offered, "accept").events
    assert event.eligibility == b.application(offered).eligibility  # type: ignore[attr-defined]
    [event] = b.do(offered, "decline").events
    assert event.eligibility == ()  # type: ignore[attr-defined]


def test_an_unknown_application_is_refused() -> None:
    for deed in b.DEEDS:
        with b.refused("unknown_application"):
            b.do(b.registered(), deed, "app_9")
