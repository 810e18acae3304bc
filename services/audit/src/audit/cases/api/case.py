"""The routes of one case, and the lists of its parties."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.refusals import NOT_FOUND
from common.store.mongo import exactly
from common.values import Text, Value
from common.web.command import actor, command
from common.web.reason import ExplainedWhy, Note
from fastapi import APIRouter, Query
from pydantic import Field

from audit.cases.api.parts import Parts
from audit.cases.domain.decide import Approval
from audit.cases.domain.officer import sees
from audit.cases.domain.queue import soon
from audit.cases.handlers import case as handlers
from audit.cases.views import OfficerCase, PartyCase, PartyCases


class Transfer(Value):
    """Where the case belongs, and why it came here."""

    region: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    note: Text


router = APIRouter(prefix="/api/v1", tags=["人社经办人员"])
Reader = Annotated[Actor, actor(Role.OFFICER, Role.INTERN, Role.UNIT)]
Page = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/me/cases", summary="本人的事项", tags=["见习人员"])
async def own_cases(cases: Parts, intern: Annotated[Actor, actor(Role.INTERN)], after: Page = None, limit: Limit = 20) -> PartyCases:
    return await handlers.of_party(cases, {"state.subject": intern.id}, after, limit)


@router.get("/units/me/cases", summary="本单位的事项", tags=["见习单位"])
async def unit_cases(cases: Parts, user: Annotated[Actor, actor(Role.UNIT)], after: Page = None, limit: Limit = 20) -> PartyCases:
    kinds = {"$in": list(handlers.OF_UNITS)}
    return await handlers.of_party(cases, {"state.unit_id": exactly(user.unit_id), "state.kind": kinds}, after, limit)


@router.get("/cases/{id}", summary="事项详情（经办人员，或当事人查看本人部分）")
async def read_case(cases: Parts, reader: Reader, id: str) -> OfficerCase | PartyCase:
    case, reference, now = await handlers.known(cases, id), await cases.reference.current(), cases.clock.now()
    if reader.role is Role.OFFICER and sees(reader, case):
        return OfficerCase.of(case, reference.reasons, now, soon(reference.calendar, now), await cases.history(id))
    if reader.role is not Role.OFFICER and handlers.is_party(reader, case):
        return PartyCase.of(case, reference.reasons, await cases.history(id))
    raise NOT_FOUND()


@router.post("/cases/{id}/claim", summary="领取", response_model=OfficerCase)
async def claim(cases: Parts, id: str, cmd: Annotated[Command, command("claim_case", Role.OFFICER)]) -> Any:
    return await handlers.claim(cases, id, cmd)


@router.post("/cases/{id}/release", summary="释放", response_model=OfficerCase)
async def release(cases: Parts, id: str, cmd: Annotated[Command, command("release_case", Role.OFFICER)]) -> Any:
    return await handlers.release(cases, id, cmd)


@router.post("/cases/{id}/take-over", summary="上级提级办理", response_model=OfficerCase)
async def take_over(cases: Parts, id: str, cmd: Annotated[Command, command("take_over_case", Role.OFFICER)], body: Note) -> Any:
    return await handlers.take_over(cases, id, cmd, body.note)


@router.post("/cases/{id}/transfer", summary="移交应当办理的县（市、区）", response_model=OfficerCase)
async def transfer(cases: Parts, id: str, cmd: Annotated[Command, command("transfer_case", Role.OFFICER)], body: Transfer) -> Any:
    return await handlers.transfer(cases, id, cmd, body.region, body.note)


@router.post("/cases/{id}/approve", summary="审核通过", response_model=OfficerCase)
async def approve(
    cases: Parts, id: str, cmd: Annotated[Command, command("approve_case", Role.OFFICER)], body: Approval | None = None
) -> Any:
    return await handlers.approve(cases, id, cmd, body or Approval())


@router.post("/cases/{id}/disapprove", summary="审核不通过", response_model=OfficerCase)
async def disapprove(cases: Parts, id: str, cmd: Annotated[Command, command("disapprove_case", Role.OFFICER)], body: ExplainedWhy) -> Any:
    return await handlers.disapprove(cases, id, cmd, body.reason)


@router.post("/cases/{id}/return", summary="退回补正", response_model=OfficerCase)
async def send_back(cases: Parts, id: str, cmd: Annotated[Command, command("return_case", Role.OFFICER)], body: ExplainedWhy) -> Any:
    return await handlers.send_back(cases, id, cmd, body.reason)


@router.post("/cases/{id}/supplement", summary="提交补正（当事人）", tags=["当事人"], response_model=PartyCase)
async def supplement(cases: Parts, id: str, cmd: Annotated[Command, command("supplement_case", Role.INTERN, Role.UNIT)]) -> Any:
    return await handlers.supplement(cases, id, cmd)
