"""The routes of notices: everybody's own inbox and preferences, and the delivery log for administrators (R21)."""

from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.store.mongo import Document
from common.values import Value
from common.web.command import actor, command
from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from accounts.api.parts import After, Limit
from accounts.notices.domain.delivery import DeliveryStatus
from accounts.notices.domain.notice import Group
from accounts.notices.domain.preferences import NoticeWish
from accounts.notices.handlers import inbox
from accounts.notices.repository import Notices
from accounts.notices.views import DeliveryPage, NoticePage, NoticeView, PreferencesView, UnreadCount

router = APIRouter(prefix="/api/v1", tags=["通知"])
READERS = (Role.INTERN, Role.UNIT, Role.OFFICER, Role.SYSTEM_ADMIN)


async def _notices(request: Request) -> Notices:
    notices: Notices = request.app.state.deps.notices
    return notices


Parts = Annotated[Notices, Depends(_notices)]
Reader = Annotated[Actor, actor(*READERS)]


class NoticeWishes(Value):
    """The groups to be changed; the others stay as they are."""

    items: Annotated[tuple[NoticeWish, ...], Field(min_length=1, max_length=len(Group))]


@router.get("/me/notices", summary="本人的通知（最新在前）")
async def list_notices(notices: Parts, reader: Reader, unread: bool = False, after: After = None, limit: Limit = 20) -> NoticePage:
    return await inbox.page(notices, reader, unread, after, limit)


@router.get("/me/notices/count", summary="未读通知数")
async def count(notices: Parts, reader: Reader) -> UnreadCount:
    return await inbox.count(notices, reader)


@router.post("/me/notices/read-all", summary="全部标为已读")
async def read_all(notices: Parts, cmd: Annotated[Command, command("read_all_notices", *READERS)]) -> UnreadCount:
    return await inbox.read_all(notices, cmd)


@router.post("/me/notices/{id}/read", summary="标为已读")
async def read(notices: Parts, id: str, cmd: Annotated[Command, command("read_notice", *READERS)]) -> NoticeView:
    return await inbox.read(notices, id, cmd)


@router.get("/me/notice-preferences", summary="短信和邮件通知的设置（平台内通知不能关闭）")
async def read_preferences(notices: Parts, reader: Reader) -> PreferencesView:
    return await inbox.read_preferences(notices, reader)


@router.put("/me/notice-preferences", summary="设置短信和邮件通知", response_model=PreferencesView)
async def choose(notices: Parts, cmd: Annotated[Command, command("choose_notices", *READERS)], body: NoticeWishes) -> Any:
    return await inbox.choose(notices, body.items, cmd)


@router.get("/notices/deliveries", summary="短信和邮件的发送记录（按状态，最新在前）")
async def list_deliveries(
    notices: Parts,
    _: Annotated[Actor, actor(Role.SYSTEM_ADMIN)],
    status: Annotated[DeliveryStatus, Query()] = DeliveryStatus.FAILED,
    after: After = None,
    limit: Limit = 50,
) -> DeliveryPage:
    query: Document = {"status": status.value}
    return await inbox.deliveries(notices, query, after, limit)


@router.get("/notices/{id}/deliveries", summary="一条通知的发送记录")
async def list_deliveries_of(
    notices: Parts, id: str, _: Annotated[Actor, actor(Role.SYSTEM_ADMIN)], after: After = None, limit: Limit = 50
) -> DeliveryPage:
    return await inbox.deliveries(notices, {"notice_id": id}, after, limit)
