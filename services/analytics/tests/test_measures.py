"""Each measure against what one counts by hand, and percentiles against their definition."""

from collections.abc import Sequence

import pytest
from analytics.domain.history import Journey, Posting, Seats, journey, open_case
from analytics.domain.measures import MEASURES, Source
from analytics.domain.question import USABLE, By
from common.contracts.words import CaseStatus, EndKind
from hypothesis import given
from hypothesis import strategies as st

from .builders import BEGIN, HOUR, LATER, S, application, case, step, walked


def journeys(*histories: object) -> list[Journey]:
    found = [journey(history, LATER) for history in histories]  # type: ignore[arg-type]
    return [one for one in found if one is not None]


SIX = journeys(
    walked(S.PENDING),
    walked(S.PENDING, S.REJECTED),
    walked(S.PENDING, S.OFFERED, S.UNWILLING),
    walked(S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ABSENT),
    walked(S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED),
    walked(S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED, S.TERMINATED),
)


@pytest.mark.rule("R32")
def test_the_funnel_counts_each_application_at_every_stage_it_reached() -> None:
    assert MEASURES["funnel"].of(SIX, LATER) == {
        "submitted": 6, "offered": 4, "willing": 3, "approved": 3, "onboarded": 2, "ended": 1,
        "rejected": 1, "unwilling": 1, "disapproved": 0, "absent": 1, "withdrawn": 0,
    }  # fmt: skip


@pytest.mark.rule("R25")
def test_what_was_reinstated_is_not_in_the_funnel() -> None:
    back = journeys(application(step(1, S.PENDING, 0), step(2, S.OFFERED, 1), step(3, S.PENDING, 2, reinstated=True)))
    counts = MEASURES["funnel"].of(back, LATER)
    assert (counts["submitted"], counts["offered"], counts["unwilling"]) == (1, 0, 0)


def test_stage_hours_count_only_who_has_left_the_stage() -> None:
    hours = MEASURES["stage-hours"].of(SIX, LATER)
    assert (hours["unit_count"], hours["intern_count"], hours["review_count"], hours["onboarding_count"]) == (5, 4, 3, 3)
    assert (hours["unit_median"], hours["review_p90"]) == (24.0, 24.0)


def test_the_answer_of_a_unit_is_an_offer_or_a_rejection_and_nothing_else() -> None:
    withdrawn = journeys(walked(S.PENDING, S.WITHDRAWN), walked(S.PENDING, S.REJECTED, hours=2), walked(S.PENDING, S.OFFERED, hours=6))
    assert MEASURES["unit-answer"].of([*withdrawn, SIX[0]], LATER) == {
        "answered": 2, "waiting": 1, "hours_median": 2.0, "hours_p90": 6.0,
    }  # fmt: skip


def test_rates_of_onboarding_and_retention() -> None:
    ended = application(
        *walked(S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED).steps,
        step(6, S.TERMINATED, 200, "retained", end_kind=EndKind.EARLY, retained=True),
    )
    assert MEASURES["onboarding"].of([*SIX, *journeys(ended)], LATER) == {
        "onboarded": 3, "absent": 1, "onboarding_rate": 0.75, "ended": 2, "completed": 1, "early": 1, "retained": 1, "retention_rate": 0.5,
    }  # fmt: skip
    assert MEASURES["onboarding"].of([], LATER)["onboarding_rate"] is None


def test_open_cases_by_age_and_overdue() -> None:
    begun = [case((CaseStatus.OPEN, hours), due=due) for hours, due in ((0, 24), (0, 9_999), (24 * 8, None), (24 * 9.5, 9_999))]
    as_of = BEGIN + 24 * 10 * HOUR
    waiting = [one for history in begun if (one := open_case(history, as_of)) is not None]
    assert MEASURES["open-cases"].of(waiting, as_of) == {
        "open": 4, "overdue": 1, "days_to_3": 2, "days_3_to_7": 0, "days_7_to_30": 2, "days_30_on": 0,
    }  # fmt: skip


def test_the_fill_rate_is_seats_taken_of_seats_offered() -> None:
    posting = Posting(unit_id="unt_1", region="520102", kind="technical", headcount=5, published=True)
    taken = [(posting, Seats(headcount=5, taken=count)) for count in (5, 1)]
    assert MEASURES["fill-rate"].of(taken, LATER) == {"postings": 2, "seats": 10, "taken": 6, "fill_rate": 0.6}


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=60))
def test_p90_is_the_smallest_that_nine_in_ten_do_not_exceed(hours: list[int]) -> None:
    answered = journeys(*(walked(S.PENDING, S.OFFERED, hours=one) for one in hours))
    found = MEASURES["unit-answer"].of(answered, LATER)["hours_p90"]
    assert found == min(hour for hour in hours if _share_not_above(hours, hour) >= 0.9 - 1e-9)


def _share_not_above(hours: Sequence[int], limit: int) -> float:
    return sum(hour <= limit for hour in hours) / len(hours)


def test_every_measure_explains_every_figure_and_says_which_are_counts() -> None:
    samples = {Source.APPLICATIONS: SIX, Source.CASES: [], Source.POSTINGS: []}
    for measure in MEASURES.values():
        figures = measure.of(samples[measure.source], LATER)
        assert list(figures) == list(measure.figures), measure.id
        assert measure.counted <= figures.keys()
        assert measure.definition.endswith("。")
        assert By.REGION in USABLE[measure.source]
