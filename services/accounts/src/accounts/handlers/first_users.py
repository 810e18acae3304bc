"""An office issues the first user of a unit again (R15): when nobody has the account any more, or somebody has who should not."""

from functools import partial

from common.decision import SYSTEM, Command
from common.ids import derived_id
from common.store.aggregate import Answer
from common.store.security_notes import Deed
from common.sweep import each
from common.web.command import by_the_clock

from accounts.domain import account as accounts
from accounts.domain.account import EVERYTHING
from accounts.domain.credentials import Registration
from accounts.handlers import units
from accounts.handlers.answers import known
from accounts.handlers.registration import open_account, prove_phone
from accounts.handlers.users import user_of
from accounts.repository import Deps


async def issue(deps: Deps, unit_id: str, form: Registration, name: str, command: Command) -> Answer:
    """The new user may do everything, also switch earlier users on again: all of them are switched off.

    The new account says that this is due until it is done, so a repeat or a worker's sweep completes what a crash left.
    """
    await units.read(deps, command.actor, unit_id)
    id = derived_id("usr", command.actor.id, command.key)
    await prove_phone(deps, id, form, command)
    fields = user_of(deps, unit_id, name, EVERYTHING)
    answer = await open_account(deps, id, form.login, form.password, form.phone, command, **fields, succeeds=True)
    await succeed(deps, id)
    await deps.notes.note_if_possible(Deed.RIGHTS_CHANGED, command.actor, id, command=command)
    return answer


async def succeed(deps: Deps, id: str) -> None:
    """Switch the earlier users of the account's unit off; harmless to repeat."""
    account = known(await deps.accounts.get(id))
    command = by_the_clock("succeed_earlier_users", deps.clock.now())
    if account.succeeds:
        for earlier in await deps.users_before(account):
            await deps.accounts.execute(earlier, command, lambda account: accounts.administer(known(account), SYSTEM, active=False))
        await deps.accounts.execute(id, command, lambda account: accounts.has_succeeded(known(account)))


async def succeed_all(deps: Deps) -> None:
    """The sweep of every worker."""
    await each("succeed_earlier_users", await deps.successors(), partial(succeed, deps))
