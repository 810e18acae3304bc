"""The routes of announcements: anyone reads what is in force, officers of the region publish it."""

from datetime import date
from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.refusals import FORBIDDEN, NOT_FOUND
from common.values import Value
from common.web.command import actor, command
from common.web.reason import Note
from fastapi import APIRouter, Depends, Query, Request

from postings.announcements import handlers
from postings.announcements.domain import AnnouncementContent, AnnouncementKind, Body, Title, oversees
from postings.announcements.repository import Announcements
from postings.announcements.views import AnnouncementPage, AnnouncementRow, FullAnnouncement, ReadAnnouncement
from postings.api.parts import After, Limit, Reader

router = APIRouter(prefix="/api/v1", tags=["公告与指南"])


async def _announcements(request: Request) -> Announcements:
    announcements: Announcements = request.app.state.deps.announcements
    return announcements


Parts = Annotated[Announcements, Depends(_announcements)]


class AnnouncementChanges(Value):
    """What is to change; a field left out, or null, stays as it is. The region stays: another one has an announcement of its own."""

    kind: AnnouncementKind | None = None
    title: Title | None = None
    text: Body | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@router.get("/announcements", summary="有效的公告、政策和指南（最新在前）")
async def list_in_force(
    announcements: Parts,
    region: Annotated[str | None, Query(pattern=r"^[0-9]{6}$", description="省、市或县：该地区及其上级发布的")] = None,
    kind: AnnouncementKind | None = None,
    after: After = None,
    limit: Limit = 20,
) -> AnnouncementPage:
    found, following = await announcements.in_force(region, kind, after, limit)
    reference, today = await announcements.reference.current(), announcements.clock.today()
    return AnnouncementPage(items=[AnnouncementRow.of(one, reference, today) for one in found], next=following)


@router.get("/announcements/{id}", summary="公告、政策或指南全文")
async def read(announcements: Parts, id: str, reader: Reader) -> FullAnnouncement | ReadAnnouncement:
    """What is in force; officers of its region read it at any time, with its versions and history."""
    announcement = await announcements.store.get(id)
    if announcement is None:
        raise NOT_FOUND()
    reference, today = await announcements.reference.current(), announcements.clock.today()
    if reader is not None and reader.role is Role.OFFICER and oversees(reader, announcement.content.region, reference.regions):
        return FullAnnouncement.whole(announcement, reference, today, await announcements.history(id))
    if announcement.standing(today) != "in_force":
        raise NOT_FOUND()
    return ReadAnnouncement.of(announcement, reference, today)


@router.get("/offices/me/announcements", summary="本辖区发布的全部信息（含未生效、已结束和已撤下的）")
async def list_of_office(
    announcements: Parts,
    officer: Annotated[Actor, actor(Role.OFFICER)],
    kind: AnnouncementKind | None = None,
    after: After = None,
    limit: Limit = 50,
) -> AnnouncementPage:
    if officer.region is None:
        raise FORBIDDEN()
    found, following = await announcements.of_office(officer.region, kind, after, limit)
    reference, today = await announcements.reference.current(), announcements.clock.today()
    return AnnouncementPage(items=[AnnouncementRow.of(one, reference, today) for one in found], next=following)


@router.post("/announcements", summary="发布公告、政策或指南", status_code=201, response_model=ReadAnnouncement)
async def publish(
    announcements: Parts, cmd: Annotated[Command, command("publish_announcement", Role.OFFICER)], body: AnnouncementContent
) -> Any:
    return await handlers.publish(announcements, cmd, body)


@router.patch("/announcements/{id}", summary="修改（保留原版本）", response_model=ReadAnnouncement)
async def change(
    announcements: Parts, id: str, cmd: Annotated[Command, command("change_announcement", Role.OFFICER)], body: AnnouncementChanges
) -> Any:
    return await handlers.change(announcements, id, cmd, body)


@router.post("/announcements/{id}/withdraw", summary="撤下", response_model=ReadAnnouncement)
async def withdraw(
    announcements: Parts, id: str, cmd: Annotated[Command, command("withdraw_announcement", Role.OFFICER)], body: Note
) -> Any:
    return await handlers.withdraw(announcements, id, cmd, body.note)
