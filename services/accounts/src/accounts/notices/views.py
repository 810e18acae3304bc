"""What callers are shown."""

from datetime import datetime

from common.reference import Reference
from pydantic import BaseModel

from accounts.notices.domain.delivery import Channel, DeliveryStatus
from accounts.notices.domain.notice import Group, Notice
from accounts.notices.domain.preferences import Preferences
from accounts.notices.domain.wording import Names, templates, words

GROUP_LABELS = {
    Group.DUE: "待办与期限",
    Group.PROGRESS: "投递与见习进展",
    Group.UNIT: "单位与岗位",
    Group.ACCOUNT: "账号与身份",
    Group.OFFICE: "经办提醒",
}
_ABOUT = ("application_id", "posting_id", "case_id", "unit_id", "proposal_id")


class OfficeView(BaseModel):
    """Whom to ask (G17)."""

    office: str
    phone: str


class NoticeView(BaseModel):
    """A notice in words, as of the names that postings and units have now. `about` names what it speaks of, by kind and id.

    `due_at` is the instant by which something is to be done, where there is one.
    """

    id: str
    at: datetime
    template: str
    group: Group
    title: str
    text: str
    about: dict[str, str]
    due_at: datetime | None
    unread: bool
    read_at: datetime | None
    ask: list[OfficeView]

    @classmethod
    def of(cls, notice: Notice, names: Names, reference: Reference) -> "NoticeView":
        template = templates()[notice.template]
        wording, said = template.wording(notice.facts), words(notice.facts, names, reference.reasons)
        due, region = notice.facts.get("due"), notice.facts.get("region", "")
        return cls(
            **notice.model_dump(include={"id", "at", "template", "unread", "read_at"}),
            group=template.group,
            title=wording.title.format(**said),
            text=wording.body.format(**said),
            about={name: notice.facts[name] for name in _ABOUT if name in notice.facts},
            due_at=datetime.fromisoformat(due) if due else None,
            ask=[OfficeView(office=contact.office, phone=contact.phone) for contact in reference.whom_to_ask(region)],
        )


class NoticePage(BaseModel):
    items: list[NoticeView]
    next: str | None


class UnreadCount(BaseModel):
    unread: int


class PreferenceView(BaseModel):
    """`platform` is always true: what one is told stands in the platform."""

    group: Group
    label: str
    platform: bool = True
    sms: bool
    mail: bool


class PreferencesView(BaseModel):
    items: list[PreferenceView]

    @classmethod
    def of(cls, preferences: Preferences) -> "PreferencesView":
        return cls(
            items=[
                PreferenceView(
                    group=group,
                    label=label,
                    sms=preferences.wants(group, Channel.SMS),
                    mail=preferences.wants(group, Channel.MAIL),
                )
                for group, label in GROUP_LABELS.items()
            ]
        )


class DeliveryView(BaseModel):
    """A line of the delivery log; `to` is an account. `error` is the kind of the last one."""

    id: str
    notice_id: str
    to: str
    channel: Channel
    status: DeliveryStatus
    queued_at: datetime
    next_at: datetime
    attempts: int
    ended_at: datetime | None
    error: str | None


class DeliveryPage(BaseModel):
    items: list[DeliveryView]
    next: str | None
