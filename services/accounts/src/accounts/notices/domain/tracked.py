"""What notices know of the subjects they speak of: projections, and `remind_at`, when to look at each again for a reminder."""

from datetime import date, datetime

from common.contracts.words import CaseKind, CaseStatus, Status, UnitStatus
from common.values import Value


class TrackedApplication(Value):
    """`since` is the instant of its status; `due_at` of the step that is due now, where applications says one."""

    person_id: str
    unit_id: str
    posting_id: str
    region: str
    status: Status
    since: datetime
    due_at: datetime | None = None
    planned_end: date | None = None
    remind_at: datetime | None = None


class TrackedCase(Value):
    """`since` is the instant of its status, `due_at` ends the term that runs now. `subject` is a person, a unit or a posting."""

    kind: CaseKind
    subject: str
    application_id: str | None = None
    region: str
    status: CaseStatus
    since: datetime
    due_at: datetime | None = None
    remind_at: datetime | None = None


class TrackedUnit(Value):
    """`status` is None until its recognition has changed for the first time; `waiting` says that it has asked for a renewal."""

    name: str
    region: str
    status: UnitStatus | None = None
    recognised_until: date | None = None
    waiting: bool = False
    remind_at: datetime | None = None


class TrackedPosting(Value):
    title: str
    unit_id: str
