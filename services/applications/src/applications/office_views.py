"""What officers are shown of their region (R22, R29, R32). Nobody is named."""

from datetime import date, datetime

from common.contracts.words import OFFICIAL, Role, Status
from common.decision import Actor
from common.reference import Reference
from pydantic import BaseModel

from applications.domain.allowed import allowed
from applications.domain.candidacy import Application
from applications.overview import Wanted

_OFFICER = Actor(id="office", role=Role.OFFICER)


class OfficeApplication(BaseModel):
    """One row of an office's list. `overdue`: its unit owes an answer or a report for too long (R22, R29).

    `commands` are what the officer may do in the place of the unit.
    """

    id: str
    person_id: str
    posting_id: str
    unit_id: str
    region: str
    region_name: str
    status: Status
    status_name: str
    category: str
    age_band: str
    education: str
    submitted_at: datetime
    changed_at: datetime
    due_at: datetime | None
    start: date | None
    planned_end: date | None
    end: date | None
    overdue: bool
    commands: list[str]

    @classmethod
    def of_office(cls, person_id: str, application: Application, reference: Reference, wanted: Wanted) -> "OfficeApplication":
        internship = application.internship
        may = allowed(application, _OFFICER, wanted.now)
        return cls(
            **application.model_dump(include=set(cls.model_fields) & set(Application.model_fields)),
            person_id=person_id,
            region_name=reference.regions.full_name(application.region),
            status_name=OFFICIAL[application.status],
            start=internship.start if internship else None,
            planned_end=internship.planned_end if internship else None,
            end=internship.end if internship else None,
            overdue=wanted.is_late(application),
            commands=[name for name in ("absent", "terminate") if name in may],
        )


class OfficeApplications(BaseModel):
    items: list[OfficeApplication]
    next: str | None


class StatusCount(BaseModel):
    """`all` applications in a status, and how many of them are `overdue`."""

    status: Status
    status_name: str
    all: int
    overdue: int


class OfficeCounts(BaseModel):
    as_of: datetime
    items: list[StatusCount]


class SilentUnitRow(BaseModel):
    """A unit that leaves applicants `unanswered` (R22) or internships `unreported` (R29); `since` is the oldest of them."""

    unit_id: str
    recognised: bool
    unanswered: int
    unreported: int
    since: datetime


class SilentUnits(BaseModel):
    items: list[SilentUnitRow]
    next: str | None
