"""Small counts outside the county are hidden, and cannot be reckoned back."""

import pytest
from analytics.domain.disclosure import SMALLEST, Row, disclose
from hypothesis import given
from hypothesis import strategies as st


def rows(*people: int) -> list[Row]:
    return [Row(str(n), count, {"submitted": count, "hours": 1.5}, frozenset({"submitted"})) for n, count in enumerate(people)]


@pytest.mark.rule("R32")
@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ([], set()),
        ([0, 7], set()),
        ([4], {"0"}),
        ([5, 6], set()),
        ([4, 6, 9], {"0", "1"}),
        ([4, 1, 9], {"0", "1"}),
        ([4, 0, 0], {"0"}),
    ],
)
def test_a_line_of_few_is_hidden_and_never_alone_among_others(people: list[int], hidden: set[str]) -> None:
    assert {row.group for row in disclose(rows(*people)) if row.hidden} == hidden


@pytest.mark.rule("R32")
@given(st.lists(st.integers(0, 30), max_size=12))
def test_no_small_count_is_seen_and_no_single_one_is_left_to_be_reckoned_from_a_total(people: list[int]) -> None:
    shown = disclose(rows(*people))
    assert all(row.figures["submitted"] == 0 or row.figures["submitted"] >= SMALLEST for row in shown if not row.hidden)
    assert all(figure is None for row in shown if row.hidden for figure in row.figures.values())
    some = [count for count in people if count]
    assert sum(row.hidden for row in shown) != 1 or len(some) == 1


@pytest.mark.rule("R32")
def test_in_a_line_of_many_a_small_count_is_hidden_by_itself_and_what_is_no_count_stays() -> None:
    (shown,) = disclose([Row("total", 40, {"onboarded": 4, "absent": 0, "rate": 0.1}, frozenset({"onboarded", "absent"}))])
    assert shown.figures == {"onboarded": None, "absent": 0, "rate": 0.1}
