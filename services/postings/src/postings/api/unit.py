"""What the users of a unit do with its postings (R16); commands need the permission to manage postings (R24)."""

from datetime import date
from typing import Annotated, Any

from common.contracts.words import Permission, PostingKind, PostingStatus, Role
from common.decision import Actor, Command
from common.values import Value
from common.web.command import actor, command
from fastapi import APIRouter

from postings import handlers
from postings.api.parts import After, Limit, Parts
from postings.domain.posting import ContactPerson, County, Fen, Headcount, Line, Months, Note, PostingContent, Text
from postings.views import FullPosting, PostingPage, PostingRow

router = APIRouter(prefix="/api/v1/units/me/postings", tags=["见习单位"])
Reader = Annotated[Actor, actor(Role.UNIT)]


def _by_unit(name: str) -> Any:
    return command(name, Role.UNIT, permission=Permission.MANAGE_POSTINGS)


class PostingChanges(Value):
    """What is to change; a field left out, or null, stays as it is. Once published only `places.FREE` may."""

    title: Line | None = None
    kind: PostingKind | None = None
    duties: Text | None = None
    region: County | None = None
    headcount: Headcount | None = None
    months: Months | None = None
    allowance_fen: Fen | None = None
    requirements: Note | None = None
    mentor: Line | None = None
    deadline: date | None = None
    contact: ContactPerson | None = None
    report_to: Note | None = None


@router.get("", summary="本单位岗位列表（最新创建在前）")
async def list_own(
    postings: Parts, reader: Reader, status: PostingStatus | None = None, after: After = None, limit: Limit = 50
) -> PostingPage:
    found, following = await postings.of_unit(reader.unit_id or "", status, after, limit)
    seats, reference, today = await postings.seats_of(found), await postings.reference.current(), postings.clock.today()
    return PostingPage(items=[PostingRow.of(posting, seats.get(posting.id), reference, today) for posting in found], next=following)


@router.post("", summary="新建岗位草稿", status_code=201, response_model=FullPosting)
async def draft(postings: Parts, cmd: Annotated[Command, _by_unit("draft_posting")], body: PostingContent) -> Any:
    return await handlers.draft(postings, cmd, body)


@router.get("/{id}", summary="本单位岗位详情")
async def read_own(postings: Parts, reader: Reader, id: str) -> FullPosting:
    posting = await handlers.owned(postings, id, reader.unit_id)
    seats, reference, today = await postings.seats.get(id), await postings.reference.current(), postings.clock.today()
    return FullPosting.whole(posting, seats, reference, today, await postings.history(id))


@router.patch("/{id}", summary="修改岗位（发布后只能调整人数、延后截止日期、更换联系人和报到说明）", response_model=FullPosting)
async def change(postings: Parts, id: str, cmd: Annotated[Command, _by_unit("change_posting")], body: PostingChanges) -> Any:
    return await handlers.change(postings, id, cmd, body)


@router.post("/{id}/submit", summary="提交申报", response_model=FullPosting)
async def submit(postings: Parts, id: str, cmd: Annotated[Command, _by_unit("submit_posting")]) -> Any:
    return await handlers.submit(postings, id, cmd)


@router.post("/{id}/pause", summary="暂停接收投递", response_model=FullPosting)
async def pause(postings: Parts, id: str, cmd: Annotated[Command, _by_unit("pause_posting")]) -> Any:
    return await handlers.pause(postings, id, cmd)


@router.post("/{id}/resume", summary="恢复接收投递", response_model=FullPosting)
async def resume(postings: Parts, id: str, cmd: Annotated[Command, _by_unit("resume_posting")]) -> Any:
    return await handlers.resume(postings, id, cmd)


@router.post("/{id}/close", summary="关闭岗位", response_model=FullPosting)
async def close(postings: Parts, id: str, cmd: Annotated[Command, _by_unit("close_posting")]) -> Any:
    return await handlers.close(postings, id, cmd)
