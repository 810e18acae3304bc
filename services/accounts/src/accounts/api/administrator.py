"""What a system administrator does with the accounts of staff."""

from typing import Annotated, Any, Literal

from common.contracts.words import Role
from common.decision import Actor, Command
from common.values import Value
from common.web.command import actor
from fastapi import APIRouter
from pydantic import Field

from accounts.api.parts import After, Limit, Parts, by
from accounts.domain.credentials import Login, Password
from accounts.domain.texts import PersonName, RegionCode
from accounts.handlers import users
from accounts.views import AccountPage, AccountView

router = APIRouter(prefix="/api/v1/staff", tags=["系统管理员"])
Administrator = Annotated[Actor, actor(Role.SYSTEM_ADMIN)]


class NewStaff(Value):
    """`region` is the office of an officer or an analyst; administrators have none. The role is for good."""

    login: Login
    password: Password
    name: Annotated[PersonName, Field(repr=False)]
    role: Literal[Role.OFFICER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.ANALYST]
    region: RegionCode | None = None


class StaffChanges(Value):
    """What is left out, or null, stays."""

    active: bool | None = None
    region: RegionCode | None = None


@router.get("", summary="工作人员账号")
async def list_staff(deps: Parts, administrator: Administrator, after: After = None, limit: Limit = 50) -> AccountPage:
    return await users.list_staff(deps, after, limit)


@router.post("", summary="新增工作人员账号", status_code=201, response_model=AccountView)
async def add_staff(deps: Parts, cmd: Annotated[Command, by("add_staff", Role.SYSTEM_ADMIN)], body: NewStaff) -> Any:
    return await users.add_staff(deps, body.login, body.password, body.name, body.role, body.region, cmd)


@router.patch("/{id}", summary="停用、启用工作人员账号，或调整地区", response_model=AccountView)
async def change_staff(deps: Parts, id: str, cmd: Annotated[Command, by("change_staff", Role.SYSTEM_ADMIN)], body: StaffChanges) -> Any:
    return await users.change_staff(deps, id, body.active, body.region, cmd)
