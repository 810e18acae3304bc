"""What an intern does with their own profile: real name, contact data, resume."""

from collections.abc import Callable

from common.decision import Command, Decision
from common.identity import resident_id
from common.store.aggregate import Answer
from common.store.projection import wait_for

from accounts.domain import person as people
from accounts.domain.account import Account
from accounts.domain.person import REAL_NAME_MISMATCH, Person
from accounts.domain.resume import EDUCATION_UNKNOWN, Resume, resume_id
from accounts.handlers.answers import execute, known
from accounts.handlers.identities import seal_identity
from accounts.handlers.people import resume_version
from accounts.repository import Deps
from accounts.views import Me, ResumeView


async def read(deps: Deps, id: str) -> Me:
    return Me.of(known(await deps.accounts.get(id)), known(await deps.people.get(id)), deps.sealer)


async def edit(deps: Deps, changes: dict[str, str | None], command: Command) -> Answer:
    """`changes` of email and address; null takes it away."""
    account = known(await deps.accounts.get(command.actor.id))
    sealed = {f"{field}_sealed": value and deps.sealer.seal(field, value) for field, value in changes.items()}
    return await _execute(deps, account, command, lambda person: people.edit(known(person), sealed))


async def verify_real_name(deps: Deps, name: str, id_number: str, command: Command) -> Answer:
    """G2, R31. Refuses with the codes of `common.identity`, `real_name_mismatch`, `already_verified`, `id_number_taken`."""
    account = known(await deps.accounts.get(command.actor.id))
    resident = resident_id(id_number, deps.clock.today())
    if not await deps.register.matches(name, resident):
        raise REAL_NAME_MISMATCH()
    identity = seal_identity(deps.sealer, name, resident)
    return await _execute(deps, account, command, lambda person: people.verify(known(person), identity))


async def save_resume(deps: Deps, resume: Resume, command: Command) -> ResumeView:
    """The content first, under an id of its own, then the person names it as the newest version."""
    people.check_may_have_resume(known(await deps.people.get(command.actor.id)))
    await _check_levels(deps, resume)
    id = resume_id(command.actor.id, resume)
    await deps.resumes.execute(id, command, lambda before: Decision(before or resume))
    saved = await deps.people.execute(
        command.actor.id,
        command,
        lambda person: people.save_resume(known(person), id),
        lambda person: {"version": person.resume_version},
    )
    return ResumeView(person_id=command.actor.id, version=saved["version"], resume=resume)


async def read_resume(deps: Deps, id: str) -> ResumeView:
    """The newest version, or `not_found`."""
    person = known(await deps.people.get(id))
    return await resume_version(deps, person, person.resume_version)


async def _check_levels(deps: Deps, resume: Resume) -> None:
    levels = {entry.level for entry in resume.education}

    async def known_levels() -> bool:
        return levels <= set((await deps.reference.current()).choices.get("education", {}))

    if not await wait_for(known_levels):
        raise EDUCATION_UNKNOWN()


async def _execute(deps: Deps, account: Account, command: Command, decide: Callable[[Person | None], Decision[Person]]) -> Answer:
    return await execute(deps.people, deps.sealer, account.id, command, decide, lambda person: Me.of(account, person, deps.sealer))
