"""The places of a posting (R8) and its closing in two phases (R9)."""

from datetime import timedelta

import pytest
from applications.domain import seats as places
from applications.domain.seats import SeatMove, Seats
from common.contracts.applications import HeadcountRefused, SeatsChanged, SeatsDrained
from common.decision import Decision
from hypothesis import given
from hypothesis import strategies as st

from . import builders as b

TWO = Seats(posting_id="pos_1", headcount=2)
LIMIT = timedelta(seconds=5)


@pytest.mark.rule("R8")
def test_a_seat_is_taken_once_and_the_last_one_refuses_the_next() -> None:
    one = places.take(TWO, "app_1")
    assert one.events == (SeatsChanged(posting_id="pos_1", headcount=2, taken=1, closing=False),)
    assert places.take(one.state, "app_1") == Decision(one.state)
    full = places.take(one.state, "app_2").state
    assert full.full
    with b.refused("seats_full"):
        places.take(full, "app_3")
    assert places.take(places.free(full, "app_1").state, "app_3").state.holders == ("app_2", "app_3")


@pytest.mark.rule("R8")
def test_freeing_takes_nothing_from_others() -> None:
    one = places.take(TWO, "app_1").state
    assert places.free(one, "app_2") == Decision(one)


@pytest.mark.rule("R8")
def test_headcount_never_falls_below_what_is_taken() -> None:
    full = places.take(places.take(TWO, "app_1").state, "app_2").state
    assert places.resize(full, 1) == Decision(full, (HeadcountRefused(posting_id="pos_1", headcount=2, taken=2),))
    assert places.resize(full, 3).state.headcount == 3
    assert places.resize(full, 2) == Decision(full)


@pytest.mark.rule("R9")
def test_a_closing_posting_gives_no_seat_and_still_takes_them_back() -> None:
    closing = places.close(places.take(TWO, "app_1").state, b.NOON).state
    with b.refused("posting_closed"):
        places.take(closing, "app_2")
    assert places.free(closing, "app_1").state.holders == ()
    assert places.close(closing, b.NOON + b.HOUR) == Decision(closing)


@pytest.mark.rule("R9")
def test_drained_is_said_once_and_only_after_late_submissions_can_have_landed() -> None:
    closing = places.close(TWO, b.NOON).state
    assert places.drain(TWO, b.NOON, LIMIT) == Decision(TWO)
    assert places.drain(closing, b.NOON + LIMIT - timedelta(seconds=1), LIMIT) == Decision(closing)
    drained = places.drain(closing, b.NOON + LIMIT, LIMIT)
    assert drained.events == (SeatsDrained(posting_id="pos_1"),)
    assert places.drain(drained.state, b.NOON + b.HOUR, LIMIT) == Decision(drained.state)


MOVES = st.lists(st.builds(SeatMove, st.just("pos_1"), st.sampled_from([f"app_{n}" for n in range(6)]), st.booleans()), max_size=30)


@pytest.mark.rule("R8")
@given(st.integers(1, 4), MOVES)
def test_holders_are_a_set_no_larger_than_headcount(headcount: int, moves: list[SeatMove]) -> None:
    seats, model = Seats(posting_id="pos_1", headcount=headcount), set[str]()
    for move in moves:
        if move.take and move.application_id not in model and len(model) == headcount:
            with b.refused("seats_full"):
                places.move(seats, move)
            continue
        seats = places.move(seats, move).state
        (model.add if move.take else model.discard)(move.application_id)
        assert sorted(seats.holders) == sorted(model)
        assert len(seats.holders) <= headcount
