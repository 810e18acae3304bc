"""What the users of a unit do about the applications to it, each with the permission of its kind (G6, G9, G10, R24)."""

from datetime import date
from typing import Annotated, Any

from common.contracts.words import Role, Status
from common.decision import Actor, Command
from common.refusals import FORBIDDEN
from common.values import Value
from common.web.command import actor, command
from common.web.reason import Note, Why
from fastapi import APIRouter, Depends, Form, UploadFile

from applications.api.parts import After, Id, Limit, Parts, PlannedEnd, PostingId
from applications.domain.status import COMMANDS, READS
from applications.domain.talk_form import Invitation
from applications.domain.termination import Ending
from applications.handlers import unit
from applications.handlers.papers import Paper
from applications.views import ApplicationDetail, ApplicationPage, ApplicationView, HandedInFile

router = APIRouter(prefix="/api/v1/units/me/applications", tags=["见习单位"])


async def _reader(user: Annotated[Actor, actor(Role.UNIT)]) -> Actor:
    if not user.permissions & READS:
        raise FORBIDDEN()
    return user


Reader = Annotated[Actor, Depends(_reader)]


def _by_unit(name: str) -> Any:
    """A command of the table, with the permission that the table asks for."""
    return command(name, Role.UNIT, permission=COMMANDS[name].permission)


class Term(Value):
    """`start` is the day the intern came."""

    start: date
    planned_end: date


@router.get("", summary="收到的投递")
async def list_own(
    parts: Parts, reader: Reader, status: Status | None = None, posting_id: PostingId = None, after: After = None, limit: Limit = 50
) -> ApplicationPage:
    return await unit.list_own(parts, reader, status, posting_id, after, limit)


@router.get("/{id}", summary="一条投递的详情与历史")
async def read_own(parts: Parts, reader: Reader, id: Id) -> ApplicationDetail:
    return await unit.read(parts, id, reader)


@router.post("/{id}/offer", summary="确认通过", response_model=ApplicationView)
async def offer(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("offer")]) -> Any:
    return await unit.offer(parts, id, cmd)


@router.post("/{id}/reject", summary="确认不通过", response_model=ApplicationView)
async def reject(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("reject")], body: Why) -> Any:
    return await unit.reject(parts, id, body.reason, cmd)


@router.post("/{id}/reinvite", summary="再次邀请", response_model=ApplicationView)
async def reinvite(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("reinvite")]) -> Any:
    return await unit.reinvite(parts, id, cmd)


@router.post("/{id}/talk", summary="邀请面谈", response_model=ApplicationView)
async def invite(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("invite_to_talk")], body: Invitation) -> Any:
    return await unit.invite(parts, id, body, cmd)


@router.post("/{id}/notes", summary="内部备注（见习人员看不到）", response_model=ApplicationView)
async def note(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("note")], body: Note) -> Any:
    return await unit.note(parts, id, body.note, cmd)


@router.post("/{id}/accept-diploma", summary="接收毕业证书", response_model=ApplicationView)
async def accept_diploma(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("accept_diploma")]) -> Any:
    return await unit.accept_diploma(parts, id, cmd)


@router.post("/{id}/refuse-diploma", summary="退回毕业证书", response_model=ApplicationView)
async def refuse_diploma(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("refuse_diploma")], body: Why) -> Any:
    return await unit.refuse_diploma(parts, id, body.reason, cmd)


@router.post("/{id}/onboard", summary="确认上岗", response_model=ApplicationView)
async def onboard(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("onboard")], body: Term) -> Any:
    return await unit.onboard(parts, id, body.start, body.planned_end, cmd)


@router.post("/{id}/absent", summary="确认未到岗", response_model=ApplicationView)
async def absent(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("absent")], body: Why) -> Any:
    return await unit.absent(parts, id, body.reason, cmd)


@router.post("/{id}/terminate", summary="终止", response_model=ApplicationView)
async def terminate(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("terminate")], body: Ending) -> Any:
    return await unit.terminate(parts, id, body, cmd)


@router.post("/{id}/planned-end", summary="提出或同意变更见习结束日期", response_model=ApplicationView)
async def plan_end(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("plan_end")], body: PlannedEnd) -> Any:
    return await unit.plan_end(parts, id, body.planned_end, cmd)


@router.post("/{id}/planned-end/decline", summary="不同意变更结束日期", response_model=ApplicationView)
async def decline_end(parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("decline_end")]) -> Any:
    return await unit.decline_end(parts, id, cmd)


@router.post("/{id}/documents", summary="上传毕业证书扫描件、监护人同意书或终止材料", status_code=201, response_model=HandedInFile)
async def hand_in(
    parts: Parts, id: Id, cmd: Annotated[Command, _by_unit("hand_in")], kind: Annotated[Paper, Form()], file: UploadFile
) -> Any:
    return await unit.hand_in(parts, id, kind, file, cmd)
