"""Policy by region and effective date (programme §5)."""

from datetime import date
from typing import Any

import pytest
from common.policy import Policy, PolicyEntry, PolicyTable
from common.regions import ancestors
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

DAY = date(2026, 11, 24)
DEFAULTS = {
    "max_pending": 10,
    "answer_working_days": 5,
    "unit_answer_working_days": 10,
    "review_working_days": 5,
    "onboard_report_working_days": 5,
    "end_report_working_days": 10,
    "supplement_working_days": 10,
    "objection_working_days": 10,
    "reminder_working_days": (3, 1, 0),
    "age_min": 16,
    "age_max": 24,
    "graduate_months": 24,
    "measured_at": "submission",
    "months_min": 3,
    "months_max": 12,
    "once_only": True,
    "recommendation_form_allowed": True,
    "posting_share_of_staff": None,
    "interns_per_mentor": None,
    "recognition_years": 3,
    "evidence_recheck_days": 30,
    "lift_within_days": 30,
    "subsidy_rate": 0.60,
    "subsidy_rate_retained": 0.80,
    "retained_share": 0.50,
    "retention_bonus_fen": 50_000,
    "insurance_cap_fen": 30_000,
    "publicity_working_days": 5,
}


def entry(region: str, effective: str, version: int = 1, **changes: Any) -> PolicyEntry:
    return PolicyEntry(region=region, effective=date.fromisoformat(effective), version=version, changes=changes)


def resolved(region: str, *entries: PolicyEntry, day: date = DAY) -> Policy:
    return PolicyTable.of(entries).resolve(ancestors(region), day)


@pytest.mark.rule("G5", "G7", "R22", "R29", "R10", "R17", "R11", "R16", "R3", "R13", "R15", "R21")
def test_without_entries_the_defaults_of_the_programme_hold() -> None:
    assert resolved("520102") == Policy()
    assert Policy().model_dump(include=set(DEFAULTS)) == DEFAULTS


def test_the_nearest_region_wins_even_when_its_entry_is_older() -> None:
    entries = [
        entry("520000", "2026-01-01", max_pending=8),
        entry("520100", "2025-01-01", max_pending=7),
        entry("520102", "2024-01-01", max_pending=6),
    ]
    assert [resolved(place, *entries).max_pending for place in ("520102", "520103", "520200", "520000", "530102")] == [6, 7, 8, 8, 10]


def test_the_later_effective_date_wins_and_a_future_one_waits() -> None:
    entries = [
        entry("520000", "2027-01-01", max_pending=3),
        entry("520000", "2024-01-01", max_pending=8),
        entry("520000", "2026-01-01", max_pending=9),
    ]
    assert resolved("520102", *entries).max_pending == 9
    assert resolved("520102", *entries, day=date(2026, 12, 31)).max_pending == 9
    assert resolved("520102", *entries, day=date(2027, 1, 1)).max_pending == 3
    assert resolved("520102", *entries, day=date(2023, 1, 1)).max_pending == 10


def test_an_entry_changes_only_its_own_fields() -> None:
    policy = resolved("520102", entry("520000", "2024-01-01", max_pending=8, once_only=False), entry("520102", "2024-01-01", max_pending=6))
    assert (policy.max_pending, policy.once_only, policy.answer_working_days) == (6, False, 5)


def test_a_policy_names_the_entries_it_was_made_of() -> None:
    policy = resolved(
        "520102", entry("520102", "2024-01-01", 3, max_pending=6), entry("520000", "2022-01-01", 2), entry("520200", "2024-01-01")
    )
    assert policy.versions == ("520000:2022-01-01:2", "520102:2024-01-01:3")


@given(
    st.permutations(
        [
            entry("520000", "2024-01-01", max_pending=8),
            entry("520100", "2024-01-01", max_pending=7),
            entry("520000", "2025-01-01", age_max=29),
        ]
    )
)
def test_the_order_of_entries_does_not_matter(entries: list[PolicyEntry]) -> None:
    policy = resolved("520102", *entries)
    assert (policy.max_pending, policy.age_max) == (7, 29)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_pendign": 9},
        {"max_pending": 0},
        {"max_pending": "many"},
        {"subsidy_rate": 1.5},
        {"months_min": 13},
        {"versions": ("x",)},
        {"once_only": None},
    ],
)
def test_an_impossible_change_is_refused_when_it_is_entered(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        entry("520000", "2024-01-01", **changes)


CONTRADICTING = [entry("520000", "2026-01-01", months_min=6), entry("520102", "2024-01-01", months_max=4)]


def test_entries_that_contradict_each_other_are_refused_together() -> None:
    with pytest.raises(ValueError, match="range"):
        PolicyTable.of(CONTRADICTING).check(ancestors)


def test_entries_that_contradict_each_other_stop_nobody_the_wider_region_holds() -> None:
    policy = resolved("520102", *CONTRADICTING, day=date(2026, 2, 1))
    assert (policy.months_min, policy.months_max) == (6, 12)
    assert policy.versions == ("520000:2026-01-01:1",)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_pending": 10**30},
        {"answer_working_days": 10**9},
        {"graduate_months": 10**8},
        {"recognition_years": 1000},
        {"retention_bonus_fen": 10**19},
        {"reminder_working_days": [10**25]},
        {"reminder_working_days": [1] * 11},
        {"evidence_recheck_days": 10**6},
    ],
)
def test_a_number_beyond_all_reason_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        entry("520000", "2024-01-01", **changes)


def test_a_list_from_json_becomes_a_tuple() -> None:
    assert resolved("520102", entry("520000", "2024-01-01", termination_files=[])).termination_files == ()
