"""The two phases of closing a posting (R9), swept by every worker replica until nothing waits there."""

from datetime import datetime, timedelta
from functools import partial

from common.decision import Decision
from common.sweep import each
from common.web.command import by_the_clock

from applications.domain import closing, seats
from applications.domain.seats import Seats
from applications.repository import Applications

_BATCH = 100
_WATCHED = timedelta(days=1)
"""A submission that had read "open" may land late, if its process was held up for long: closed postings are swept that much longer."""


async def sweep(applications: Applications) -> None:
    """What waits at a closing posting is withdrawn; a pass that finds nothing more there, and began late enough, says so: drained."""
    began = applications.clock.now()
    watched = await applications.seats.closing(began - _WATCHED)
    while found := await applications.candidacies.pending_at(list(watched), _BATCH):
        if not await each("withdraw", found, partial(_withdraw, applications)):
            break
    await each("drain", [posting_id for posting_id, drained in watched.items() if not drained], partial(_drain, applications, began))


async def _withdraw(applications: Applications, waiting: tuple[str, str]) -> None:
    (person_id, posting_id), command = waiting, by_the_clock("close", applications.clock.now())
    await applications.candidacies.change(person_id, command, lambda candidacy: closing.sweep(candidacy, posting_id, command))


async def _drain(applications: Applications, began: datetime, posting_id: str) -> None:
    """Late enough is twice the command limit: the flag itself may be written one limit after its instant, and a submission that
    read "open" until then lands within another.
    """

    def decide(found: Seats | None) -> Decision[Seats]:
        assert found is not None, "seats are never deleted"
        return seats.drain(found, began, 2 * applications.command_limit)

    if not await applications.candidacies.pending_at([posting_id], 1):
        await applications.seats.execute(posting_id, by_the_clock("drain", applications.clock.now()), decide)
