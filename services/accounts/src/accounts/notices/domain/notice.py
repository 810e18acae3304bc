"""What a notice is, and whom one is for (R21)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from common.contracts.words import CaseKind, Permission, Role
from common.ids import derived_id
from common.values import Value


class Group(StrEnum):
    """What notices are switched by."""

    DUE = "due"  # 待办与期限
    PROGRESS = "progress"  # 投递与见习进展
    UNIT = "unit"  # 单位与岗位
    ACCOUNT = "account"  # 账号与身份
    OFFICE = "office"  # 经办提醒


class Recipient(Value):
    """An active account that may be told something; a user of a unit speaks for `unit_id`, an officer for the office of `region`."""

    id: str
    role: Role
    has_phone: bool = False
    unit_id: str | None = None
    region: str | None = None
    permissions: frozenset[Permission] = frozenset()


class Audience(Value):
    """Whom a fact concerns: a person, users of a unit (or of the unit of a posting), an office, or the system administrators.

    `id` is that of the person, unit or posting, or the region of the office. Of a unit's users those with any of the permissions.
    """

    kind: Literal["person", "unit", "posting", "office", "administrators"]
    id: str = ""
    permissions: tuple[Permission, ...] = ()

    def takes(self, who: Recipient) -> bool:
        """Whether the account is one of them. Of a posting nobody is: its unit has to be found first."""
        match self.kind:
            case "person":
                return who.id == self.id
            case "unit":
                return who.unit_id == self.id and not who.permissions.isdisjoint(self.permissions)
            case "office":
                return who.role is Role.OFFICER and who.region == self.id
            case "administrators":
                return who.role is Role.SYSTEM_ADMIN
        return False


class Told(Value):
    """One thing to tell one audience. `facts` are ids, codes and dates as text: no names, no free text.

    `until` is the instant from which no message may go out any more, as of a reminder of what was due then.
    """

    audience: Audience
    template: str
    facts: dict[str, str]
    until: datetime | None = None


class Notice(Value):
    """One cause told to one account. `cause` is the id of an event, or names a reminder."""

    id: str
    to: str
    at: datetime
    cause: str
    template: str
    facts: dict[str, str]
    unread: bool = True
    read_at: datetime | None = None

    @classmethod
    def of(cls, told: Told, to: str, cause: str, at: datetime) -> "Notice":
        """The same cause, recipient and template make the same notice, for ever."""
        return cls(id=derived_id("ntc", cause, to, told.template), to=to, at=at, cause=cause, template=told.template, facts=told.facts)


def facts(**given: str | date | datetime | int | None) -> dict[str, str]:
    """What is known, as text; instants and dates in ISO 8601."""
    texts = {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in given.items() if value is not None}
    return {name: text for name, text in texts.items() if text}


def person(id: str) -> Audience:
    return Audience(kind="person", id=id)


def unit(id: str, *permissions: Permission) -> Audience:
    return Audience(kind="unit", id=id, permissions=permissions)


def office(region: str) -> Audience:
    return Audience(kind="office", id=region)


def party(kind: CaseKind, subject: str) -> tuple[Audience, str]:
    """Whom a case is about, and the side of the template."""
    if kind is CaseKind.RECOGNITION:
        return unit(subject, Permission.MANAGE_USERS), "unit"
    if kind is CaseKind.POSTING:
        return Audience(kind="posting", id=subject, permissions=(Permission.MANAGE_POSTINGS,)), "unit"
    return person(subject), "intern"


ADMINISTRATORS = Audience(kind="administrators")
