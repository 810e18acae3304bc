"""Nothing that blocks stays unattended (R29, R30), and no offer is lost to an older calendar (R6): swept by every worker replica."""

from functools import partial

from common.contracts.envelope import Event
from common.contracts.words import Status
from common.decision import Command, Decision
from common.reference import Reference
from common.sweep import each
from common.web.command import by_the_clock, caused_by

from applications.domain import attention
from applications.domain.candidacy import Candidacy
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


async def unit_gone(applications: Applications, unit_id: str, event: Event) -> None:
    """What the unit has begun goes to an officer (R15): person by person, each once for this event."""
    after: str | None = None
    while True:
        found, after = await applications.candidacies.of_unit(unit_id, [Status.APPROVED, Status.ONBOARDED], None, after, _BATCH)
        for person_id in [candidacy.person_id for candidacy in found]:
            command = caused_by("ask_officer", event.id, applications.clock.now())
            await applications.candidacies.change(person_id, command, partial(_ask, unit_id, command))
        if after is None:
            return


def _ask(unit_id: str, command: Command, candidacy: Candidacy) -> Decision[Candidacy]:
    return attention.unit_gone(candidacy, unit_id, command)


async def _look(applications: Applications, reference: Reference, place: tuple[str, str]) -> None:
    (person_id, id), command = place, by_the_clock("ask_officer", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: attention.look(candidacy, id, reference, command))


async def _look_again(applications: Applications, reference: Reference, place: tuple[str, str]) -> None:
    (person_id, id), command = place, by_the_clock("ask_officer", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: attention.look_again(candidacy, id, reference, command))
