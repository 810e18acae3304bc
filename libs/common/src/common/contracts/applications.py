"""What applications says of candidacies (key: person id) and of seats (key: posting id)."""

from datetime import date, datetime
from typing import Literal

from common.contracts.base import Message
from common.contracts.words import CaseKind, Category, Check, Diploma, EndKind, Role, Status
from common.values import Value


class RuleResult(Value, extra="ignore"):
    """One line of the eligibility answer (R11): which rule, its result, and a code for why. No free text."""

    rule: str
    result: Literal["pass", "fail", "pending"]
    why: str


class IntentRegistered(Message, type="intent.registered", version=1):
    """A new version of the intent (G3, R12). With `check` CHECKING an unemployment case opens in `registration_region` (R13)."""

    person_id: str
    intent_version: int
    category: Category
    education: str
    age_band: str
    household_region: str
    residence_region: str
    priority_group: str | None = None
    check: Check
    registration_region: str | None = None


class IntentChecked(Message, type="intent.checked", version=1):
    """The unemployment check of one intent version has a result (R13)."""

    person_id: str
    intent_version: int
    check: Check
    reason_code: str | None = None
    case_id: str | None = None


class IntentRecheckAsked(Message, type="intent.recheck_asked", version=1):
    """The unemployment check of one intent version passed too long ago for a review: it is under way again, its case opens (R13)."""

    person_id: str
    intent_version: int
    category: Category
    education: str
    age_band: str
    household_region: str
    residence_region: str
    priority_group: str | None = None
    check: Check
    registration_region: str | None = None


class ApplicationStatusChanged(Message, type="application.status_changed", version=1):
    """Every status change of an application; `from_` is null for a submission.

    `due_at` is set while an answer or a step is due; `eligibility` comes with WILLING and opens the eligibility case;
    `category`, `age_band`, `education` are as of the submission, so a funnel needs no joins.
    """

    application_id: str
    person_id: str
    posting_id: str
    unit_id: str
    region: str
    from_: Status | None
    to: Status
    reason_code: str | None = None
    actor_role: Role
    category: Category
    age_band: str
    education: str
    intent_version: int
    resume_version: int
    due_at: datetime | None = None
    eligibility: tuple[RuleResult, ...] = ()
    start: date | None = None
    planned_end: date | None = None
    end_kind: EndKind | None = None
    end: date | None = None
    retained: bool | None = None
    case_id: str | None = None
    reinstated: bool = False


class ApplicationDueChanged(Message, type="application.due_changed", version=1):
    """An offer is to be answered until another instant: a newer calendar has extended it (R6)."""

    application_id: str
    person_id: str
    unit_id: str
    due_at: datetime


class DiplomaChanged(Message, type="application.diploma_changed", version=1):
    """The owed diploma was delivered, accepted or refused (G13)."""

    application_id: str
    person_id: str
    unit_id: str
    diploma: Diploma
    reason_code: str | None = None


class TalkChanged(Message, type="application.talk_changed", version=1):
    """A unit invites an applicant to a talk, or the applicant asks for another time (R26). When and where only the two of them read."""

    application_id: str
    person_id: str
    unit_id: str
    change: Literal["invited", "another_time_asked"]


class ReleaseAsked(Message, type="application.release_asked", version=1):
    """An intern asks to be released from an application in this status: WILLING or APPROVED (R30). What follows is a status change."""

    application_id: str
    person_id: str
    unit_id: str
    region: str
    status: Status


class CaseAsked(Message, type="application.case_asked", version=1):
    """An officer is asked something about an application: opens a case of this kind in the county of the posting (R14).

    `number` counts the questions of one kind about one application, `cause` is a code for why: an intern's objection (R17), wish
    to have the block lifted (R3), to end or to complain (R30); a unit that stays silent (R29, R30); an offer that ran out under
    a calendar replaced since (R6). `asked_by` is the intern or the system. Words and files stay with applications.
    """

    application_id: str
    person_id: str
    posting_id: str
    unit_id: str
    region: str
    status: Status
    kind: CaseKind
    number: int
    cause: str
    asked_by: Role
    document_ids: tuple[str, ...] = ()


class CaseSettled(Message, type="application.case_settled", version=1):
    """What `application.case_asked` asked waits no longer: `case_id` names the decision that was applied; without one it has moved on."""

    application_id: str
    person_id: str
    unit_id: str
    kind: CaseKind
    number: int
    case_id: str | None = None


class CaseSupplemented(Message, type="application.case_supplemented", version=1):
    """The intern has handed in what an officer wanted to see for the review of an application (R10)."""

    application_id: str
    person_id: str
    unit_id: str
    document_ids: tuple[str, ...]


class EndCorrected(Message, type="application.end_corrected", version=1):
    """An objection was upheld: how an internship ended, as it now stands (R17)."""

    application_id: str
    person_id: str
    posting_id: str
    unit_id: str
    region: str
    end_kind: EndKind
    end: date
    reason_code: str | None
    retained: bool
    case_id: str


class BlockLifted(Message, type="application.block_lifted", version=1):
    """Two officers have lifted the block of a terminated internship: the intern may take part again (R3). `months_served` so far."""

    application_id: str
    person_id: str
    region: str
    months_served: int
    case_id: str


class PlannedEndChanged(Message, type="application.planned_end_changed", version=1):
    """Unit and intern agree on another end of a running internship, or one of them proposes it (R29)."""

    application_id: str
    person_id: str
    unit_id: str
    change: Literal["proposed", "agreed", "declined"]
    planned_end: date


class DecisionRefused(Message, type="application.decision_refused", version=1):
    """An officer's decision could not be applied; audit closes or re-opens the case."""

    person_id: str
    case_id: str
    reason_code: str


class SeatsChanged(Message, type="seats.changed", version=1):
    """Places of a posting: `taken` of `headcount` (R8)."""

    posting_id: str
    headcount: int
    taken: int
    closing: bool


class SeatsDrained(Message, type="seats.drained", version=1):
    """A closing posting has no PENDING application left (R9)."""

    posting_id: str


class HeadcountRefused(Message, type="seats.headcount_refused", version=1):
    """The posting asked for fewer places than are taken; `headcount` stays in force."""

    posting_id: str
    headcount: int
    taken: int
