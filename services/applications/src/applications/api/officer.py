"""What officers read and do about an application itself (R20, R25)."""

from typing import Annotated, Any

from common.contracts.words import Role, Status
from common.decision import Actor, Command
from common.reasons import ExplainedReason
from common.values import Value
from common.web.command import actor, command
from fastapi import APIRouter

from applications.api.parts import Id, Parts
from applications.handlers import officer
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
