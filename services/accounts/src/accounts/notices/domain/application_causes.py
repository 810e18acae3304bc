"""What the facts of applications tell intern and unit (R21)."""

from collections.abc import Callable
from typing import Any

from common.contracts.applications import (
    ApplicationDueChanged,
    ApplicationStatusChanged,
    BlockLifted,
    CaseAsked,
    CaseSettled,
    DiplomaChanged,
    EndCorrected,
    IntentChecked,
    IntentRecheckAsked,
    PlannedEndChanged,
    ReleaseAsked,
    TalkChanged,
)
from common.contracts.base import Message
from common.contracts.effects import effects_of
from common.contracts.words import CaseKind, Check, Diploma, EndKind, Permission, Role, Status

from accounts.notices.domain.notice import Told, facts, person, unit

_ANSWERS, _REPORTS = Permission.ANSWER_APPLICANTS, Permission.REPORT_INTERNSHIPS
UNIT_SIDE: dict[Status, tuple[Permission, ...]] = {
    **dict.fromkeys((Status.PENDING, Status.OFFERED, Status.REJECTED, Status.UNWILLING, Status.WITHDRAWN), (_ANSWERS,)),
    **dict.fromkeys((Status.WILLING, Status.APPROVED, Status.DISAPPROVED), (_ANSWERS, _REPORTS)),
    **dict.fromkeys((Status.ONBOARDED, Status.ABSENT, Status.TERMINATED), (_REPORTS,)),
}
"""Whose work in the unit a status belongs to (R24)."""
_WITH_THE_UNIT = (CaseKind.OBJECTION, CaseKind.SILENCE)
"""Questions the unit hears of. A complaint is between intern and office, lifting a block is the intern's own matter."""


def _both(message: Any, name: str, permissions: tuple[Permission, ...], about: dict[str, str]) -> tuple[Told, ...]:
    return (_intern(message, name, about), _unit(message, name, permissions, about))


def _intern(message: Any, name: str, about: dict[str, str]) -> Told:
    return Told(audience=person(message.person_id), template=f"{name}.intern", facts=about)


def _unit(message: Any, name: str, permissions: tuple[Permission, ...], about: dict[str, str]) -> Told:
    return Told(audience=unit(message.unit_id, *permissions), template=f"{name}.unit", facts=about)


def _status_changed(message: ApplicationStatusChanged) -> tuple[Told, ...]:
    """Whom the table of effects names (R28). KeyError for a change that it lacks."""
    row = effects_of(message)
    about = facts(
        application_id=message.application_id,
        posting_id=message.posting_id,
        unit_id=message.unit_id,
        region=message.region,
        reason=message.reason_code,
        scope=f"{message.to},reinstatement",
        due=message.due_at,
        start=message.start,
        end=message.end or message.planned_end,
        variant=_variant(message),
    )
    whom = {Role.INTERN: person(message.person_id), Role.UNIT: unit(message.unit_id, *UNIT_SIDE[message.to])}
    return tuple(Told(audience=whom[recipient], template=row.template(recipient), facts=about) for recipient in row.tells)


def _variant(message: ApplicationStatusChanged) -> str | None:
    """What the words depend on beside the row of the table."""
    if message.reason_code == "intern_withdrew":
        return message.reason_code
    if message.actor_role is Role.OFFICER and message.to in (Status.ABSENT, Status.TERMINATED):
        return "by_officer"
    return message.end_kind


def _due_changed(message: ApplicationDueChanged) -> tuple[Told, ...]:
    return _both(message, "application.due_changed", (_ANSWERS,), facts(application_id=message.application_id, due=message.due_at))


def _diploma_changed(message: DiplomaChanged) -> tuple[Told, ...]:
    """Delivered, the unit has to look at it; accepted or refused, the intern has to know (G13)."""
    about = facts(application_id=message.application_id, reason=message.reason_code, scope="diploma")
    if message.diploma is Diploma.DELIVERED:
        return (_unit(message, "application.diploma.delivered", (_REPORTS,), about),)
    if message.diploma in (Diploma.ACCEPTED, Diploma.REFUSED):
        return (_intern(message, f"application.diploma.{message.diploma.lower()}", about),)
    return ()


def _talk_changed(message: TalkChanged) -> tuple[Told, ...]:
    about = facts(application_id=message.application_id)
    if message.change == "invited":
        return (_intern(message, "application.talk.invited", about),)
    return (_unit(message, "application.talk.another_time_asked", (_ANSWERS,), about),)


def _release_asked(message: ReleaseAsked) -> tuple[Told, ...]:
    about = facts(application_id=message.application_id, region=message.region, variant=message.status)
    return (_unit(message, "application.release_asked", (_REPORTS,), about),)


def _case_asked(message: CaseAsked) -> tuple[Told, ...]:
    """The intern is told what the system asks. A release is told by `application.release_asked`."""
    about = facts(
        application_id=message.application_id,
        posting_id=message.posting_id,
        unit_id=message.unit_id,
        region=message.region,
        variant=message.kind,
    )
    to_unit = (_unit(message, "application.case_asked", (_REPORTS,), about),) if message.kind in _WITH_THE_UNIT else ()
    to_intern = (_intern(message, "application.case_asked", about),) if message.asked_by is Role.SYSTEM else ()
    return (*to_intern, *to_unit)


def _case_settled(message: CaseSettled) -> tuple[Told, ...]:
    """What moved on without a decision is told by the status change that moved it on, and so is the step in place of a silent unit."""
    if message.case_id is None or message.kind is CaseKind.SILENCE:
        return ()
    about = facts(application_id=message.application_id, case_id=message.case_id, matter=message.kind)
    name = "application.case_settled"
    return _both(message, name, (_REPORTS,), about) if message.kind in _WITH_THE_UNIT else (_intern(message, name, about),)


def _end_corrected(message: EndCorrected) -> tuple[Told, ...]:
    about = facts(
        application_id=message.application_id,
        posting_id=message.posting_id,
        unit_id=message.unit_id,
        region=message.region,
        end=message.end,
        reason=message.reason_code,
        scope=Status.TERMINATED,
        variant=message.end_kind if message.end_kind is EndKind.EARLY else None,
    )
    return _both(message, "application.end_corrected", (_REPORTS,), about)


def _block_lifted(message: BlockLifted) -> tuple[Told, ...]:
    about = facts(application_id=message.application_id, region=message.region, months=message.months_served)
    return (_intern(message, "application.block_lifted", about),)


def _planned_end_changed(message: PlannedEndChanged) -> tuple[Told, ...]:
    about = facts(application_id=message.application_id, end=message.planned_end)
    return _both(message, f"application.planned_end.{message.change}", (_REPORTS,), about)


def _intent_checked(message: IntentChecked) -> tuple[Told, ...]:
    if message.check not in (Check.PASSED, Check.FAILED):
        return ()
    about = facts(reason=message.reason_code, scope="unemployment", case_id=message.case_id)
    return (_intern(message, f"intent.checked.{message.check.lower()}", about),)


def _intent_recheck_asked(message: IntentRecheckAsked) -> tuple[Told, ...]:
    return (_intern(message, "intent.recheck_asked", facts(region=message.registration_region)),)


CAUSES: dict[type[Message], Callable[[Any], tuple[Told, ...]]] = {
    ApplicationStatusChanged: _status_changed,
    ApplicationDueChanged: _due_changed,
    DiplomaChanged: _diploma_changed,
    TalkChanged: _talk_changed,
    ReleaseAsked: _release_asked,
    CaseAsked: _case_asked,
    CaseSettled: _case_settled,
    EndCorrected: _end_corrected,
    BlockLifted: _block_lifted,
    PlannedEndChanged: _planned_end_changed,
    IntentChecked: _intent_checked,
    IntentRecheckAsked: _intent_recheck_asked,
}
