"""What units and offices read of people (R24)."""

from common.contracts.words import Role
from common.decision import Actor
from common.refusals import NOT_FOUND
from common.store.projection import wait_for

from accounts.domain import access
from accounts.domain.access import Sight
from accounts.domain.person import Person
from accounts.handlers.answers import known
from accounts.handlers.identities import open_phone
from accounts.repository import Deps
from accounts.views import PersonView, ResumeView


async def read(deps: Deps, actor: Actor, id: str) -> PersonView:
    """`not_found` also for people the actor has nothing in common with."""
    sight = await _sight(deps, actor, id)
    person, account = known(await deps.people.get(id)), known(await deps.accounts.get(id))
    identity = person.identity
    if identity is None:
        raise NOT_FOUND()
    opened = deps.sealer.open
    return PersonView(
        id=id,
        name=opened("name", identity.name_sealed) if sight.name else identity.name_masked,
        phone=open_phone(deps.sealer, account) if sight.phone else account.masked_phone,
        id_number=opened("id_number", identity.number_sealed) if sight.id_number else None,
        birth_date=identity.birth_date if actor.role is Role.OFFICER else None,
        resume_versions=sorted(sight.resumes),
    )


async def read_resume(deps: Deps, actor: Actor, id: str, version: int) -> ResumeView:
    """Only versions that an application in common was made with (R12)."""
    sight = await _sight(deps, actor, id)
    if version not in sight.resumes:
        raise NOT_FOUND()
    return await resume_version(deps, known(await deps.people.get(id)), version)


async def resume_version(deps: Deps, person: Person, version: int) -> ResumeView:
    if not 1 <= version <= person.resume_version:
        raise NOT_FOUND()
    resume = known(await deps.resumes.get(person.resumes[version - 1]))
    return ResumeView(person_id=person.id, version=version, resume=resume)


async def _sight(deps: Deps, actor: Actor, id: str) -> Sight:
    async def look() -> Sight | None:
        applications = await deps.applications_of(id)
        if actor.role is Role.UNIT:
            return access.of_unit(actor, applications)
        return access.of_officer(actor, await deps.cases_about(id), applications)

    sight = await wait_for(look)
    if sight is None:
        raise NOT_FOUND()
    return sight
