"""Limits by share of staff and of interns per mentor: policy, off by default, flags and never a refusal (R16)."""

from fractions import Fraction
from typing import Any

import pytest
from common.contracts.words import PostingStatus, Role
from common.decision import Actor
from common.policy import Policy
from common.reference import ReferenceItem
from hypothesis import example, given
from hypothesis import strategies as st
from postings.domain import declare, places
from postings.domain.facts import SeatsFacts
from postings.domain.limits import Offer, exceeded
from postings.domain.posting import Excess

from .builders import RECOGNISED, REFERENCE, around, by, content, posting, seats
from .conftest import Zone

SHARE, PER_MENTOR = "posting_share_of_staff", "interns_per_mentor"
OTHERS = (Offer(headcount=4, mentor="示例导师"), Offer(headcount=3, mentor="示例其他导师"))
STAFFED = RECOGNISED.but(staff_insured=20)


def found(policy: Policy, staff: int | None = 20, **changes: Any) -> list[tuple[str, int, int]]:
    return [(excess.limit, excess.allowed, excess.wanted) for excess in exceeded(content(**changes), staff, OTHERS, policy)]


@pytest.mark.rule("R16")
def test_both_limits_are_off_by_default() -> None:
    assert found(Policy(), headcount=999) == []


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("share", "staff", "expected"),
    [
        (0.6, 20, []),
        (0.55, 20, [(SHARE, 11, 12)]),
        (0.599, 20, [(SHARE, 11, 12)]),
        (0.0, 20, [(SHARE, 0, 12)]),
        (1.0, 0, [(SHARE, 0, 12)]),
        (1.0, None, []),
    ],
)
def test_all_offers_of_a_unit_count_against_its_insured_staff(share: float, staff: int | None, expected: list[Any]) -> None:
    assert found(Policy(posting_share_of_staff=share), staff) == expected


@pytest.mark.rule("R16")
@pytest.mark.parametrize(("limit", "expected"), [(9, []), (8, [(PER_MENTOR, 8, 9)])])
def test_the_offers_of_one_mentor_count_together(limit: int, expected: list[Any]) -> None:
    assert found(Policy(interns_per_mentor=limit)) == expected
    assert found(Policy(interns_per_mentor=limit), mentor="示例第三导师") == []


@pytest.mark.rule("R16")
@given(st.integers(0, 100), st.integers(0, 1000), st.integers(1, 999))
@example(29, 100, 29)
def test_a_share_is_taken_exactly(percent: int, staff: int, headcount: int) -> None:
    policy = Policy(posting_share_of_staff=percent / 100)
    over = exceeded(content(headcount=headcount), staff, (), policy)
    assert bool(over) is (headcount > Fraction(percent, 100) * staff)


def limited(**changes: Any) -> Any:
    value = {"region": "520102", "effective": "2026-11-01", "changes": changes}
    return REFERENCE.with_items([ReferenceItem(kind="policy", key="520102:2026-11-01", version=1, value=value)])


@pytest.mark.rule("R16")
def test_what_exceeds_a_limit_is_submitted_with_flags_beside_those_of_its_wording() -> None:
    surroundings = around(STAFFED, others=OTHERS, reference=limited(posting_share_of_staff=0.1, interns_per_mentor=5))
    decision = declare.submit(posting(content=content(title="示例岗位限男性")), surroundings, by())
    assert decision.events[0].model_dump()["flags"] == ("sex:限男性", SHARE, PER_MENTOR)
    assert [excess.limit for excess in decision.state.exceeded] == [SHARE, PER_MENTOR]
    elsewhere = posting(content=content(region="520103"))
    assert declare.submit(elsewhere, surroundings, by()).state.exceeded == ()


@pytest.mark.rule("R16", "R8")
def test_other_places_are_measured_again() -> None:
    surroundings = around(STAFFED, SeatsFacts(headcount=5, taken=3), reference=limited(posting_share_of_staff=0.2))
    more = places.adjust(posting(PostingStatus.PUBLISHED), content(headcount=6), surroundings, by()).state
    assert more.exceeded == (Excess(limit="posting_share_of_staff", allowed=4, wanted=6),)
    fewer = places.adjust(more, content(headcount=4), surroundings, by()).state
    assert fewer.exceeded == ()
    refused = around(STAFFED, SeatsFacts(headcount=6, taken=5), reference=surroundings.reference)
    assert places.correct(fewer, refused, by()).state.exceeded == more.exceeded


@pytest.mark.rule("R16")
async def test_the_officer_reads_which_limits_are_exceeded(zone: Zone) -> None:
    await zone.set_policy(posting_share_of_staff=0.1, interns_per_mentor=8)
    user = await zone.recognised_unit(staff=100)
    drafted, first = await zone.drafted(user, headcount=50), await zone.published(user, headcount=6)
    closed = await zone.published(user, headcount=50)
    await zone.call("POST", f"/units/me/postings/{closed}/close", user)
    await zone.published(headcount=50)
    id = await zone.submitted(user, headcount=5)
    officer = Actor(id="stf_1", role=Role.OFFICER, region="520103")
    shown = (await zone.call("GET", f"/postings/{id}", officer)).json()
    assert [(limit["limit"], limit["allowed"], limit["wanted"]) for limit in shown["exceeded"]] == [(SHARE, 10, 11), (PER_MENTOR, 8, 11)]
    assert "11人" in shown["exceeded"][0]["label"]
    assert (await zone.said(id))[-1]["flags"] == [SHARE, PER_MENTOR]
    assert (await zone.call("GET", f"/postings/{first}", officer)).json()["exceeded"] == []
    assert "exceeded" not in (await zone.call("GET", f"/postings/{first}")).json()
    assert (await zone.call("GET", f"/units/me/postings/{drafted}", user)).json()["exceeded"] == []


@pytest.mark.rule("R16", "R8")
async def test_a_corrected_headcount_is_measured_with_the_unit_as_it_is(zone: Zone) -> None:
    await zone.set_policy(posting_share_of_staff=0.1)
    user = await zone.recognised_unit(staff=40)
    id = await zone.published(user, headcount=5)
    await zone.call("PATCH", f"/units/me/postings/{id}", user, {"headcount": 2})
    assert (await zone.call("GET", f"/units/me/postings/{id}", user)).json()["exceeded"] == []
    await zone.hear(id, seats(id, 5, 3, refused=True))
    [limit] = (await zone.call("GET", f"/units/me/postings/{id}", user)).json()["exceeded"]
    assert (limit["allowed"], limit["wanted"]) == (4, 5)
