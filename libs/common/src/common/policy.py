"""Policy: every number of the programme that a province may change, by region and effective date (programme §5)."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from common import data
from common.regions import Code
from common.values import Value

Count = Annotated[int, Field(ge=0, le=1000)]
Term = Annotated[int, Field(ge=1, le=366)]
"""Days, working days, months, years of age: nobody can act within none, and nobody waits for ever."""
Years = Annotated[int, Field(ge=1, le=30)]
Fen = Annotated[int, Field(ge=0, le=10**10)]
Rate = Annotated[float, Field(ge=0, le=1)]


class Policy(Value):
    """The policy in force in one region on one day. Terms are working days where the name says so, money is in fen.

    `versions` names the entries that it was made of (`region:effective:version`), to be stored with each decision.
    """

    max_pending: Term = 10
    answer_working_days: Term = 5
    unit_answer_working_days: Term = 10
    review_working_days: Term = 5
    onboard_report_working_days: Term = 5
    end_report_working_days: Term = 10
    supplement_working_days: Term = 10
    objection_working_days: Term = 10
    publicity_working_days: Term = 5
    reminder_working_days: Annotated[tuple[Count, ...], Field(max_length=10)] = (3, 1, 0)
    age_min: Term = 16
    age_max: Term = 24
    graduate_months: Term = 24
    measured_at: Literal["submission"] = "submission"
    months_min: Term = 3
    months_max: Term = 12
    once_only: bool = True
    lift_within_days: Count = 30
    recommendation_form_allowed: bool = True
    posting_share_of_staff: Rate | None = None
    interns_per_mentor: Term | None = None
    recognition_years: Years = 3
    recognition_reminder_days: Annotated[tuple[Count, ...], Field(max_length=10)] = (60, 30)
    evidence_recheck_days: Count = 30
    termination_files: Annotated[tuple[str, ...], Field(max_length=20)] = ("appraisal",)
    subsidy_rate: Rate = 0.60
    subsidy_rate_retained: Rate = 0.80
    retained_share: Rate = 0.50
    retention_bonus_fen: Fen = 500_00
    insurance_cap_fen: Fen = 300_00
    versions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ranges_are_ranges(self) -> Self:
        if self.age_min > self.age_max or self.months_min > self.months_max:
            raise ValueError("a range ends before it begins")
        return self

    def after(self, entry: "PolicyEntry") -> Self:
        """This policy with the changes of one more entry. ValueError when it makes no sense together."""
        used = (*self.versions, f"{entry.key}:{entry.version}")
        return self.model_validate({**self.model_dump(), **entry.changes, "versions": used})


class PolicyEntry(Value):
    """What one region changes from one day on; the fields it leaves out keep coming from above. `version` counts corrections."""

    region: Code
    effective: date
    version: int
    changes: dict[str, Any]

    @model_validator(mode="after")
    def _changes_fit(self) -> Self:
        if "versions" in self.changes:
            raise ValueError("versions cannot be set")
        Policy.model_validate(self.changes)
        return self

    @property
    def key(self) -> str:
        return f"{self.region}:{self.effective}"


class PolicyTable(Value):
    """All entries. Field by field the nearest region wins (county, city, province), and within it the later effective date.

    Entries may be heard in any order, so two may meet that together make no sense: then the nearer, later one is left out there.
    """

    entries: tuple[PolicyEntry, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[PolicyEntry]) -> Self:
        return cls(entries=tuple(sorted(entries, key=lambda entry: (entry.effective, entry.version))))

    def resolve(self, places: Sequence[str], day: date) -> Policy:
        """The policy on a day for a region and what contains it, nearest first; without any entry, the defaults."""
        policy = Policy()
        for entry in self._of(places, day):
            with contextlib.suppress(ValueError):
                policy = policy.after(entry)
        return policy

    def check(self, ancestors: Callable[[str], Sequence[str]]) -> None:
        """ValueError when entries together make an impossible policy in any region on any day."""
        for region in {entry.region for entry in self.entries}:
            for day in {entry.effective for entry in self.entries}:
                policy = Policy()
                for entry in self._of(ancestors(region), day):
                    policy = policy.after(entry)

    def _of(self, places: Sequence[str], day: date) -> list[PolicyEntry]:
        """From the widest region to the nearest, each by date."""
        return [entry for place in reversed(places) for entry in self.entries if entry.region == place and entry.effective <= day]


def package_policy() -> list[PolicyEntry]:
    """The one entry that ships with the package: the province keeps every default."""
    return [PolicyEntry.model_validate({**entry, "version": 1}) for entry in data.load("policy")]
