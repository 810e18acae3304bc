"""Who somebody is, looked at by an officer (R31): the person's side, the door for who has lost the account, the officer's side."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.values import Value
from common.web.command import actor
from common.web.download import download
from fastapi import APIRouter, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from accounts.api.intern import RealName
from accounts.api.parts import Parts, by
from accounts.domain.credentials import Password, PhoneCode, Recovery
from accounts.domain.texts import Mobile, RegionCode
from accounts.handlers import phones, reviews
from accounts.views import AccountView, ClaimedIdentity, Me, ReviewView

router = APIRouter(prefix="/api/v1", tags=["身份核验与找回"])
Intern = Annotated[Actor, actor(Role.INTERN)]


class ReviewWish(RealName):
    """As on the card; `region` is the county whose office is to look at it."""

    region: RegionCode
    documents: Annotated[tuple[str, ...], Field(min_length=1, max_length=10)]


class PhoneChange(Value):
    """`phone_was_anothers`: the number is newly the caller's, and the account it may be bound to is not."""

    phone: Mobile
    phone_code: PhoneCode
    password: Password
    phone_was_anothers: bool = False


class IdentityFile(BaseModel):
    id: str


class RecoveryAsked(BaseModel):
    """The same whether there is such a person."""

    next: str = "如信息与平台登记一致，请尽快携带身份证原件到所选县级人社部门核验；核验通过后，用新手机号重置密码登录。"


@router.put("/me/phone", summary="更换手机号", response_model=AccountView)
async def change_phone(
    deps: Parts, cmd: Annotated[Command, by("change_phone", Role.INTERN, Role.UNIT, Role.OFFICER)], body: PhoneChange
) -> Any:
    return await phones.change(deps, body, body.password, cmd)


@router.get("/me/identity-review", summary="本人身份核验的进展")
async def read_own(deps: Parts, intern: Intern) -> ReviewView:
    return await reviews.read_own(deps, intern.id)


@router.post("/me/identity-review/documents", summary="上传身份证明", status_code=201)
async def add_file(deps: Parts, cmd: Annotated[Command, by("add_identity_file", Role.INTERN)], file: UploadFile) -> IdentityFile:
    return IdentityFile(id=(await reviews.add_file(deps, file, cmd)).id)


@router.post("/me/identity-review", summary="申请人工核验身份或变更姓名", response_model=Me)
async def ask(deps: Parts, cmd: Annotated[Command, by("ask_identity_review", Role.INTERN)], body: ReviewWish) -> Any:
    return await reviews.ask(deps, body.name, body.id_number, body.region, body.documents, cmd)


@router.post("/me/identity-review/withdraw", summary="撤回身份核验申请", response_model=Me)
async def withdraw(deps: Parts, cmd: Annotated[Command, by("withdraw_identity_review", Role.INTERN)]) -> Any:
    return await reviews.withdraw(deps, cmd)


@router.post("/recoveries", summary="找回账号（手机号已停用或账号被他人占用）", status_code=202)
async def recover(deps: Parts, cmd: Annotated[Command, by("ask_recovery")], body: Recovery) -> RecoveryAsked:
    await reviews.recover(deps, body, cmd)
    return RecoveryAsked()


@router.get("/people/{id}/identity-review", summary="待核验的身份信息（查看留痕）")
async def read(deps: Parts, officer: Annotated[Actor, actor(Role.OFFICER)], id: str) -> ClaimedIdentity:
    return await reviews.read(deps, officer, id)


@router.get("/identity-documents/{id}", summary="身份证明材料", response_class=StreamingResponse)
async def read_file(deps: Parts, reader: Annotated[Actor, actor(Role.INTERN, Role.OFFICER)], id: str) -> StreamingResponse:
    return download(deps.documents, await reviews.find_file(deps, reader, id))
