"""What units and offices read of people they have to do with (R24), and what an office does with units (R15)."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.web.command import actor
from common.web.download import download
from common.web.reason import ExplainedWhy
from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import Field

from accounts.api.parts import Parts, by
from accounts.domain import unit_status
from accounts.domain.credentials import Registration
from accounts.domain.texts import PersonName
from accounts.handlers import documents, first_users, people, units
from accounts.views import AccountView, PersonView, PhoneReveal, ResumeView, UnitView

router = APIRouter(prefix="/api/v1", tags=["见习单位与人社经办人员"])
Party = Annotated[Actor, actor(Role.UNIT, Role.OFFICER)]


class FirstUser(Registration):
    """`phone_code` went to the first user's own phone, who sets another password with it."""

    name: Annotated[PersonName, Field(repr=False)]


@router.get("/people/{id}", summary="有投递或事项关联的见习人员")
async def read_person(deps: Parts, party: Party, id: str) -> PersonView:
    return await people.read(deps, party, id)


@router.post("/people/{id}/phone-reveals", summary="查看手机号（每次查看均留痕）")
async def reveal_phone(deps: Parts, id: str, cmd: Annotated[Command, by("reveal_phone", Role.UNIT, Role.OFFICER)]) -> PhoneReveal:
    return await people.reveal_phone(deps, id, cmd)


@router.get("/people/{id}/resumes/{version}", summary="投递所附的简历")
async def read_resume(deps: Parts, party: Party, id: str, version: Annotated[int, Path(ge=1, le=1_000_000)]) -> ResumeView:
    return await people.read_resume(deps, party, id, version)


@router.get("/units/documents/{id}", summary="单位上传的材料", response_class=StreamingResponse)
async def read_file(deps: Parts, party: Party, id: str) -> StreamingResponse:
    return download(deps.documents, await documents.find(deps, party, id))


@router.get("/units/{id}", summary="辖区内单位")
async def read_unit(deps: Parts, officer: Annotated[Actor, actor(Role.OFFICER)], id: str) -> UnitView:
    return await units.read(deps, officer, id)


@router.post("/units/{id}/first-user", summary="重新发放单位账号（原有账号一律停用）", status_code=201, response_model=AccountView)
async def issue_first_user(deps: Parts, id: str, cmd: Annotated[Command, by("issue_first_user", Role.OFFICER)], body: FirstUser) -> Any:
    return await first_users.issue(deps, id, body, body.name, cmd)


@router.post("/units/{id}/suspend", summary="暂停见习单位", response_model=UnitView)
async def suspend(deps: Parts, id: str, cmd: Annotated[Command, by("suspend_unit", Role.OFFICER)], body: ExplainedWhy) -> Any:
    return await units.administer(deps, id, unit_status.suspend, body.reason, cmd)


@router.post("/units/{id}/resume", summary="恢复见习单位", response_model=UnitView)
async def resume(deps: Parts, id: str, cmd: Annotated[Command, by("resume_unit", Role.OFFICER)], body: ExplainedWhy) -> Any:
    return await units.administer(deps, id, unit_status.resume, body.reason, cmd)


@router.post("/units/{id}/revoke", summary="撤销见习单位认定", response_model=UnitView)
async def revoke(deps: Parts, id: str, cmd: Annotated[Command, by("revoke_unit", Role.OFFICER)], body: ExplainedWhy) -> Any:
    return await units.administer(deps, id, unit_status.revoke, body.reason, cmd)
