"""What units and offices read of people (R24): a reveal, a resume and whatever is read of a minor is noted before it leaves (R19)."""

from common.contracts.words import Role
from common.decision import Actor, Command
from common.errors import refusal
from common.refusals import NOT_FOUND
from common.store.projection import wait_for
from common.store.security_notes import Deed

from accounts.domain import access
from accounts.domain.access import Sight
from accounts.domain.person import Person
from accounts.handlers.answers import known
from accounts.handlers.identities import open_phone
from accounts.repository import Deps
from accounts.views import PersonView, PhoneReveal, ResumeView

PHONE_HIDDEN = refusal(
    "phone_hidden", 409, "手机号仅在确认通过之后、投递结束之前，或事项办理期间可以查看；此前请通过平台邀约沟通。", rule="R24"
)


async def read(deps: Deps, actor: Actor, id: str) -> PersonView:
    """`not_found` also for people the actor has nothing in common with."""
    sight = await _sight(deps, actor, id)
    person, account = known(await deps.people.get(id)), known(await deps.accounts.get(id))
    identity = person.identity
    if identity is None:
        raise NOT_FOUND()
    await _note_minor(deps, actor, person, sight)
    if sight.id_number:
        await deps.notes.note(Deed.IDENTITY_READ, actor, id, application_id=sight.application_id)
    opened = deps.sealer.open
    return PersonView(
        id=id,
        name=opened("name", identity.name_sealed) if sight.name else identity.name_masked,
        phone=account.masked_phone,
        id_number=opened("id_number", identity.number_sealed) if sight.id_number else None,
        birth_date=identity.birth_date if actor.role is Role.OFFICER else None,
        resume_versions=sorted(sight.resumes),
    )


async def reveal_phone(deps: Deps, id: str, command: Command) -> PhoneReveal:
    """The clear phone while `Sight` allows it, each time noted with the application. Refuses with `phone_hidden`."""

    async def shown() -> Sight | None:
        sight = await _look(deps, command.actor, id)
        return sight if sight and sight.phone else None

    sight = await wait_for(shown)
    if sight is None:
        await _sight(deps, command.actor, id)
        raise PHONE_HIDDEN()
    person, account = known(await deps.people.get(id)), known(await deps.accounts.get(id))
    await _note_minor(deps, command.actor, person, sight)
    await deps.notes.note(Deed.PHONE_REVEALED, command.actor, id, command=command, application_id=sight.application_id)
    return PhoneReveal(person_id=id, phone=open_phone(deps.sealer, account))


async def read_resume(deps: Deps, actor: Actor, id: str, version: int) -> ResumeView:
    """Only versions that an application in common was made with (R12)."""
    sight = await _sight(deps, actor, id)
    if version not in sight.resumes:
        raise NOT_FOUND()
    person = known(await deps.people.get(id))
    resume = await resume_version(deps, person, version)
    await _note_minor(deps, actor, person, sight)
    await deps.notes.note(Deed.RESUME_READ, actor, id, application_id=sight.application_id)
    return resume


async def resume_version(deps: Deps, person: Person, version: int) -> ResumeView:
    if not 1 <= version <= person.resume_version:
        raise NOT_FOUND()
    resume = known(await deps.resumes.get(person.resumes[version - 1]))
    return ResumeView(person_id=person.id, version=version, resume=resume)


async def _note_minor(deps: Deps, actor: Actor, person: Person, sight: Sight) -> None:
    if person.is_minor(deps.clock.today()):
        await deps.notes.note(Deed.MINOR_READ, actor, person.id, application_id=sight.application_id)


async def _look(deps: Deps, actor: Actor, id: str) -> Sight | None:
    applications = await deps.applications_of(id)
    if actor.role is Role.UNIT:
        return access.of_unit(actor, applications)
    return access.of_officer(actor, await deps.cases_about(id), applications)


async def _sight(deps: Deps, actor: Actor, id: str) -> Sight:
    sight = await wait_for(lambda: _look(deps, actor, id))
    if sight is None:
        raise NOT_FOUND()
    return sight
