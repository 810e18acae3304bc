"""What an intern does with the own profile: contact data, real name, resume (G2, R12)."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.values import Value
from common.web.command import actor
from fastapi import APIRouter
from pydantic import Field

from accounts.api.parts import Parts, by
from accounts.domain.resume import Resume
from accounts.domain.texts import Address, Email, Number, PersonName
from accounts.handlers import me
from accounts.views import Me, ResumeView

router = APIRouter(prefix="/api/v1/me", tags=["见习人员"])
Intern = Annotated[Actor, actor(Role.INTERN)]


class ContactChanges(Value):
    """What is left out stays; null takes it away."""

    email: Annotated[Email | None, Field(repr=False)] = None
    address: Annotated[Address | None, Field(repr=False)] = None


class RealName(Value):
    name: Annotated[PersonName, Field(repr=False)]
    id_number: Annotated[Number, Field(repr=False)]


@router.get("", summary="本人资料")
async def read(deps: Parts, intern: Intern) -> Me:
    return await me.read(deps, intern.id)


@router.patch("", summary="修改联系方式", response_model=Me)
async def edit(deps: Parts, cmd: Annotated[Command, by("edit_profile", Role.INTERN)], body: ContactChanges) -> Any:
    return await me.edit(deps, body.model_dump(exclude_unset=True), cmd)


@router.post("/real-name", summary="实名认证", response_model=Me)
async def verify_real_name(deps: Parts, cmd: Annotated[Command, by("verify_real_name", Role.INTERN)], body: RealName) -> Any:
    return await me.verify_real_name(deps, body.name, body.id_number, cmd)


@router.get("/resume", summary="本人简历（最新版本）")
async def read_resume(deps: Parts, intern: Intern) -> ResumeView:
    return await me.read_resume(deps, intern.id)


@router.put("/resume", summary="保存简历（内容变化时生成新版本）")
async def save_resume(deps: Parts, cmd: Annotated[Command, by("save_resume", Role.INTERN)], body: Resume) -> ResumeView:
    return await me.save_resume(deps, body, cmd)
