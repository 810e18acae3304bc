"""Who is reminded of what, and when (R21, R22, R29): each subject's reminders follow from its state, the policy and the calendar.

Reminders come on the morning of a day in Asia/Shanghai. A clock that has jumped past several sends the newest alone, and none
after its term.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from common.calendar import ONE_DAY, SHANGHAI, Calendar, local_date, midnight
from common.contracts.words import CaseStatus, Permission, Status, UnitStatus
from common.reference import Reference
from common.values import Value

from accounts.notices.domain.notice import Audience, Told, facts, office, party, person, unit
from accounts.notices.domain.tracked import TrackedApplication, TrackedCase, TrackedUnit

_MORNING = time(8)
_REPORTS, _ANSWERS, _MANAGERS = Permission.REPORT_INTERNSHIPS, Permission.ANSWER_APPLICANTS, Permission.MANAGE_USERS


class Reminder(Value):
    """What is told under `cause`, once, from `at` on. The cause names the term, so that a term moved to later is another one."""

    cause: str
    at: datetime
    told: Told

    def fits(self, now: datetime) -> bool:
        return self.at <= now and (self.told.until is None or now < self.told.until)


def morning(day: date) -> datetime:
    """08:00 in Shanghai, in UTC."""
    return datetime.combine(day, _MORNING, SHANGHAI).astimezone(midnight(day).tzinfo)


def mornings_before(due: datetime, working_days: Iterable[int], calendar: Calendar) -> dict[int, datetime]:
    """For each number of working days the morning of that working day before the last day of a term; zero is the last day itself."""
    last = local_date(due - timedelta(microseconds=1))
    return {count: morning(calendar.add_working_days(last, -count)) for count in sorted(set(working_days), reverse=True)}


def of_application(id: str, application: TrackedApplication, reference: Reference) -> list[Reminder]:
    """Of the step that its status waits for: the intern's answer, the unit's answer, the reports of onboarding and end."""
    match application.status:
        case Status.OFFERED:
            return _answer(id, application, reference)
        case Status.PENDING:
            return _unit_answer(application, reference)
        case Status.APPROVED:
            return _report("onboard_report", id, application, reference)
        case Status.ONBOARDED if application.planned_end:
            return _report("end_report", id, application, reference)
    return []


def of_case(id: str, case: TrackedCase, reference: Reference) -> list[Reminder]:
    """The office whose term for a case has passed, once a day for all of them (R29); the party who is to supplement something (R10)."""
    if case.due_at is None:
        return []
    if case.status is CaseStatus.RETURNED:
        return _supplement(id, case, case.due_at, reference)
    if case.status not in (CaseStatus.OPEN, CaseStatus.CLAIMED):
        return []
    at = morning(local_date(case.due_at))
    return [_daily("review_overdue", at, office(case.region), "office", facts(region=case.region, due=case.due_at))]


def of_unit(id: str, known: TrackedUnit, reference: Reference) -> list[Reminder]:
    """The managers of a unit whose recognition ends soon, unless a renewal waits already (R15)."""
    until = known.recognised_until
    if known.status is not UnitStatus.RECOGNISED or until is None or known.waiting:
        return []
    days = reference.policy(known.region, until).recognition_reminder_days
    about = {days_left: facts(unit_id=id, region=known.region, end=until, days=days_left) for days_left in days}
    return [
        Reminder(
            cause=f"reminder:recognition_expiring:{id}:{until}:{days_left}",
            at=morning(until - days_left * ONE_DAY),
            told=_told("recognition_expiring", unit(id, _MANAGERS), "unit", about[days_left], midnight(until + ONE_DAY)),
        )
        for days_left in days
    ]


def newest(reminders: Iterable[Reminder], now: datetime) -> list[Reminder]:
    """Those to be sent now: of all that fit the ones of the latest instant."""
    fitting = [reminder for reminder in reminders if reminder.fits(now)]
    latest = max((reminder.at for reminder in fitting), default=None)
    return [reminder for reminder in fitting if reminder.at == latest]


def next_after(reminders: Iterable[Reminder], now: datetime) -> datetime | None:
    """When to look again."""
    return min((reminder.at for reminder in reminders if reminder.at > now), default=None)


def _answer(id: str, application: TrackedApplication, reference: Reference) -> list[Reminder]:
    """3, 1 and 0 working days (policy) before the answer is due, by the calendar of today; none before the offer itself."""
    due = application.due_at
    if due is None:
        return []
    policy = reference.policy(application.region, local_date(application.since))
    days = mornings_before(due, policy.reminder_working_days, reference.calendar)
    return [
        Reminder(
            cause=f"reminder:answer_due:{id}:{due.isoformat()}:{count}",
            at=at,
            told=_told("answer_due", person(application.person_id), "intern", _about(id, application, due, count), due),
        )
        for count, at in days.items()
        if at > application.since
    ]


def _supplement(id: str, case: TrackedCase, due: datetime, reference: Reference) -> list[Reminder]:
    whom, side = party(case.kind, case.subject)
    policy = reference.policy(case.region, local_date(case.since))
    about = facts(case_id=id, application_id=case.application_id, region=case.region, matter=case.kind, due=due, case_status=case.status)
    return [
        Reminder(cause=f"reminder:supplement:{id}:{due.isoformat()}:{count}", at=at, told=_told("supplement", whom, side, about, due))
        for count, at in mornings_before(due, policy.reminder_working_days, reference.calendar).items()
        if at > case.since
    ]


def _unit_answer(application: TrackedApplication, reference: Reference) -> list[Reminder]:
    """Once an applicant has waited too long, once a day for all applicants of a unit (R22)."""
    days = reference.policy(application.region, local_date(application.since)).unit_answer_working_days
    at = morning(local_date(reference.calendar.due_instant(application.since, days)))
    about = facts(unit_id=application.unit_id, region=application.region, days=days)
    return [_daily("unit_answer", at, unit(application.unit_id, _ANSWERS), "unit", about)]


def _report(name: str, id: str, application: TrackedApplication, reference: Reference) -> list[Reminder]:
    """The unit as its report falls due, once a day for all of them; the intern on the last day (R29)."""
    due = application.due_at or _report_due(application, reference)
    policy = reference.policy(application.region, local_date(application.since))
    days = mornings_before(due, policy.reminder_working_days, reference.calendar)
    about = facts(unit_id=application.unit_id, region=application.region, due=due)
    reminders = [
        _daily(name, at, unit(application.unit_id, _REPORTS), "unit", about, due) for at in days.values() if at > application.since
    ]
    for count, at in days.items():
        if count == min(days) and at > application.since:
            told = _told(name, person(application.person_id), "intern", _about(id, application, due, count), due)
            reminders.append(Reminder(cause=f"reminder:{name}:{id}:{due.isoformat()}:{count}", at=at, told=told))
    return reminders


def _report_due(application: TrackedApplication, reference: Reference) -> datetime:
    """By the policy of the day of the status, where applications has not said when."""
    policy = reference.policy(application.region, local_date(application.since))
    if application.planned_end:
        return reference.calendar.due_instant(midnight(application.planned_end), policy.end_report_working_days)
    return reference.calendar.due_instant(application.since, policy.onboard_report_working_days)


def _about(id: str, application: TrackedApplication, due: datetime, count: int) -> dict[str, str]:
    return facts(
        application_id=id,
        posting_id=application.posting_id,
        unit_id=application.unit_id,
        region=application.region,
        due=due,
        days=count,
        status=application.status,
        variant="last_day" if count == 0 else None,
    )


def _told(name: str, audience: Audience, side: str, about: dict[str, str], until: datetime | None) -> Told:
    return Told(audience=audience, template=f"reminder.{name}.{side}", facts=about, until=until)


def _daily(name: str, at: datetime, audience: Audience, side: str, about: dict[str, str], until: datetime | None = None) -> Reminder:
    """One a day for everything of the kind: its cause names the day and not the subject."""
    return Reminder(cause=f"reminder:{name}:{audience.id}:{local_date(at)}", at=at, told=_told(name, audience, side, about, until))
