"""Interns and units register (G1, R15): first the account, then its person or unit.

The account says that its profile is due until that is made, so whoever comes by (the same call, a repeat of it, a
worker's sweep) completes what a crash left.
"""

from functools import partial
from typing import Any

from common.contracts.words import Role
from common.decision import Command
from common.identity import uscc
from common.ids import derived_id
from common.store.aggregate import Answer
from common.sweep import each

from accounts.domain import account as accounts
from accounts.domain import person, unit
from accounts.domain.account import EVERYTHING, USCC_TAKEN, Account, UnitFacts
from accounts.domain.credentials import LOGIN_TAKEN, Registration, check_password, login_key
from accounts.domain.phone_code import Purpose
from accounts.handlers import phones
from accounts.handlers.answers import execute, known
from accounts.handlers.identities import seal_phone
from accounts.handlers.regions import county
from accounts.repository import Deps
from accounts.views import AccountView


async def register_intern(deps: Deps, form: Registration, command: Command) -> Answer:
    id = derived_id("per", command.actor.id, command.key)
    await prove_phone(deps, id, form, command)
    return await open_account(deps, id, form.login, form.password, form.phone, command, role=Role.INTERN, profile_due=True)


async def register_unit(deps: Deps, form: Registration, facts: UnitFacts, command: Command) -> Answer:
    """The account is the unit's first user and may do everything (R24)."""
    id = derived_id("usr", command.actor.id, command.key)
    await county(deps, facts.region)
    sound = facts.but(uscc=uscc(facts.uscc))
    if _another(await deps.account_where("founds.uscc", sound.uscc), id):
        raise USCC_TAKEN()
    await prove_phone(deps, id, form, command)
    fields = {"role": Role.UNIT, "unit_id": derived_id("unt", id), "permissions": EVERYTHING, "founds": sound, "profile_due": True}
    return await open_account(deps, id, form.login, form.password, form.phone, command, **fields)


async def prove_phone(deps: Deps, id: str, form: Registration, command: Command) -> None:
    """Refuse what can be refused before the code is used up, then use it up."""
    await check_login(deps, id, form.login, form.password)
    await phones.prove(deps, id, form, Purpose.REGISTRATION, command)


async def check_login(deps: Deps, id: str, login: str, password: str) -> None:
    """Refuses with `password_weak`, `login_taken`."""
    check_password(password, login)
    if _another(await deps.account_where("login_key", login_key(login)), id):
        raise LOGIN_TAKEN()


async def open_account(deps: Deps, id: str, login: str, password: str, phone: str | None, command: Command, **fields: Any) -> Answer:
    """A new account, and what is due with it. Refuses with `login_taken`, `phone_taken`, `uscc_taken`."""
    sealed = seal_phone(deps.sealer, phone) if phone else None
    fresh = Account(
        id=id,
        login=login,
        login_key=login_key(login),
        password_hash=await deps.passwords.hash(password),
        phone=sealed,
        live_phone=sealed.hash if sealed else None,
        registered_at=command.at,
        **fields,
    )
    answer = await execute(
        deps.accounts,
        deps.sealer,
        id,
        command,
        lambda before: accounts.create(before, fresh),
        lambda made: AccountView.of(made, deps.sealer),
    )
    if fresh.profile_due:
        await complete_profile(deps, id)
    return answer


async def complete_profile(deps: Deps, id: str) -> None:
    """Make the person or unit of an account; harmless to repeat."""
    account = await deps.accounts.get(id)
    if account is None or not account.profile_due:
        return
    command = Command("complete_profile", account.actor, f"profile:{id}", deps.clock.now())
    if account.founds and account.unit_id:
        unit_id, facts = account.unit_id, account.founds
        await deps.units.execute(unit_id, command, lambda before: unit.register(before, unit_id, facts))
    else:
        await deps.people.execute(id, command, lambda before: person.register(before, id))
    await deps.accounts.execute(id, command, lambda account: accounts.profile_made(known(account)))


async def complete_profiles(deps: Deps) -> None:
    """The sweep of every worker."""
    await each("complete_profiles", await deps.without_profile(), partial(complete_profile, deps))


def _another(found: Account | None, id: str) -> bool:
    return found is not None and found.id != id
