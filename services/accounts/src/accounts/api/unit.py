"""What the users of a unit do for it: files, recognition (R15), users and their permissions (R24)."""

from typing import Annotated, Any

from common.contracts.words import Permission, Role
from common.decision import Actor, Command
from common.values import Value
from common.web.command import actor
from fastapi import APIRouter, File, Form, UploadFile
from pydantic import Field

from accounts.api.parts import After, Limit, Parts, by
from accounts.domain.credentials import Registration
from accounts.domain.texts import PersonName
from accounts.domain.unit import FileKind, RecognitionWish, UnitFile
from accounts.handlers import units, users
from accounts.views import AccountPage, AccountView, UnitView

router = APIRouter(prefix="/api/v1/units/me", tags=["见习单位"])
Manager = Annotated[Actor, actor(Role.UNIT, permission=Permission.MANAGE_USERS)]
Permissions = Annotated[tuple[Permission, ...], Field(max_length=len(Permission))]


def _by_manager(name: str) -> Any:
    """Who manages the users also stands for the unit where it is recognised."""
    return by(name, Role.UNIT, permission=Permission.MANAGE_USERS)


class NewUser(Registration):
    """`phone_code` went to the new user's own phone."""

    name: Annotated[PersonName, Field(repr=False)]
    permissions: Permissions


class UserChanges(Value):
    """What is left out, or null, stays."""

    active: bool | None = None
    permissions: Permissions | None = None


@router.get("", summary="本单位资料与认定状态")
async def read(deps: Parts, user: Annotated[Actor, actor(Role.UNIT)]) -> UnitView:
    return await units.read_own(deps, user)


@router.post("/documents", summary="上传材料（PDF、JPEG或PNG，10 MiB以内）", status_code=201)
async def add_file(
    deps: Parts,
    cmd: Annotated[Command, _by_manager("add_unit_file")],
    kind: Annotated[FileKind, Form()],
    file: Annotated[UploadFile, File()],
) -> UnitFile:
    return await units.add_file(deps, kind, file, cmd)


@router.post("/recognition", summary="申请认定、续期，或变更名称与统一社会信用代码", response_model=UnitView)
async def request_recognition(deps: Parts, cmd: Annotated[Command, _by_manager("request_recognition")], body: RecognitionWish) -> Any:
    return await units.request_recognition(deps, body, cmd)


@router.get("/users", summary="本单位账号")
async def list_users(deps: Parts, manager: Manager, after: After = None, limit: Limit = 50) -> AccountPage:
    return await users.list_users(deps, manager, after, limit)


@router.post("/users", summary="新增本单位账号", status_code=201, response_model=AccountView)
async def add_user(deps: Parts, cmd: Annotated[Command, _by_manager("add_unit_user")], body: NewUser) -> Any:
    return await users.add_user(deps, body, body.name, body.permissions, cmd)


@router.patch("/users/{id}", summary="停用、启用本单位账号，或调整权限", response_model=AccountView)
async def change_user(deps: Parts, id: str, cmd: Annotated[Command, _by_manager("change_unit_user")], body: UserChanges) -> Any:
    return await users.change_user(deps, id, body.active, body.permissions, cmd)
