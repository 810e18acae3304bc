"""Log in, stay logged in, log out, a new password."""

from datetime import UTC, datetime

from common.decision import Command
from common.ids import derived_id
from common.store.aggregate import Answer
from common.store.security_notes import NOBODY, Deed
from common.tokens import ACCESS_SECONDS

from accounts.domain import account as accounts
from accounts.domain import session as sessions
from accounts.domain.account import ACCOUNT_OFF, Account
from accounts.domain.credentials import LOGIN_FAILED, check_password, login_key
from accounts.domain.phone_code import Purpose
from accounts.domain.session import REFRESH_REFUSED
from accounts.handlers import phone_codes
from accounts.handlers.answers import execute, known
from accounts.handlers.identities import PHONE_UNKNOWN, phone_hash
from accounts.repository import Deps
from accounts.views import AccountView, TokenPair


async def log_in(deps: Deps, login: str, password: str, command: Command) -> TokenPair:
    """An unknown login takes as long, and is refused in the same words, as a wrong password."""
    account = await deps.account_where("login_key", login_key(login))
    matches = await deps.passwords.verify(account.password_hash if account else None, password)
    if account is None or not matches:
        await deps.notes.note_if_possible(Deed.LOGGED_IN, command.actor, account.id if account else NOBODY, LOGIN_FAILED.code)
        raise LOGIN_FAILED()
    if not account.active:
        await deps.notes.note_if_possible(Deed.LOGGED_IN, command.actor, account.id, ACCOUNT_OFF.code)
        raise ACCOUNT_OFF()
    id = derived_id("ses", account.id, command.key)
    opened = await deps.sessions.execute(
        id,
        command,
        lambda before: sessions.open_session(before, account.id, account.epoch, _wall()),
        lambda session: {"generation": session.generation},
    )
    await deps.notes.note_if_possible(Deed.LOGGED_IN, account.actor, account.id, command=command)
    return await _pair(deps, account, id, opened["generation"])


async def refresh(deps: Deps, refresh_token: str, command: Command) -> TokenPair:
    """The next pair, with the rights of now; a token used before ends the session."""
    token = deps.tokens.read_refresh(refresh_token)
    session = await deps.sessions.get(token.session_id) if token else None
    account = await deps.accounts.get(session.account_id) if session else None
    if token is None or session is None or account is None or not account.active:
        raise REFRESH_REFUSED()
    sessions.check_open(session, account.epoch, _wall())  # a repeated command gets its answer without the rule
    rotated = await deps.sessions.execute(
        token.session_id,
        command,
        lambda session: sessions.rotate(known(session), token.generation, account.epoch, _wall()),
        lambda session: {"generation": session.generation, "revoked": session.revoked},
    )
    if rotated["revoked"]:
        await deps.notes.note_if_possible(Deed.TOKEN_REUSED, command.actor, account.id, REFRESH_REFUSED.code, command=command)
        raise REFRESH_REFUSED()
    return await _pair(deps, account, token.session_id, rotated["generation"])


async def log_out(deps: Deps, refresh_token: str, command: Command) -> None:
    """Ends the session the token belongs to; with any other token nothing happens, and nothing is told."""
    token = deps.tokens.read_refresh(refresh_token)
    session = await deps.sessions.get(token.session_id) if token else None
    if token and session:
        await deps.sessions.execute(token.session_id, command, lambda session: sessions.revoke(known(session)))
        account = known(await deps.accounts.get(session.account_id))
        await deps.notes.note_if_possible(Deed.LOGGED_OUT, account.actor, account.id, command=command)


async def reset_password(deps: Deps, phone: str, phone_code: str, password: str, command: Command) -> Answer:
    """Whoever has the phone has the account (R31); every session of it ends. Nothing is told before the phone is proven."""
    check_password(password)
    account = await deps.account_where("live_phone", phone_hash(deps.sealer, phone))

    def check() -> None:
        check_password(password, account.login if account else None)

    await phone_codes.use(deps, phone, phone_code, Purpose.PASSWORD_RESET, command, check=check)
    if account is None:
        raise PHONE_UNKNOWN()
    hashed = await deps.passwords.hash(password)
    answer = await execute(
        deps.accounts,
        deps.sealer,
        account.id,
        command,
        lambda account: accounts.with_password(known(account), hashed),
        lambda account: AccountView.of(account, deps.sealer),
    )
    await deps.notes.note_if_possible(Deed.PASSWORD_RESET, account.actor, account.id, command=command)
    return answer


async def _pair(deps: Deps, account: Account, session_id: str, generation: int) -> TokenPair:
    """An officer of an abolished region speaks for its successor (R14)."""
    if account.region:
        account = account.but(region=(await deps.reference.current()).regions.current(account.region))
    return TokenPair(
        access_token=deps.tokens.access(account),
        expires_in=ACCESS_SECONDS,
        refresh_token=deps.tokens.refresh(session_id, generation),
        actor_id=account.id,
        **account.model_dump(include={"role", "unit_id", "region", "permissions"}),
    )


def _wall() -> datetime:
    return datetime.now(UTC)
