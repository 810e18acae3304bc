"""Accounts that others make: users of a unit by its managers, staff by a system administrator (R24)."""

from typing import Any

from common.contracts.words import Permission, Role
from common.decision import Actor, Command, Decision
from common.ids import derived_id
from common.refusals import FORBIDDEN, NOT_FOUND
from common.store.aggregate import Answer
from common.store.mongo import Document
from common.store.security_notes import Deed

from accounts.domain import account as accounts
from accounts.domain.account import ACCOUNT_OFF, Account
from accounts.domain.credentials import Registration
from accounts.handlers import regions
from accounts.handlers.answers import execute, known
from accounts.handlers.registration import check_login, open_account, prove_phone
from accounts.handlers.units import own_unit
from accounts.repository import Deps
from accounts.views import AccountPage, AccountView

STAFF_ROLES = (Role.OFFICER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.ANALYST)


async def list_users(deps: Deps, actor: Actor, after: str | None, limit: int) -> AccountPage:
    """The unit's own, by id."""
    return await _page(deps, {"state.unit_id": own_unit(actor)}, after, limit)


async def list_staff(deps: Deps, after: str | None, limit: int) -> AccountPage:
    """All staff, by id."""
    return await _page(deps, {"state.role": {"$in": STAFF_ROLES}}, after, limit)


async def add_user(deps: Deps, form: Registration, name: str, permissions: tuple[Permission, ...], command: Command) -> Answer:
    """The new user proves the phone; the password is theirs to reset with it."""
    await _check_manages(deps, command.actor)
    id = derived_id("usr", command.actor.id, command.key)
    await prove_phone(deps, id, form, command)
    fields = user_of(deps, own_unit(command.actor), name, permissions)
    answer = await open_account(deps, id, form.login, form.password, form.phone, command, **fields)
    return await _noted(deps, id, answer, command)


def user_of(deps: Deps, unit_id: str, name: str, permissions: tuple[Permission, ...]) -> dict[str, Any]:
    """The fields of an account that speaks for a unit."""
    sealed = deps.sealer.seal("name", name)
    return {"role": Role.UNIT, "unit_id": unit_id, "name_sealed": sealed, "permissions": accounts.ordered(permissions)}


async def add_staff(deps: Deps, login: str, password: str, name: str, role: Role, region: str | None, command: Command) -> Answer:
    """Staff have no phone here: whoever loses the password is given a new account."""
    id = derived_id("stf", command.actor.id, command.key)
    await regions.office(deps, role, region)
    await check_login(deps, id, login, password)
    fields = {"role": role, "region": region, "name_sealed": deps.sealer.seal("name", name)}
    answer = await open_account(deps, id, login, password, None, command, **fields)
    return await _noted(deps, id, answer, command)


async def change_user(deps: Deps, id: str, active: bool | None, permissions: tuple[Permission, ...] | None, command: Command) -> Answer:
    """Another user of the same unit; `not_found` for all others."""
    await _check_manages(deps, command.actor)
    account = known(await deps.accounts.get(id))
    if account.unit_id != own_unit(command.actor):
        raise NOT_FOUND()
    return await _administer(deps, id, command, active=active, permissions=permissions)


async def change_staff(deps: Deps, id: str, active: bool | None, region: str | None, command: Command) -> Answer:
    """Another member of staff; `not_found` for all others."""
    account = known(await deps.accounts.get(id))
    if account.role not in STAFF_ROLES:
        raise NOT_FOUND()
    if region is not None:
        await regions.office(deps, account.role, region)
    return await _administer(deps, id, command, active=active, region=region)


async def _check_manages(deps: Deps, manager: Actor) -> None:
    """An access token outlives its rights for minutes: not to lock out whoever has taken its place.

    Since nobody changes the own account, whoever manages the users goes on doing so: a unit never locks itself out.
    """
    account = known(await deps.accounts.get(manager.id))
    if not account.active:
        raise ACCOUNT_OFF()
    if Permission.MANAGE_USERS not in account.permissions:
        raise FORBIDDEN()


async def _administer(
    deps: Deps,
    id: str,
    command: Command,
    *,
    active: bool | None,
    permissions: tuple[Permission, ...] | None = None,
    region: str | None = None,
) -> Answer:
    def decide(account: Account | None) -> Decision[Account]:
        return accounts.administer(known(account), command.actor, active=active, permissions=permissions, region=region)

    answer = await execute(deps.accounts, deps.sealer, id, command, decide, lambda account: AccountView.of(account, deps.sealer))
    return await _noted(deps, id, answer, command)


async def _noted(deps: Deps, id: str, answer: Answer, command: Command) -> Answer:
    await deps.notes.note_if_possible(Deed.RIGHTS_CHANGED, command.actor, id, command=command)
    return answer


async def _page(deps: Deps, query: Document, after: str | None, limit: int) -> AccountPage:
    found, following = await deps.accounts_page(query, after, limit)
    return AccountPage(items=[AccountView.of(account, deps.sealer) for account in found], next=following)
