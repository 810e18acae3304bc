"""What an intern asks officers about an application, and the evidence for it (R3, R10, R17, R30)."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Command
from common.values import Value
from common.web.command import command
from fastapi import APIRouter, Form, UploadFile
from pydantic import Field

from applications.api.parts import Id, Parts, PlannedEnd
from applications.domain.candidacy import DocumentKind
from applications.domain.question_form import Words
from applications.handlers import application, intern
from applications.views import ApplicationView, HandedInFile

router = APIRouter(prefix="/api/v1/me/applications/{id}", tags=["见习人员"])


def _by_intern(name: str) -> Any:
    return command(name, Role.INTERN)


@router.post("/documents", summary="上传佐证材料（供人社部门查看）", status_code=201, response_model=HandedInFile)
async def attach(
    parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("attach")], kind: Annotated[DocumentKind, Form()], file: UploadFile
) -> Any:
    return await intern.attach(parts, id, kind, file, cmd)


class Supplement(Value):
    """Ids of files that were uploaded for the application before."""

    documents: Annotated[tuple[str, ...], Field(min_length=1, max_length=10)]


@router.post("/planned-end", summary="提出或同意变更见习结束日期", response_model=ApplicationView)
async def plan_end(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("plan_end")], body: PlannedEnd) -> Any:
    return await application.plan_end(parts, cmd.actor.id, id, body.planned_end, cmd)


@router.post("/planned-end/decline", summary="不同意变更结束日期", response_model=ApplicationView)
async def decline_end(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("decline_end")]) -> Any:
    return await application.decline_end(parts, cmd.actor.id, id, cmd)


@router.post("/objection", summary="对终止提出异议", response_model=ApplicationView)
async def object_to(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("object")], body: Words) -> Any:
    return await intern.object_to(parts, id, body, cmd)


@router.post("/lift", summary="申请解除再次参加见习的限制", response_model=ApplicationView)
async def ask_lift(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("ask_lift")], body: Words) -> Any:
    return await intern.ask_lift(parts, id, body, cmd)


@router.post("/supplement", summary="为退回补正的审核提交材料", response_model=ApplicationView)
async def supplement(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("supplement")], body: Supplement) -> Any:
    return await intern.supplement(parts, id, body.documents, cmd)


@router.post("/end-request", summary="申请提前结束见习", response_model=ApplicationView)
async def ask_end(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("ask_end")], body: Words) -> Any:
    return await intern.ask_end(parts, id, body, cmd)


@router.post("/end-request/take-back", summary="撤回提前结束的申请", response_model=ApplicationView)
async def take_back_end(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("take_back_end")]) -> Any:
    return await intern.take_back(parts, id, cmd)


@router.post("/complaint", summary="投诉", response_model=ApplicationView)
async def complain(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("complain")], body: Words) -> Any:
    return await intern.complain(parts, id, body, cmd)


@router.post("/complaint/take-back", summary="撤回投诉", response_model=ApplicationView)
async def take_back_complaint(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("take_back_complaint")]) -> Any:
    return await intern.take_back(parts, id, cmd)
