"""The clock of the answers, kept by every worker replica (G7, R5, R6): what two of them want at once, one of them does."""

from functools import partial

from common.reference import Reference
from common.web.command import by_the_clock

from applications.domain import deadline
from applications.handlers.batches import exhaust
from applications.repository import Applications

_BATCH = 100


async def sweep(applications: Applications) -> None:
    """Extend by a newer calendar first, so that no offer expires by an older one; then expire what is over.

    An answer given in time may be on its way to the database for one command limit: it goes before the expiry.
    """
    reference = await applications.data.current()
    candidacies, over = applications.candidacies, applications.clock.now() - applications.command_limit
    await exhaust(partial(candidacies.reckoned_before, reference.calendar.version, _BATCH), partial(_extend, applications, reference))
    await exhaust(partial(candidacies.overdue, over, _BATCH), partial(_expire, applications))


async def _extend(applications: Applications, reference: Reference, person_id: str, id: str) -> None:
    command = by_the_clock("extend", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: deadline.extend(candidacy, id, reference, command))


async def _expire(applications: Applications, person_id: str, id: str) -> None:
    command = by_the_clock("expire", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: deadline.expire(candidacy, id, command))
