"""What officers read and do about an application itself (R20, R25)."""

from typing import Annotated, Any

from common.contracts.words import Role, Status
from common.decision import Actor, Command
from common.reasons import ExplainedReason
from common.values import Value
from common.web.command import actor, command
from common.web.reason import Why
from fastapi import APIRouter

from applications.api.parts import Id, Parts
from applications.domain.termination import Ending
from applications.handlers import office, officer
from applications.views import ApplicationDetail, ApplicationView

router = APIRouter(prefix="/api/v1/applications", tags=["人社经办人员"])


class Reinstatement(Value):
    """`to` is the status it goes back to: each has only one."""

    to: Status
    reason: ExplainedReason


@router.get("/{id}", summary="一条投递的详情与历史")
async def read(parts: Parts, reader: Annotated[Actor, actor(Role.OFFICER)], id: Id) -> ApplicationDetail:
    return await officer.read(parts, id, reader)


@router.post("/{id}/reinstate", summary="恢复", response_model=ApplicationView)
async def reinstate(parts: Parts, id: Id, cmd: Annotated[Command, command("reinstate", Role.OFFICER)], body: Reinstatement) -> Any:
    return await officer.reinstate(parts, id, body.to, body.reason, cmd)


@router.post("/{id}/absent", summary="代单位确认未到岗", response_model=ApplicationView)
async def absent(parts: Parts, id: Id, cmd: Annotated[Command, command("absent", Role.OFFICER)], body: Why) -> Any:
    return await office.absent(parts, id, body.reason, cmd)


@router.post("/{id}/terminate", summary="代单位终止", response_model=ApplicationView)
async def terminate(parts: Parts, id: Id, cmd: Annotated[Command, command("terminate", Role.OFFICER)], body: Ending) -> Any:
    return await office.terminate(parts, id, body, cmd)
