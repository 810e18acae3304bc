"""What officers list and export of their region (R32), what is overdue first, and the steps they take in the place of a unit (R29)."""

from common.contracts.words import Status
from common.decision import Actor, Command
from common.reasons import StatedReason
from common.refusals import FORBIDDEN, RELATED_TO_UNIT
from common.store.aggregate import Answer

from applications.domain import attention, in_place
from applications.domain.termination import Ending
from applications.handlers import application
from applications.repository import Applications
from applications.views import OfficeApplication


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
    return await application.change(
        applications,
        person_id,
        id,
        command,
        lambda candidacy, lists: in_place.terminate(candidacy, id, ending, recognised, lists, command),
    )


async def page(
    applications: Applications, officer: Actor, statuses: list[Status], unit_id: str | None, after: str | None, limit: int
) -> tuple[list[OfficeApplication], str | None]:
    """Of the officer's region: what a unit owes an answer or a report for too long, then the rest."""
    reference, now = await applications.reference(), applications.clock.now()
    region = region_of(officer)
    since = attention.unanswered_since(reference, region, now)
    found, following = await applications.candidacies.of_office(
        reference.regions.codes_of(region), statuses, unit_id, now, since, after, limit
    )
    return [OfficeApplication.of_office(person_id, one, reference, now, since) for person_id, one in found], following


def region_of(officer: Actor) -> str:
    """Refuses with `forbidden` an account without an office."""
    if officer.region is None:
        raise FORBIDDEN()
    return officer.region


async def check_unrelated(applications: Applications, officer: Actor, unit_id: str) -> None:
    """Nobody decides about a unit they declared a relation to (R14). Refuses with `related_to_unit`."""
    related = await applications.relations.get(officer.id)
    if related is not None and unit_id in related.unit_ids:
        raise RELATED_TO_UNIT()


async def _unit_of(applications: Applications, id: str, officer: Actor) -> tuple[str, bool]:
    """The person, and whether the unit is recognised and so may act itself."""
    person_id, unit_id = await applications.candidacies.parties(id)
    await check_unrelated(applications, officer, unit_id)
    unit = await applications.units.get(unit_id)
    return person_id, unit is not None and unit.recognised
