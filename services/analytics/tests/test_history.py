"""What a history comes to: in any order, as of any day, with what was reinstated taken out."""

from datetime import timedelta

import pytest
from analytics.domain.history import Correction, journey, open_case
from common.contracts.words import CaseStatus, EndKind, Status
from hypothesis import given
from hypothesis import strategies as st

from .builders import BEGIN, HOUR, LATER, S, application, case, step, walked


def reached(*steps: object, as_of: object = LATER) -> list[Status]:
    found = journey(application(*steps), as_of)  # type: ignore[arg-type]
    assert found is not None
    return [stay.status for stay in found.stays]


def test_a_journey_is_its_stays_one_after_another() -> None:
    found = journey(walked(S.PENDING, S.OFFERED, S.WILLING), LATER)
    assert found is not None
    assert [(stay.status, stay.since, stay.until) for stay in found.stays] == [
        (S.PENDING, BEGIN, BEGIN + 24 * HOUR),
        (S.OFFERED, BEGIN + 24 * HOUR, BEGIN + 48 * HOUR),
        (S.WILLING, BEGIN + 48 * HOUR, None),
    ]
    assert found.submitted_at == BEGIN


@pytest.mark.rule("R25")
@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([S.PENDING, S.OFFERED, S.UNWILLING, S.OFFERED], [S.PENDING, S.OFFERED]),
        ([S.PENDING, S.REJECTED, S.PENDING], [S.PENDING]),
        ([S.PENDING, S.OFFERED, S.PENDING], [S.PENDING]),
        ([S.PENDING, S.OFFERED, S.WILLING, S.DISAPPROVED, S.WILLING], [S.PENDING, S.OFFERED, S.WILLING]),
        ([S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ABSENT, S.APPROVED], [S.PENDING, S.OFFERED, S.WILLING, S.APPROVED]),
    ],
)
def test_a_reinstatement_takes_back_what_came_after_where_it_returns_to(steps: list[Status], left: list[Status]) -> None:
    last = len(steps)
    assert reached(*(step(n, to, n, reinstated=n == last) for n, to in enumerate(steps, 1))) == left


@pytest.mark.rule("R25")
def test_the_status_returned_to_counts_anew_from_the_reinstatement() -> None:
    found = journey(
        application(
            step(1, S.PENDING, 0), step(2, S.OFFERED, 5), step(3, S.UNWILLING, 9, "timeout"), step(4, S.OFFERED, 30, reinstated=True)
        ),
        LATER,
    )
    assert found is not None
    assert found.stays[-1].since == BEGIN + 30 * HOUR
    assert found.reason_code is None


def test_before_it_began_there_is_no_journey_and_later_steps_do_not_count_yet() -> None:
    assert journey(walked(S.PENDING), BEGIN - HOUR) is None
    assert reached(step(1, S.PENDING, 0), step(2, S.OFFERED, 5), as_of=BEGIN + HOUR) == [S.PENDING]


@pytest.mark.rule("R17")
def test_a_corrected_end_counts_as_corrected_from_then_on() -> None:
    ended = walked(S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED, S.TERMINATED)
    at = BEGIN + 200 * HOUR
    ended = ended.but(corrections=(Correction(seq=9, at=at, end_kind=EndKind.EARLY, reason_code="unit", retained=True),))
    before, after = journey(ended, at - HOUR), journey(ended, at)
    assert before is not None
    assert after is not None
    assert (before.end_kind, before.retained) == (EndKind.COMPLETED, False)
    assert (after.end_kind, after.reason_code, after.retained) == (EndKind.EARLY, "unit", True)


WAYS = [
    [S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED, S.TERMINATED],
    [S.PENDING, S.OFFERED, S.UNWILLING],
    [S.PENDING, S.WITHDRAWN],
]


@given(st.sampled_from(WAYS), st.data())
def test_order_of_arrival_makes_no_difference(way: list[Status], data: st.DataObject) -> None:
    history = walked(*way)
    arrived = history.but(steps=tuple(data.draw(st.permutations(history.steps))))
    told, heard = journey(history, LATER), journey(arrived, LATER)
    assert told is not None
    assert heard is not None
    assert heard.stays == told.stays
    assert (heard.reason_code, heard.end_kind, heard.submitted_at) == (told.reason_code, told.end_kind, told.submitted_at)


def test_a_case_is_open_until_it_is_decided_and_from_its_new_beginning_when_it_opens_again() -> None:
    history = case((CaseStatus.OPEN, 0), (CaseStatus.DECIDING, 10), (CaseStatus.DECIDED, 11), (CaseStatus.OPEN, 50))
    assert open_case(history, BEGIN - HOUR) is None
    first, closed, again = (open_case(history, BEGIN + hours * HOUR) for hours in (10, 11, 60))
    assert first is not None
    assert first.opened_at == BEGIN
    assert closed is None
    assert again is not None
    assert again.opened_at == BEGIN + 50 * HOUR
    assert again.due_at == BEGIN + timedelta(hours=120)


@pytest.mark.rule("R14")
def test_a_case_that_was_transferred_belongs_where_it_is_now() -> None:
    history = case((CaseStatus.OPEN, 0), (CaseStatus.OPEN, 5))
    first, second = history.steps
    moved = open_case(history.but(steps=(first, second.but(region="520103"))), LATER)
    assert moved is not None
    assert moved.region == "520103"
