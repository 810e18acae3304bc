"""The clock of the answers, kept by every worker replica (G7, R5, R6): what two of them want at once, one of them does."""

from functools import partial

from common.reference import Reference
from common.sweep import each
from common.web.command import by_the_clock

from applications.candidacies import Offer
from applications.domain import deadline
from applications.repository import Applications

_BATCH = 100


async def sweep(applications: Applications) -> None:
    """Extend by a newer calendar first, so that no offer expires by an older one; then expire what is over.

    An answer given in time may be on its way to the database for one command limit: it goes before the expiry.
    """
    reference = await applications.data.current()
    candidacies, over = applications.candidacies, applications.clock.now() - applications.command_limit
    while found := await candidacies.reckoned_before(reference.calendar.version, _BATCH):
        if not await each("extend", found, partial(_extend, applications, reference)):
            break
    while found := await candidacies.overdue(over, _BATCH):
        if not await each("expire", found, partial(_expire, applications, reference), late=partial(_late, applications)):
            break


def _late(applications: Applications, offer: Offer) -> float:
    return (applications.clock.now() - applications.command_limit - offer.due_at).total_seconds()


async def _extend(applications: Applications, reference: Reference, offer: Offer) -> None:
    command = by_the_clock("extend", applications.clock.now())
    await applications.candidacies.change(
        offer.person_id, command, lambda candidacy: deadline.extend(candidacy, offer.id, reference, command)
    )


async def _expire(applications: Applications, reference: Reference, offer: Offer) -> None:
    command = by_the_clock("expire", applications.clock.now())
    await applications.candidacies.change(
        offer.person_id, command, lambda candidacy: deadline.expire(candidacy, offer.id, reference, command)
    )
