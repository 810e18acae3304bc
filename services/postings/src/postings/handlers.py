"""The story of each command: load the facts, let the rule decide, save."""

from collections.abc import Callable
from functools import partial

from common.calendar import local_date
from common.contracts.cases import CaseStatusChanged
from common.decision import Command, Decision
from common.ids import derived_id
from common.refusals import FORBIDDEN, NOT_FOUND
from common.store.aggregate import Answer
from common.sweep import each
from common.values import Value
from common.web.command import by_the_clock

from postings.domain import availability, declare, places, review
from postings.domain.facts import UnitFacts
from postings.domain.posting import Posting, PostingContent
from postings.domain.status import STEADY
from postings.repository import Postings
from postings.views import FullPosting


async def draft(postings: Postings, command: Command, content: PostingContent) -> Answer:
    """The same key makes the same posting."""
    unit_id = own_unit(command)
    id = derived_id("pst", command.actor.id, command.key)
    answer = await _answer(postings, id, command)
    return await postings.store.execute(id, command, lambda posting: declare.draft(posting, id, unit_id, content, command), answer)


async def change(postings: Postings, id: str, command: Command, changes: Value) -> Answer:
    """A draft is revised; a published posting is adjusted."""
    unit_id = own_unit(command)
    around = await postings.around(id, unit_id, await postings.units.get(unit_id))

    def decide(posting: Posting) -> Decision[Posting]:
        content = posting.content.but(**{name: getattr(changes, name) for name in changes.model_dump(exclude_none=True)})
        if posting.status in STEADY["revise"]:
            return declare.revise(posting, content, command)
        return places.adjust(posting, content, around, command)

    return await _execute(postings, id, command, decide)


async def submit(postings: Postings, id: str, command: Command) -> Answer:
    unit_id = own_unit(command)
    around = await postings.around(id, unit_id, await postings.recognised(unit_id))
    return await _execute(postings, id, command, lambda posting: declare.submit(posting, around, command))


async def pause(postings: Postings, id: str, command: Command) -> Answer:
    return await _execute(postings, id, command, lambda posting: availability.pause(posting, command))


async def resume(postings: Postings, id: str, command: Command) -> Answer:
    unit = await postings.recognised(own_unit(command))
    return await _execute(postings, id, command, lambda posting: availability.resume(posting, unit, command))


async def close(postings: Postings, id: str, command: Command) -> Answer:
    return await _execute(postings, id, command, lambda posting: availability.close(posting, command))


async def decide(postings: Postings, case: CaseStatusChanged, command: Command) -> None:
    """Apply an officer's decision."""
    posting = await postings.store.get(case.subject)
    unit = await postings.units.get(posting.unit_id) if posting else None
    await apply(postings, case.subject, command, lambda posting: review.decide(posting, case, unit, command))


async def correct(postings: Postings, id: str, command: Command) -> None:
    """Applications refused the headcount."""
    posting = await postings.store.get(id)
    if posting is not None:
        around = await postings.around(id, posting.unit_id, await postings.units.get(posting.unit_id))
        await apply(postings, id, command, lambda posting: places.correct(posting, around, command))


async def follow_unit(postings: Postings, unit_id: str, unit: UnitFacts) -> None:
    """Bring the unit's postings into line with its recognition (R15)."""
    for id in await postings.open_of([unit_id]):
        await _follow_unit(postings, id, unit)


async def follow_units(postings: Postings) -> None:
    """Every replica sweeps: a posting published or resumed in the moment its unit was suspended is found here."""
    units = await postings.units_to_follow()
    unit_of = await postings.open_of(list(units))
    await each("follow_units", unit_of, lambda id: _follow_unit(postings, id, units[unit_of[id]]))


async def apply(postings: Postings, id: str, command: Command, decide: Callable[[Posting], Decision[Posting]]) -> None:
    """What a fact does to a posting; one that is not ours is passed over."""
    if await postings.store.get(id) is not None:
        await postings.store.execute(id, command, lambda posting: decide(_known(posting)))


async def owned(postings: Postings, id: str, unit_id: str | None) -> Posting:
    """The posting of this unit, or `not_found`."""
    posting = _known(await postings.store.get(id))
    if posting.unit_id != unit_id:
        raise NOT_FOUND()
    return posting


def own_unit(command: Command) -> str:
    if command.actor.unit_id is None:
        raise FORBIDDEN()
    return command.actor.unit_id


async def _follow_unit(postings: Postings, id: str, unit: UnitFacts) -> None:
    command = by_the_clock("follow_unit", postings.clock.now())
    await apply(postings, id, command, partial(availability.follow_unit, unit=unit, command=command))


async def _execute(postings: Postings, id: str, command: Command, decide: Callable[[Posting], Decision[Posting]]) -> Answer:
    """A command of the unit that the posting belongs to."""
    await owned(postings, id, command.actor.unit_id)
    return await postings.store.execute(id, command, lambda posting: decide(_known(posting)), await _answer(postings, id, command))


async def _answer(postings: Postings, id: str, command: Command) -> Callable[[Posting], Answer]:
    """Every command answers with the new state."""
    seats, reference, today = await postings.seats.get(id), await postings.reference.current(), local_date(command.at)
    return lambda posting: FullPosting.whole(posting, seats, reference, today).model_dump(mode="json")


def _known(posting: Posting | None) -> Posting:
    if posting is None:
        raise NOT_FOUND()
    return posting
