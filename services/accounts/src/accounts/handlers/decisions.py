"""Officers' decisions about units and people come as facts of the cases service and are applied here (R15, R31)."""

from datetime import date

from common.calendar import local_date
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.words import CaseKind, CaseStatus, Verdict
from common.decision import Command
from common.errors import Refusal
from common.sweep import each
from common.web.command import by_the_clock, caused_by

from accounts.domain import account as accounts
from accounts.domain import unit as units
from accounts.domain.account import USCC_TAKEN
from accounts.handlers import reviews
from accounts.handlers.answers import known
from accounts.repository import Deps


async def apply(deps: Deps, event: Event, message: CaseStatusChanged) -> None:
    """A decided recognition changes the unit, or is answered with `unit.decision_refused`. A unit that is not ours is passed over."""
    verdict = message.verdict
    if message.to is not CaseStatus.DECIDING or verdict is None:
        return
    if message.kind is CaseKind.IDENTITY:
        await reviews.apply(deps, event, message, verdict)
    if message.kind is not CaseKind.RECOGNITION:
        return
    unit = await deps.units.get(message.subject)
    if unit is None:
        return
    command = caused_by("decide_recognition", event.id, deps.clock.now())
    until = await _recognised_until(deps, message.region, local_date(command.at))
    code = units.new_uscc(unit, message.subject_version) if verdict is Verdict.APPROVE else None
    taken = code is not None and not await _take_code(deps, unit.id, code, command)
    await deps.units.execute(
        unit.id,
        command,
        lambda unit: units.decide(
            known(unit), message.subject_version, message.case_id, verdict, message.reason_code, until, uscc_taken=taken
        ),
    )


async def _take_code(deps: Deps, unit_id: str, uscc: str, command: Command) -> bool:
    """Whether the credit code is the unit's from now on: the account it was registered with holds it against all others."""
    founder = await deps.founder_of(unit_id)
    try:
        await deps.accounts.execute(founder.id, command, lambda account: accounts.with_uscc(known(account), uscc))
    except Refusal as refused:
        if refused.kind is not USCC_TAKEN:
            raise
        return False
    return True


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
