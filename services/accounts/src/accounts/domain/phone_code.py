"""Verification codes by short message: 6 digits, 5 minutes, 5 tries, single use; 1 a minute, 5 an hour, 10 a day (G1, R31)."""

import math
from datetime import datetime, timedelta
from enum import StrEnum

from common.decision import Decision
from common.errors import refusal
from common.ids import derived_id
from common.values import Value
from pydantic import Field

from accounts.domain import carrier

CODE_TOO_OFTEN = refusal("phone_code_too_often", 429, "验证码发送过于频繁，请在{seconds}秒后再试。", rule="R31")
CODE_WRONG = refusal("phone_code_wrong", 422, "验证码不正确或已失效，请核对短信，或重新获取验证码。", rule="R31")

DIGITS = 6
TERM = timedelta(minutes=5)
TRIES = 5


class Purpose(StrEnum):
    """What a code is good for; one asked for one purpose does not serve another."""

    REGISTRATION = "registration"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    PHONE_CHANGE = "phone_change"
    RECOVERY = "recovery"


class Code(Value):
    """`unsent` is the code itself, sealed, until its message is known to have gone out."""

    hash: str
    unsent: str | None
    expires_at: datetime
    tries_left: int = TRIES


class PhoneCodes(Value):
    """The codes of one phone: the instants of the last day's messages, and the code in force per purpose.

    `told` are those of notices to the same phone: they wait for codes, and no code waits for them (R21).
    """

    sent: tuple[datetime, ...] = ()
    told: tuple[datetime, ...] = ()
    codes: dict[Purpose, Code] = Field(default_factory=dict)


def codes_id(phone_hash: str) -> str:
    """The id of the codes of a phone, by its keyed hash."""
    return derived_id("cod", phone_hash)


def issue(state: PhoneCodes | None, purpose: Purpose, code_hash: str, sealed: str, at: datetime) -> Decision[PhoneCodes]:
    """A new code replaces the last one of its purpose. Refuses with `phone_code_too_often`."""
    state = state or PhoneCodes()
    sent = carrier.of_last_day(state.sent, at)
    wait = carrier.wait(sent, at)
    if wait > timedelta():
        raise CODE_TOO_OFTEN(seconds=math.ceil(wait.total_seconds()))
    code = Code(hash=code_hash, unsent=sealed, expires_at=at + TERM)
    return Decision(state.but(sent=(*sent, at), codes={**state.codes, purpose: code}))


def tell(state: PhoneCodes | None, at: datetime) -> Decision[PhoneCodes]:
    """One more notice goes to the phone. Raises `carrier.TooOften` when codes and notices together leave no room."""
    state = state or PhoneCodes()
    told = carrier.of_last_day(state.told, at)
    wait = carrier.wait(carrier.of_last_day((*state.sent, *told), at), at)
    if wait > timedelta():
        raise carrier.TooOften(wait)
    return Decision(state.but(told=(*told, at)))


def unsent(state: PhoneCodes | None, purpose: Purpose, at: datetime) -> str | None:
    """The code in force whose message may not have gone out, sealed."""
    code = state.codes.get(purpose) if state else None
    return code.unsent if code and code.expires_at > at else None


def note_sent(state: PhoneCodes, purpose: Purpose, sealed: str) -> Decision[PhoneCodes]:
    """A code used up or replaced meanwhile stays as it is."""
    code = state.codes.get(purpose)
    if code is None or code.unsent != sealed:
        return Decision(state)
    return Decision(state.but(codes={**state.codes, purpose: code.but(unsent=None)}))


def use(state: PhoneCodes | None, purpose: Purpose, code_hash: str, at: datetime) -> Decision[PhoneCodes]:
    """The right code is used up, a wrong one costs a try: `is_used` tells which. Refuses when there is nothing left to try."""
    code = state.codes.get(purpose) if state else None
    if state is None or code is None or code.expires_at <= at or code.tries_left == 0:
        raise CODE_WRONG()
    others = {other: kept for other, kept in state.codes.items() if other is not purpose}
    if code.hash == code_hash:
        return Decision(state.but(codes=others))
    return Decision(state.but(codes={**others, purpose: code.but(tries_left=code.tries_left - 1)}))


def is_used(state: PhoneCodes, purpose: Purpose) -> bool:
    return purpose not in state.codes
