"""Nothing that blocks stays unattended (R29, R30), and no offer is lost to an older calendar (R6): swept by every worker replica."""

from functools import partial

from common.contracts.words import Status
from common.reference import Reference
from common.sweep import each
from common.web.command import by_the_clock

from applications.domain import attention
from applications.repository import Applications

_BATCH = 100


async def sweep(applications: Applications) -> None:
    """Ask officers about what no unit has done in time, and about offers that ran out by a calendar replaced since."""
    reference, candidacies = await applications.data.current(), applications.candidacies
    while found := await candidacies.unattended(applications.clock.now(), _BATCH):
        if not await each("attend", found, partial(_look, applications, reference)):
            break
    while found := await candidacies.expired_before(reference.calendar.version, _BATCH):
        if not await each("look_again", found, partial(_look_again, applications, reference)):
            break


async def hand_over(applications: Applications, unit_id: str) -> None:
    """What a unit that may no longer act would have to report is the officers' (R15, R29), unless the unit may act again by now."""
    unit = await applications.units.get(unit_id)
    if unit is None or unit.recognised:
        return
    after: str | None = None
    while True:
        found, after = await applications.candidacies.of_unit(unit_id, [Status.APPROVED, Status.ONBOARDED], None, after, _BATCH)
        for one in found:
            await _hand_over(applications, one.person_id, unit_id)
        if after is None:
            return


async def _hand_over(applications: Applications, person_id: str, unit_id: str) -> None:
    command = by_the_clock("ask_officer", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: attention.hand_over(candidacy, unit_id, command))


async def _look(applications: Applications, reference: Reference, place: tuple[str, str]) -> None:
    (person_id, id), command = place, by_the_clock("ask_officer", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: attention.look(candidacy, id, reference, command))


async def _look_again(applications: Applications, reference: Reference, place: tuple[str, str]) -> None:
    (person_id, id), command = place, by_the_clock("ask_officer", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: attention.look_again(candidacy, id, reference, command))
