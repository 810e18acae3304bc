"""The two phases of closing a posting (R9), swept by every worker replica until nothing waits there."""

from datetime import datetime, timedelta
from functools import partial

from common.decision import Decision
from common.web.command import by_the_clock

from applications.domain import closing, seats
from applications.domain.seats import Seats
from applications.handlers.batches import exhaust
from applications.repository import Applications

_BATCH = 100
_WATCHED = timedelta(days=1)
"""A submission that had read "open" may land late, if its process was held up for long: closed postings are swept that much longer."""


async def sweep(applications: Applications) -> None:
    """What waits at a closing posting is withdrawn; a pass that finds nothing more, and began late enough, says that it is drained.

    Late enough is twice the command limit: the flag itself may be written one limit after its instant, and a submission that
    read "open" until then lands within another.
    """
    began = applications.clock.now()
    watched = await applications.seats.closing(began - _WATCHED)
    if not watched:
        return
    waiting = partial(applications.candidacies.pending_at, list(watched), _BATCH)
    if not await exhaust(waiting, partial(_withdraw, applications)):
        return
    for posting_id in [posting_id for posting_id, drained in watched.items() if not drained]:
        command = by_the_clock("drain", applications.clock.now())
        await applications.seats.execute(posting_id, command, partial(_drain, began=began, margin=2 * applications.command_limit))


async def _withdraw(applications: Applications, person_id: str, posting_id: str) -> None:
    command = by_the_clock("close", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: closing.sweep(candidacy, posting_id, command))


def _drain(found: Seats | None, began: datetime, margin: timedelta) -> Decision[Seats]:
    assert found is not None, "seats are never deleted"
    return seats.drain(found, began, margin)
