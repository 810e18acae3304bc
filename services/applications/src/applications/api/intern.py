"""What an intern does: the intent, applications, the answers to offers (G2-G7, G13, G14)."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.values import Value
from common.web.command import actor, command
from fastapi import APIRouter, Form, UploadFile
from pydantic import Field

from applications.api.parts import Id, Parts, PostingId
from applications.domain.intent_form import IntentDocumentKind, IntentForm
from applications.domain.talk_form import Wish
from applications.explanations import EligibilityView
from applications.handlers import application, eligibility, intent, intern
from applications.handlers.papers import Paper
from applications.views import ApplicationDetail, ApplicationFile, ApplicationPage, ApplicationView, IntentView

router = APIRouter(prefix="/api/v1/me", tags=["见习人员"])
Reader = Annotated[Actor, actor(Role.INTERN)]


def _by_intern(name: str) -> Any:
    return command(name, Role.INTERN)


class Submission(Value):
    posting_id: Annotated[str, Field(min_length=1, max_length=60)]


@router.post("/intent/documents", summary="上传见习意愿的附件", status_code=201)
async def add_intent_file(
    parts: Parts, cmd: Annotated[Command, _by_intern("add_intent_file")], kind: Annotated[IntentDocumentKind, Form()], file: UploadFile
) -> ApplicationFile:
    return await intent.add_file(parts, kind, file, cmd)


@router.get("/intent", summary="我的见习意愿")
async def read_intent(parts: Parts, reader: Reader) -> IntentView:
    return await intent.read(parts, reader.id)


@router.put("/intent", summary="登记或更新见习意愿", response_model=IntentView)
async def register_intent(parts: Parts, cmd: Annotated[Command, _by_intern("register")], body: IntentForm) -> Any:
    return await intent.register(parts, body, cmd)


@router.get("/eligibility", summary="我是否符合见习条件")
async def explain_eligibility(parts: Parts, reader: Reader, posting_id: PostingId = None) -> EligibilityView:
    return await eligibility.explain(parts, reader, posting_id)


@router.post("/applications", summary="投递岗位", status_code=201, response_model=ApplicationView)
async def submit(parts: Parts, cmd: Annotated[Command, _by_intern("submit")], body: Submission) -> Any:
    return await intern.send(parts, body.posting_id, cmd)


@router.get("/applications", summary="见习投递信息（最新投递在前）")
async def list_own(parts: Parts, reader: Reader) -> ApplicationPage:
    return await intern.list_own(parts, reader)


@router.get("/applications/{id}", summary="一条投递的详情与历史")
async def read_own(parts: Parts, reader: Reader, id: Id) -> ApplicationDetail:
    return await application.read(parts, reader.id, id, reader)


@router.post("/applications/{id}/accept", summary="岗位确认：确认意愿", response_model=ApplicationView)
async def accept(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("accept")]) -> Any:
    return await intern.accept(parts, id, cmd)


@router.post("/applications/{id}/decline", summary="岗位确认：确认无意愿", response_model=ApplicationView)
async def decline(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("decline")]) -> Any:
    return await intern.decline(parts, id, cmd)


@router.post("/applications/{id}/withdraw", summary="撤回投递", response_model=ApplicationView)
async def withdraw(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("withdraw")]) -> Any:
    return await intern.withdraw(parts, id, cmd)


@router.post("/applications/{id}/talk", summary="请求另约面谈时间", response_model=ApplicationView)
async def ask_another_time(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("ask_another_time")], body: Wish) -> Any:
    return await intern.ask_another_time(parts, id, body, cmd)


@router.post("/applications/{id}/release", summary="申请放弃", response_model=ApplicationView)
async def ask_release(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("release")]) -> Any:
    return await intern.ask_release(parts, id, cmd)


@router.post("/applications/{id}/diploma", summary="补交毕业证书", response_model=ApplicationView)
async def deliver_diploma(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("deliver_diploma")], file: UploadFile) -> Any:
    return await intern.hand_in(parts, id, Paper.DIPLOMA, file, cmd)


@router.post("/applications/{id}/consent", summary="提交监护人同意书", response_model=ApplicationView)
async def consent(parts: Parts, id: Id, cmd: Annotated[Command, _by_intern("consent")], file: UploadFile) -> Any:
    return await intern.hand_in(parts, id, Paper.GUARDIAN_CONSENT, file, cmd)
