"""Officers' decisions about units come as facts of the cases service and are applied here (R15)."""

from datetime import date

from common.calendar import local_date
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.words import CaseKind, CaseStatus
from common.sweep import each
from common.web.command import by_the_clock, caused_by

from accounts.domain import unit as units
from accounts.handlers.answers import known
from accounts.repository import Deps


async def apply(deps: Deps, event: Event, message: CaseStatusChanged) -> None:
    """A decided recognition changes the unit, or is answered with `unit.decision_refused`. A unit that is not ours is passed over."""
    verdict = message.verdict
    if message.kind is not CaseKind.RECOGNITION or message.to is not CaseStatus.DECIDING or verdict is None:
        return
    if await deps.units.get(message.subject) is None:
        return
    now = deps.clock.now()
    until = await _recognised_until(deps, message.region, local_date(now))
    await deps.units.execute(
        message.subject,
        caused_by("decide_recognition", event.id, now),
        lambda unit: units.decide(known(unit), message.subject_version, message.case_id, verdict, message.reason_code, until),
    )


async def expire_recognitions(deps: Deps) -> None:
    """The sweep of every worker; each unit expires once."""
    today = deps.clock.today()

    async def expire(id: str) -> None:
        command = by_the_clock("expire_recognition", deps.clock.now())
        await deps.units.execute(id, command, lambda unit: units.expire(known(unit), today))

    await each("expire_recognitions", await deps.recognised_until_before(today.isoformat()), expire)


async def _recognised_until(deps: Deps, region: str, day: date) -> date:
    """The last day of a recognition decided on `day`: its anniversary after the years of the policy."""
    years = (await deps.reference.current()).policy(region, day).recognition_years
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
