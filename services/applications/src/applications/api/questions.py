"""What an intern asks officers about an internship: the wish to end it, complaints, and the evidence for them (R30)."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Command
from common.web.command import command
from fastapi import APIRouter, Form, UploadFile

from applications.api.parts import Id, Parts
from applications.domain.candidacy import DocumentKind
from applications.domain.question_form import Words
from applications.handlers import intern
from applications.views import ApplicationView, HandedInFile

router = APIRouter(prefix="/api/v1/me/applications/{id}", tags=["见习人员"])


def _by_intern(name: str) -> Any:
    return command(name, Role.INTERN)


@router.post("/documents", summary="上传佐证材料（供人社部门查看）", status_code=201, response_model=HandedInFile)
async def attach(
    parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("attach")], kind: Annotated[DocumentKind, Form()], file: UploadFile
) -> Any:
    return await intern.attach(parts, id, kind, file, cmd)


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
