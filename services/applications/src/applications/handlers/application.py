"""What the commands and reads of both parties about one application have in common."""

from collections.abc import Callable
from datetime import date

from common.contracts.words import Role
from common.decision import Actor, Command, Decision
from common.reference import Reference
from common.store.aggregate import Answer
from common.store.security_notes import Deed

from applications.domain import planned_end as planned
from applications.domain.candidacy import Candidacy
from applications.domain.refusals import UNKNOWN_APPLICATION
from applications.repository import Applications
from applications.views import ApplicationDetail, ApplicationView

Decide = Callable[[Candidacy, Reference], Decision[Candidacy]]


async def change(applications: Applications, person_id: str, id: str, command: Command, decide: Decide) -> Answer:
    """One command about one application; answers with its new state."""
    reference = await applications.reference()

    def answer(candidacy: Candidacy) -> Answer:
        application = candidacy.application(id)
        return ApplicationView.of(person_id, application, reference, command.actor, command.at).model_dump(mode="json")

    return await applications.candidacies.change(person_id, command, lambda candidacy: decide(candidacy, reference), answer)


async def plan_end(applications: Applications, person_id: str, id: str, planned_end: date, command: Command) -> Answer:
    """R29."""
    return await change(
        applications, person_id, id, command, lambda candidacy, lists: planned.propose(candidacy, id, planned_end, lists, command)
    )


async def decline_end(applications: Applications, person_id: str, id: str, command: Command) -> Answer:
    """R29."""
    return await change(applications, person_id, id, command, lambda candidacy, _: planned.decline(candidacy, id, command))


async def candidacy_of(applications: Applications, person_id: str) -> Candidacy:
    """Refuses with `unknown_application` where there is none."""
    candidacy = await applications.candidacies.get(person_id)
    if candidacy is None:
        raise UNKNOWN_APPLICATION()
    return candidacy


async def read(applications: Applications, person_id: str, id: str, reader: Actor) -> ApplicationDetail:
    """Everything about one application; that others read about a minor is noted before (R19). Refuses with `unknown_application`."""
    candidacy, history = await applications.candidacies.with_history(person_id, id)
    if candidacy is None:
        raise UNKNOWN_APPLICATION()
    if reader.role is not Role.INTERN and applications.clock.today() < candidacy.application(id).adult_on:
        await applications.notes.note(Deed.MINOR_READ, reader, person_id, application_id=id)
    return ApplicationDetail.whole(candidacy, id, history, await applications.reference(), reader, applications.clock.now())
