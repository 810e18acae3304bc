"""What anyone may do: register, log in, stay logged in, log out, get a new password (G1, R31)."""

from typing import Annotated, Any

from common.decision import Command
from common.values import Value
from fastapi import APIRouter
from pydantic import Field

from accounts.api.parts import Parts, by
from accounts.domain.account import UnitFacts
from accounts.domain.credentials import Password, PhoneCode, Registration
from accounts.domain.phone_code import Purpose
from accounts.domain.texts import Mobile
from accounts.handlers import phone_codes, registration, sessions
from accounts.views import AccountView, PhoneCodeSent, TokenPair

router = APIRouter(prefix="/api/v1", tags=["任何人"])


class PhoneCodeWish(Value):
    phone: Mobile
    purpose: Purpose


class UnitRegistration(Registration, UnitFacts):
    """The first user and the unit; `region` is the county where the unit is, `staff_insured` the people it insures."""

    @property
    def facts(self) -> UnitFacts:
        return UnitFacts(**self.model_dump(include=set(UnitFacts.model_fields)))


class LogIn(Value):
    login: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=128, repr=False)]


class Refresh(Value):
    refresh_token: Annotated[str, Field(max_length=200, repr=False)]


class PasswordReset(Value):
    phone: Mobile
    phone_code: PhoneCode
    password: Password


@router.post("/phone-codes", summary="发送短信验证码", response_model=PhoneCodeSent)
async def send_code(deps: Parts, cmd: Annotated[Command, by("send_phone_code")], body: PhoneCodeWish) -> Any:
    return await phone_codes.send(deps, body.phone, body.purpose, cmd)


@router.post("/interns", summary="见习人员注册", status_code=201, response_model=AccountView)
async def register_intern(deps: Parts, cmd: Annotated[Command, by("register_intern")], body: Registration) -> Any:
    return await registration.register_intern(deps, body, cmd)


@router.post("/units", summary="见习单位注册", status_code=201, response_model=AccountView)
async def register_unit(deps: Parts, cmd: Annotated[Command, by("register_unit")], body: UnitRegistration) -> Any:
    return await registration.register_unit(deps, body, body.facts, cmd)


@router.post("/tokens", summary="登录")
async def log_in(deps: Parts, cmd: Annotated[Command, by("log_in")], body: LogIn) -> TokenPair:
    return await sessions.log_in(deps, body.login, body.password, cmd)


@router.post("/tokens/refresh", summary="换取新的令牌（刷新令牌只能使用一次）")
async def refresh(deps: Parts, cmd: Annotated[Command, by("refresh_tokens")], body: Refresh) -> TokenPair:
    return await sessions.refresh(deps, body.refresh_token, cmd)


@router.post("/tokens/revoke", summary="退出登录", status_code=204)
async def log_out(deps: Parts, cmd: Annotated[Command, by("log_out")], body: Refresh) -> None:
    await sessions.log_out(deps, body.refresh_token, cmd)


@router.post("/password-resets", summary="用手机验证码重置密码", response_model=AccountView)
async def reset_password(deps: Parts, cmd: Annotated[Command, by("reset_password")], body: PasswordReset) -> Any:
    return await sessions.reset_password(deps, body.phone, body.phone_code, body.password, cmd)
