"""Phones of accounts: whoever reads the code has the phone; one phone, one live account (R31)."""

from typing import Protocol

from common.decision import Command
from common.store.aggregate import Answer
from common.store.security_notes import Deed
from common.web.command import by_the_clock

from accounts.domain import account as accounts
from accounts.domain.account import PHONE_TAKEN
from accounts.domain.credentials import PASSWORD_WRONG
from accounts.domain.phone_code import Purpose
from accounts.handlers import phone_codes
from accounts.handlers.answers import execute, known
from accounts.handlers.identities import phone_hash, seal_phone
from accounts.repository import Deps
from accounts.views import AccountView


class PhoneProof(Protocol):
    """A phone, the code sent to it, and whether the account it may be bound to is another's."""

    @property
    def phone(self) -> str: ...
    @property
    def phone_code(self) -> str: ...
    @property
    def phone_was_anothers(self) -> bool: ...


async def prove(deps: Deps, id: str, proof: PhoneProof, purpose: Purpose, command: Command) -> None:
    """The phone is free for the account `id` from now on, and its code used up.

    Refuses with `phone_taken` while it is bound to another account and the caller does not say that it was another's; that account
    then goes on without a phone. Who proves a phone could take over that account by it, so letting go of it is the lesser power.
    """
    hash = phone_hash(deps.sealer, proof.phone)
    holder = await deps.account_where("live_phone", hash)

    def check() -> None:
        if holder and holder.id != id and not proof.phone_was_anothers:
            raise PHONE_TAKEN()

    await phone_codes.use(deps, proof.phone, proof.phone_code, purpose, command, check=check)
    await release(deps, id, hash)


async def release(deps: Deps, id: str, hash: str) -> None:
    """Take a proven phone off the account of anybody but `id`; harmless to repeat."""
    holder = await deps.account_where("live_phone", hash)
    if holder and holder.id != id:
        command = by_the_clock("release_phone", deps.clock.now())
        await deps.accounts.execute(holder.id, command, lambda account: accounts.without_phone(known(account)))
        await deps.notes.note_if_possible(Deed.PHONE_CHANGED, command.actor, holder.id)


async def change(deps: Deps, proof: PhoneProof, password: str, command: Command) -> Answer:
    """Another phone for the caller's own account: the password and a code to the new phone. Refuses with `password_wrong`."""
    id = command.actor.id
    if not await deps.passwords.verify(known(await deps.accounts.get(id)).password_hash, password):
        raise PASSWORD_WRONG()
    await prove(deps, id, proof, Purpose.PHONE_CHANGE, command)
    phone = seal_phone(deps.sealer, proof.phone)
    answer = await execute(
        deps.accounts,
        deps.sealer,
        id,
        command,
        lambda account: accounts.with_phone(known(account), phone),
        lambda account: AccountView.of(account, deps.sealer),
    )
    await deps.notes.note_if_possible(Deed.PHONE_CHANGED, command.actor, id, command=command)
    return answer
