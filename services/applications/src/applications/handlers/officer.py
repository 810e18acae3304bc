"""What officers do about an application itself, beside the decisions that their cases bring."""

from common.contracts.words import Status
from common.decision import Actor, Command
from common.reasons import StatedReason
from common.store.aggregate import Answer

from applications.domain import reinstatement
from applications.domain.refusals import UNKNOWN_APPLICATION
from applications.handlers import application, office
from applications.repository import Applications
from applications.views import ApplicationDetail


async def read(applications: Applications, id: str, officer: Actor) -> ApplicationDetail:
    """One of the officer's region (R14, R20). Refuses with `unknown_application`."""
    person_id, _ = await applications.candidacies.parties(id)
    found = (await application.candidacy_of(applications, person_id)).application(id)
    regions = (await applications.reference()).regions
    if officer.region is None or not regions.is_within(found.region, officer.region):
        raise UNKNOWN_APPLICATION()
    return await application.read(applications, person_id, id, officer)


async def reinstate(applications: Applications, id: str, to: Status, reason: StatedReason, command: Command) -> Answer:
    """恢复 (R25)."""
    person_id, unit_id = await applications.candidacies.parties(id)
    await office.check_unrelated(applications, command.actor, unit_id)
    found = await application.candidacy_of(applications, person_id)
    seats = await applications.seats.get(found.application(id).posting_id)
    closing = seats is None or seats.closing
    return await application.change(
        applications,
        person_id,
        id,
        command,
        lambda candidacy, lists: reinstatement.reinstate(candidacy, id, to, reason, closing, lists, command),
    )
