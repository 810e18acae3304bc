"""What callers are shown: a row of a list, the page that anyone reads, and for officers its versions and history (R20)."""

from datetime import date, datetime

from common.contracts.words import Role
from common.lists import Contact
from common.reference import Reference
from common.store.mongo import Document
from pydantic import BaseModel

from postings.announcements.domain import Announcement, AnnouncementContent, AnnouncementKind, Standing

KIND_NAMES = {AnnouncementKind.ANNOUNCEMENT: "公告", AnnouncementKind.POLICY: "政策", AnnouncementKind.GUIDE: "指南"}
STANDING_NAMES: dict[Standing, str] = {"future": "未生效", "in_force": "有效", "ended": "已结束", "withdrawn": "已撤下"}


class AnnouncementRow(BaseModel):
    """One in a list, without its text."""

    id: str
    kind: AnnouncementKind
    kind_name: str
    region: str
    region_name: str
    title: str
    starts_on: date
    ends_on: date
    standing: Standing
    standing_name: str

    @classmethod
    def of(cls, announcement: Announcement, reference: Reference, today: date) -> "AnnouncementRow":
        return cls(**_shown(announcement, reference, today))


class AnnouncementPage(BaseModel):
    items: list[AnnouncementRow]
    next: str | None


class ReadAnnouncement(AnnouncementRow):
    """One with its text and whom to ask about it (G17). `version` counts from 1."""

    text: str
    version: int
    ask: tuple[Contact, ...]

    @classmethod
    def of(cls, announcement: Announcement, reference: Reference, today: date) -> "ReadAnnouncement":
        return cls(
            **_shown(announcement, reference, today),
            version=len(announcement.earlier) + 1,
            ask=reference.whom_to_ask(announcement.content.region),
        )


class AnnouncementLine(BaseModel):
    """Who (office and role) did what and when; `version` is the one it made, `note` why it was withdrawn."""

    at: datetime
    command: str
    role: Role
    office: str | None
    version: int | None
    note: str | None

    @classmethod
    def of(cls, entry: Document) -> "AnnouncementLine":
        return cls(
            at=entry["at"],
            command=entry["command"].removesuffix("_announcement"),
            role=entry["actor"]["role"],
            office=entry["actor"].get("region"),
            version=entry.get("subject"),
            note=entry.get("note"),
        )


class FullAnnouncement(ReadAnnouncement):
    """As the officers of its region read it; `earlier` are the versions 1, 2, … before the one that counts."""

    earlier: tuple[AnnouncementContent, ...]
    history: tuple[AnnouncementLine, ...]

    @classmethod
    def whole(cls, announcement: Announcement, reference: Reference, today: date, history: list[Document]) -> "FullAnnouncement":
        return cls(
            **ReadAnnouncement.of(announcement, reference, today).model_dump(),
            earlier=announcement.earlier,
            history=tuple(AnnouncementLine.of(entry) for entry in history),
        )


def _shown(announcement: Announcement, reference: Reference, today: date) -> Document:
    content, standing = announcement.content, announcement.standing(today)
    return {
        **content.model_dump(),
        "id": announcement.id,
        "kind_name": KIND_NAMES[content.kind],
        "region_name": reference.regions.full_name(content.region),
        "standing": standing,
        "standing_name": STANDING_NAMES[standing],
    }
