"""The HTTP routes of cases."""

from typing import Annotated, Any

from common.contracts.words import CaseKind, CaseStatus, Role
from common.decision import Actor, Command
from common.refusals import FORBIDDEN, NOT_FOUND
from common.regions import is_within
from common.store.mongo import Document
from common.web.command import actor, command
from common.web.reason import ExplainedWhy, Note
from fastapi import APIRouter, Depends, Query, Request

from audit.cases import handlers
from audit.cases.domain.case import LIVE
from audit.cases.domain.officer import Approval, sees
from audit.cases.repository import Cases
from audit.cases.views import CasePage, OfficerCase, PartyCase

router = APIRouter(prefix="/api/v1/cases", tags=["人社经办人员"])


def _cases(request: Request) -> Cases:
    cases: Cases = request.app.state.deps.cases
    return cases


Parts = Annotated[Cases, Depends(_cases)]
Viewer = Annotated[Actor, actor(Role.OFFICER)]
Reader = Annotated[Actor, actor(Role.OFFICER, Role.INTERN, Role.UNIT)]


@router.get("", summary="事项列表（按办理期限排序，逾期在前）")
async def list_cases(
    cases: Parts,
    viewer: Viewer,
    kind: CaseKind | None = None,
    status: CaseStatus | None = None,
    region: Annotated[str | None, Query(pattern=r"^[0-9]{6}$")] = None,
    after: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CasePage:
    """Without `status`: everything unfinished. `region` narrows to a part of the officer's own."""
    place = region or viewer.region
    if viewer.region is None or place is None or not is_within(place, viewer.region):
        raise FORBIDDEN()
    query: Document = {"state.places": place, "state.status": status or {"$in": LIVE}}
    if kind:
        query["state.kind"] = kind
    found, following = await cases.page(query, after, limit)
    now, reasons = cases.clock.now(), (await cases.reference.current()).reasons
    items = [OfficerCase.of(case, reasons, now) for case in found]
    return CasePage(items=items, next=following)


@router.get("/{id}", summary="事项详情（经办人员，或当事人查看本人部分）")
async def read_case(cases: Parts, reader: Reader, id: str) -> OfficerCase | PartyCase:
    case, reasons = await handlers.known(cases, id), (await cases.reference.current()).reasons
    if reader.role is Role.OFFICER and sees(reader, case):
        return OfficerCase.of(case, reasons, cases.clock.now(), await cases.history(id))
    if reader.role is not Role.OFFICER and handlers.is_party(reader, case):
        return PartyCase.of(case, reasons, await cases.history(id))
    raise NOT_FOUND()


@router.post("/{id}/claim", summary="领取", response_model=OfficerCase)
async def claim(cases: Parts, id: str, cmd: Annotated[Command, command("claim_case", Role.OFFICER)]) -> Any:
    return await handlers.claim(cases, id, cmd)


@router.post("/{id}/release", summary="释放", response_model=OfficerCase)
async def release(cases: Parts, id: str, cmd: Annotated[Command, command("release_case", Role.OFFICER)]) -> Any:
    return await handlers.release(cases, id, cmd)


@router.post("/{id}/take-over", summary="上级提级办理", response_model=OfficerCase)
async def take_over(cases: Parts, id: str, cmd: Annotated[Command, command("take_over_case", Role.OFFICER)], body: Note) -> Any:
    return await handlers.take_over(cases, id, cmd, body.note)


@router.post("/{id}/approve", summary="审核通过", response_model=OfficerCase)
async def approve(
    cases: Parts, id: str, cmd: Annotated[Command, command("approve_case", Role.OFFICER)], body: Approval | None = None
) -> Any:
    return await handlers.approve(cases, id, cmd, body or Approval())


@router.post("/{id}/disapprove", summary="审核不通过", response_model=OfficerCase)
async def disapprove(cases: Parts, id: str, cmd: Annotated[Command, command("disapprove_case", Role.OFFICER)], body: ExplainedWhy) -> Any:
    return await handlers.disapprove(cases, id, cmd, body.reason)


@router.post("/{id}/return", summary="退回补正", response_model=OfficerCase)
async def send_back(cases: Parts, id: str, cmd: Annotated[Command, command("return_case", Role.OFFICER)], body: ExplainedWhy) -> Any:
    return await handlers.send_back(cases, id, cmd, body.reason)


@router.post("/{id}/supplement", summary="提交补正（当事人）", tags=["当事人"], response_model=PartyCase)
async def supplement(cases: Parts, id: str, cmd: Annotated[Command, command("supplement_case", Role.INTERN, Role.UNIT)]) -> Any:
    return await handlers.supplement(cases, id, cmd)
