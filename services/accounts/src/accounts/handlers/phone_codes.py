"""Verification codes: sent, and used up."""

import secrets
from collections.abc import Callable
from datetime import datetime

from common.decision import Command, Decision
from common.identity import mobile
from common.store.aggregate import Answer
from common.web.command import by_the_clock

from accounts.domain import phone_code
from accounts.domain.phone_code import CODE_WRONG, DIGITS, TERM, PhoneCodes, Purpose
from accounts.handlers.answers import known
from accounts.repository import Deps

_TEXT = "【青年就业见习】验证码{code}，{minutes}分钟内有效，请勿告诉他人。"


async def send(deps: Deps, phone: str, purpose: Purpose, command: Command) -> Answer:
    """The answer is the same whether the phone is known or not.

    The message goes out at least once: the same command again sends it again, unless it is known to have gone out.
    """
    number = mobile(phone)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    hash, sealed = _hash(deps, number, purpose, code), deps.sealer.seal("phone_code", code)
    id = _id(deps, number)
    await deps.phone_codes.execute(id, command, lambda state: phone_code.issue(state, purpose, hash, sealed, command.at))
    waiting = phone_code.unsent(await deps.phone_codes.get(id), purpose, command.at)
    if waiting:
        await _deliver(deps, number, deps.sealer.open("phone_code", waiting), command.at)
        noted = by_the_clock("note_phone_code_sent", command.at)
        await deps.phone_codes.execute(id, noted, lambda state: phone_code.note_sent(known(state), purpose, waiting))
    return {"expires_in": int(TERM.total_seconds())}


async def _deliver(deps: Deps, number: str, code: str, at: datetime) -> None:
    text = _TEXT.format(code=code, minutes=int(TERM.total_seconds()) // 60)
    await deps.sms.send(number, text, code, at)


async def use(deps: Deps, phone: str, code: str, purpose: Purpose, command: Command, *, check: Callable[[], None] = lambda: None) -> None:
    """Refuses with `phone_code_wrong`; the same command may use the same code again.

    `check` refuses what only who has proven the phone may be told; the code then still serves.
    """
    number = mobile(phone)
    hash = _hash(deps, number, purpose, code)

    def decide(state: PhoneCodes | None) -> Decision[PhoneCodes]:
        decision = phone_code.use(state, purpose, hash, command.at)
        if phone_code.is_used(decision.state, purpose):
            check()
        return decision

    outcome = await deps.phone_codes.execute(_id(deps, number), command, decide, lambda state: {"used": phone_code.is_used(state, purpose)})
    if not outcome["used"]:
        raise CODE_WRONG()


def _id(deps: Deps, number: str) -> str:
    return phone_code.codes_id(deps.sealer.digest("phone", number))


def _hash(deps: Deps, number: str, purpose: Purpose, code: str) -> str:
    return deps.sealer.digest("phone_code", f"{number}:{purpose}:{code}")
