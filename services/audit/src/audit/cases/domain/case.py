"""A case: one question about one version of one subject, for one office to decide (R14)."""

from datetime import datetime
from typing import Any

from common.contracts.applications import RuleResult
from common.contracts.words import CaseKind, CaseStatus, EndKind, Verdict
from common.ids import derived_id
from common.reasons import StatedReason
from common.regions import ancestors
from common.values import Value

LIVE = (CaseStatus.OPEN, CaseStatus.CLAIMED, CaseStatus.RETURNED, CaseStatus.DECIDING)
"""Not finished: what the queue of an office shows."""


_BESIDE = frozenset({CaseKind.OBJECTION, CaseKind.REINSTATEMENT, CaseKind.LIFT, CaseKind.RELEASE, CaseKind.COMPLAINT, CaseKind.SILENCE})
"""Kinds whose questions stand beside one another, each until it is settled; of all others the newest version counts alone."""


class Officer(Value):
    """Who holds or decided a case: the parties only ever see the office."""

    id: str
    region: str


class Case(Value):
    """State of a case.

    `subject` is the person, unit or posting decided about, `subject_version` its intent version, request, revision or question number.
    `region` is where it belongs, `places` that region and what contains it (whose officers see it), `office` who decides.
    `facts` are what the opening event said, `seq` the number of the newest event of the subject applied here.
    `due_at` is the end of the term running now: the review's, or the supplement's while RETURNED.
    `reason` is that of the disapproval, the correct one of an upheld objection (R17), or why a decision could not be applied;
    `end_kind`: how the internship did end, where an objection is upheld.
    `note` goes with an approval; `first` has given the first of two approvals (R14).
    `versions` are those of the policy, calendar and reasons that the decision was taken by.
    `release_asked_at`: since when the intern asks to be released from the application (R30).
    """

    id: str
    kind: CaseKind
    status: CaseStatus
    subject: str
    subject_version: int
    application_id: str | None = None
    unit_id: str | None = None
    region: str
    places: tuple[str, ...]
    office: str
    facts: dict[str, Any]
    rules: tuple[RuleResult, ...] = ()
    seq: int
    opened_at: datetime
    due_at: datetime
    returned_at: datetime | None = None
    officer: Officer | None = None
    first: Officer | None = None
    verdict: Verdict | None = None
    reason: StatedReason | None = None
    end_kind: EndKind | None = None
    note: str | None = None
    versions: tuple[str, ...] = ()
    release_asked_at: datetime | None = None

    @property
    def live(self) -> bool:
        return self.status in LIVE


class Question(Value):
    """What a case decides: one version of one subject, where `application_id` is set as asked by that application."""

    kind: CaseKind
    subject: str
    subject_version: int
    application_id: str | None = None

    @property
    def case_id(self) -> str:
        """The same question has the same id for ever, so its case opens once however often its event is heard."""
        return derived_id("cas", self.kind, self.subject, self.application_id or "", str(self.subject_version))

    @property
    def standing_id(self) -> str:
        """Where it is noted whether its subject waits: kind:subject:application:number, the last two empty where there is none."""
        number = self.subject_version if self.kind in _BESIDE else ""
        return f"{self.kind}:{self.subject}:{self.application_id or ''}:{number}"

    @property
    def concerned(self) -> dict[str, Any]:
        """Fields of the cases whose subject has moved on once it no longer waits for this."""
        fields: dict[str, Any] = {"subject": self.subject, "application_id": self.application_id}
        return {**fields, "subject_version": self.subject_version} if self.kind in _BESIDE else fields


class Opening(Question):
    """What a fact says about a case it opens; `seq` and `at` are the event's number and instant."""

    unit_id: str | None = None
    region: str
    facts: dict[str, Any]
    rules: tuple[RuleResult, ...] = ()
    seq: int
    at: datetime

    def case(self, due_at: datetime) -> Case:
        county = county_or_above(self.region)
        return Case(
            id=self.case_id,
            kind=self.kind,
            status=CaseStatus.OPEN,
            subject=self.subject,
            subject_version=self.subject_version,
            application_id=self.application_id,
            unit_id=self.unit_id,
            region=county,
            places=ancestors(county),
            office=county,
            facts=self.facts,
            rules=self.rules,
            seq=self.seq,
            opened_at=self.at,
            due_at=due_at,
        )


class Standing(Value):
    """Where the subject of cases stands after its event number `seq`: waiting for a decision about `version`, or not.

    `case_id` is the decision that made it stop waiting, where there was one.
    """

    seq: int
    version: int
    waiting: bool
    case_id: str | None = None


def county_or_above(region: str) -> str:
    """The county of a township or village code; a city or province code stands for itself (an office of that level registered)."""
    return region[:6]
