"""Who sees what of a person (R24): only with an application or a case in common, and no more than that one needs."""

from collections.abc import Iterable

from common.contracts.words import CaseKind, CaseStatus, Permission, Status
from common.decision import Actor
from common.regions import is_within
from common.values import Value

_CLEAR = (Status.OFFERED, Status.WILLING, Status.APPROVED, Status.ONBOARDED)
"""From the offer until the application closes."""
OVER = (CaseStatus.DECIDED, CaseStatus.VOID)
_ANSWERS = (Permission.ANSWER_APPLICANTS, Permission.REPORT_INTERNSHIPS)


class ApplicationRelation(Value):
    """Projection of an application: who applied to whom, with which resume."""

    application_id: str
    person_id: str
    unit_id: str
    status: Status
    resume_version: int


class CaseRelation(Value):
    """Projection of a case: which office has to do with its subject (a person or a unit)."""

    kind: CaseKind
    subject: str
    region: str
    status: CaseStatus
    application_id: str | None = None


class OfficerRelations(Value):
    """The units that an officer is related to (R14)."""

    unit_ids: tuple[str, ...]


class Sight(Value):
    """What is shown in clear, and which resume versions at all. The rest is masked.

    `phone` may be revealed, by a deed of its own; `application_id` is the application that allows it, where it is one.
    """

    name: bool = False
    phone: bool = False
    id_number: bool = False
    resumes: frozenset[int] = frozenset()
    application_id: str | None = None


def of_unit(actor: Actor, applications: Iterable[ApplicationRelation]) -> Sight | None:
    """A user who answers applicants or reports internships sees the unit's own applicants; None: nothing in common."""
    own = [application for application in applications if application.unit_id == actor.unit_id]
    if not own or actor.permissions.isdisjoint(_ANSWERS):
        return None
    clear = next((application.application_id for application in own if application.status in _CLEAR), None)
    seen, resumes = clear is not None, frozenset(application.resume_version for application in own)
    return Sight(name=seen, phone=seen, resumes=resumes, application_id=clear)


def of_officer(actor: Actor, cases: Iterable[CaseRelation], applications: Iterable[ApplicationRelation]) -> Sight | None:
    """An office sees people with a case of its region: in clear while it is open, the ID number for the unemployment check only."""
    own = [case for case in cases if in_office(actor, case)]
    if not own:
        return None
    open_cases = [case for case in own if case.status not in OVER]
    open_kinds = {case.kind for case in open_cases}
    reviewed = {case.application_id for case in own}
    return Sight(
        name=bool(open_kinds),
        phone=bool(open_kinds),
        id_number=CaseKind.UNEMPLOYMENT in open_kinds,
        resumes=frozenset(application.resume_version for application in applications if application.application_id in reviewed),
        application_id=next((case.application_id for case in open_cases if case.application_id), None),
    )


def in_office(actor: Actor, case: CaseRelation) -> bool:
    """Officers of the county, its city and the province see a case (R14)."""
    return actor.region is not None and is_within(case.region, actor.region)
