"""Logins and passwords (G1)."""

from typing import Annotated

from common.errors import refusal
from common.values import Value
from pydantic import Field, StringConstraints

from accounts.domain.texts import Mobile, Number, PersonName, RegionCode

LOGIN_TAKEN = refusal("login_taken", 409, "该登录账号已被使用，请换一个。", rule="G1")
PASSWORD_WRONG = refusal("password_wrong", 422, "密码不正确，请核对后重试；忘记密码的，可通过手机验证码重置。", rule="R31")
LOGIN_FAILED = refusal("login_failed", 401, "登录账号或密码不正确，请核对后重试；忘记密码的，可通过手机验证码重置。", rule="G1")
PASSWORD_WEAK = refusal("password_weak", 422, "密码须同时含有字母和数字，且不能与登录账号相同，请重新设置。", rule="G1")

Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.@-]{3,31}$")]
"""4-32 characters, a letter first: a phone number or an ID number is no login, since logins are stored in clear."""
Password = Annotated[str, Field(min_length=8, max_length=128, repr=False)]
PhoneCode = Annotated[str, Field(pattern=r"^[0-9]{6}$", repr=False)]


class Registration(Value):
    """What an account starts with; `phone_code` proves the phone. `phone` is checked where it is read.

    `phone_was_anothers`: the number is newly the caller's, and the account it may be bound to is not (R31).
    """

    login: Login
    password: Password
    phone: Mobile
    phone_code: PhoneCode
    phone_was_anothers: bool = False


class Recovery(Value):
    """Who has lost the account says who they are, where they will show the card, and proves a phone of their own (R31)."""

    name: Annotated[PersonName, Field(repr=False)]
    id_number: Annotated[Number, Field(repr=False)]
    region: RegionCode
    phone: Mobile
    phone_code: PhoneCode


def login_key(login: str) -> str:
    """What makes a login unique: case does not tell two apart."""
    return login.casefold()


def check_password(password: str, login: str | None = None) -> None:
    """Refuses with `password_weak`."""
    mixed = any(c.isalpha() for c in password) and any(c.isdigit() for c in password)
    if not mixed or (login is not None and login_key(password) == login_key(login)):
        raise PASSWORD_WEAK()
