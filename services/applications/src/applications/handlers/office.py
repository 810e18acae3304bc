"""What officers list and export of their region (R32), what is overdue first, and the steps they take in the place of a unit (R29)."""

import asyncio
from typing import Any

from common.contracts.words import Status
from common.decision import Actor, Command
from common.reasons import StatedReason
from common.refusals import FORBIDDEN, RELATED_TO_UNIT
from common.store.aggregate import Answer

from applications import overview
from applications.domain import attention, in_place
from applications.domain.facts import UnitFacts
from applications.domain.termination import Ending
from applications.handlers import application, files
from applications.office_views import OfficeApplication, OfficeCounts, SilentUnitRow, SilentUnits, StatusCount
from applications.overview import Count, Wanted
from applications.repository import Applications


async def absent(applications: Applications, id: str, reason: StatedReason | None, command: Command) -> Answer:
    """Refuses with `related_to_unit`, and as the rule."""
    person_id, recognised = await _unit_of(applications, id, command.actor)
    return await application.change(
        applications,
        person_id,
        id,
        command,
        lambda candidacy, lists: in_place.absent(candidacy, id, reason, recognised, lists, command),
    )


async def terminate(applications: Applications, id: str, ending: Ending, command: Command) -> Answer:
    """Refuses with `related_to_unit`, and as the rule."""
    person_id, recognised = await _unit_of(applications, id, command.actor)
    await files.check(applications, person_id, ending.documents)
    return await application.change(
        applications,
        person_id,
        id,
        command,
        lambda candidacy, lists: in_place.terminate(candidacy, id, ending, recognised, lists, command),
    )


async def wanted(applications: Applications, officer: Actor, region: str | None = None, **narrowed: Any) -> Wanted:
    """Of the officer's region, or of a part of it. Refuses with `forbidden`."""
    reference, now = await applications.reference(), applications.clock.now()
    place = region or officer.region
    if officer.region is None or place is None or not reference.regions.is_within(place, officer.region):
        raise FORBIDDEN()
    since = attention.unanswered_since(reference, place, now)
    return Wanted(reference.regions.codes_of(place), now, since, **narrowed)


async def page(applications: Applications, wanted: Wanted, after: str | None, limit: int) -> tuple[list[OfficeApplication], str | None]:
    """Persons with something overdue first."""
    reference = await applications.reference()
    found, following = await overview.page(applications.candidacies, wanted, after, limit)
    return [OfficeApplication.of_office(person_id, one, reference, wanted) for person_id, one in found], following


async def counts(applications: Applications, wanted: Wanted) -> OfficeCounts:
    """Every status has its line, also one without applications."""
    found = await overview.counts(applications.candidacies, wanted)
    none = Count(0, 0)
    items = [StatusCount(status=status, status_name=status.label, **found.get(status, none)._asdict()) for status in Status]
    return OfficeCounts(as_of=wanted.now, items=items)


async def silent_units(applications: Applications, wanted: Wanted, after: str | None, limit: int) -> SilentUnits:
    """R22, R29."""
    found, following = await overview.silent_units(applications.candidacies, wanted, after, limit)
    units = await asyncio.gather(*(applications.units.get(unit.unit_id) for unit in found))
    items = [SilentUnitRow(**unit._asdict(), recognised=_recognised(facts)) for unit, facts in zip(found, units, strict=True)]
    return SilentUnits(items=items, next=following)


async def check_unrelated(applications: Applications, officer: Actor, unit_id: str) -> None:
    """Nobody decides about a unit they declared a relation to (R14). Refuses with `related_to_unit`."""
    related = await applications.relations.get(officer.id)
    if related is not None and unit_id in related.unit_ids:
        raise RELATED_TO_UNIT()


async def _unit_of(applications: Applications, id: str, officer: Actor) -> tuple[str, bool]:
    """The person, and whether the unit is recognised and so may act itself."""
    person_id, unit_id = await applications.candidacies.parties(id)
    await check_unrelated(applications, officer, unit_id)
    return person_id, _recognised(await applications.units.get(unit_id))


def _recognised(unit: UnitFacts | None) -> bool:
    return unit is not None and unit.recognised
