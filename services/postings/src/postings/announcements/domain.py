"""An announcement, policy or guide page of a region, from one day to another (G16). Officers publish, change and withdraw it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from common.calendar import local_date, midnight
from common.decision import Actor, Command, Decision, Entry
from common.errors import refusal
from common.refusals import NOT_FOUND
from common.regions import Regions, ancestors
from common.values import Value, Visible
from pydantic import StringConstraints

ANNOUNCEMENT_REGION = refusal("announcement_region", 422, "只能为本级及所辖的现行行政区发布信息，请重新选择地区。", rule="G16")
ANNOUNCEMENT_START = refusal("announcement_start", 422, "生效日期应在{earliest}至{latest}之间，请修改。", rule="G16")
ANNOUNCEMENT_END = refusal("announcement_end", 422, "结束日期应在{earliest}至{latest}之间，请修改。", rule="G16")
ANNOUNCEMENT_WITHDRAWN = refusal("announcement_withdrawn", 409, "该信息已撤下，不能再办理；如仍需要，请重新发布。", rule="G16")
ANNOUNCEMENT_VERSIONS_FULL = refusal(
    "announcement_versions_full", 409, "该信息已有{limit}个版本，不能再修改，请撤下后重新发布。", rule="G16"
)

VERSIONS = 50
LONGEST_AHEAD, LONGEST = timedelta(days=366), timedelta(days=1827)
"""How far ahead one may begin (a year), and how long it may last (five)."""

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\n\t]*$"), Visible]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), Visible]
Place = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Standing = Literal["future", "in_force", "ended", "withdrawn"]


class AnnouncementKind(StrEnum):
    ANNOUNCEMENT = "announcement"  # 公告
    POLICY = "policy"  # 政策
    GUIDE = "guide"  # 指南


class AnnouncementStatus(StrEnum):
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


class AnnouncementContent(Value):
    """What one version says. `region` is a county, a city or the province; in force from `starts_on` to `ends_on`, both included."""

    kind: AnnouncementKind
    region: Place
    title: Title
    text: Body
    starts_on: date
    ends_on: date


class Announcement(Value):
    """`earlier` are the versions before `content`, oldest first. `begins_at` is when `starts_on` begins: lists are in its order."""

    id: str
    status: AnnouncementStatus = AnnouncementStatus.PUBLISHED
    content: AnnouncementContent
    earlier: tuple[AnnouncementContent, ...] = ()
    places: tuple[str, ...]
    begins_at: datetime

    def standing(self, today: date) -> Standing:
        """Where it stands on a day; only what is in force is public."""
        if self.status is AnnouncementStatus.WITHDRAWN:
            return "withdrawn"
        if today < self.content.starts_on:
            return "future"
        return "in_force" if today <= self.content.ends_on else "ended"


def oversees(actor: Actor, region: str, regions: Regions) -> bool:
    """A county's office is answerable for the county, one above for all that it contains (R14)."""
    return actor.region is not None and regions.is_within(region, actor.region)


def publish(
    known: Announcement | None, id: str, content: AnnouncementContent, regions: Regions, command: Command
) -> Decision[Announcement]:
    """A new one, once, for a region of the officer's own."""
    if known is not None:
        return Decision(known)
    today = local_date(command.at)
    if not oversees(command.actor, content.region, regions) or not regions.contains(content.region, today):
        raise ANNOUNCEMENT_REGION()
    _check_start(content, today)
    _check_end(content, max(today, content.starts_on))
    begins_at, places = midnight(content.starts_on), ancestors(content.region)
    new = Announcement(id=id, content=content, places=places, begins_at=begins_at)
    return Decision(new, history=(Entry(to=new.status, subject="1"),))


def change(known: Announcement | None, changes: dict[str, Any], regions: Regions, command: Command) -> Decision[Announcement]:
    """The next version, with these fields of the content replaced; the one before is kept. No difference changes nothing."""
    announcement, today = _alterable(known, command.actor, regions), local_date(command.at)
    before, number = announcement.content, len(announcement.earlier) + 2
    content = before.but(**changes)
    if content == before:
        return Decision(announcement)
    if number > VERSIONS:
        raise ANNOUNCEMENT_VERSIONS_FULL(limit=VERSIONS)
    if content.starts_on != before.starts_on:
        _check_start(content, today)
    _check_end(content, content.starts_on if content.ends_on == before.ends_on else max(today, content.starts_on))
    after = announcement.but(content=content, earlier=(*announcement.earlier, before), begins_at=midnight(content.starts_on))
    return Decision(after, history=(Entry(to=after.status, from_=after.status, subject=str(number)),))


def withdraw(known: Announcement | None, note: str, regions: Regions, command: Command) -> Decision[Announcement]:
    """Nobody but its officers reads it any more; `note` says why."""
    announcement = _alterable(known, command.actor, regions)
    after = announcement.but(status=AnnouncementStatus.WITHDRAWN)
    return Decision(after, history=(Entry(to=after.status, from_=announcement.status, note=note),))


def _alterable(known: Announcement | None, actor: Actor, regions: Regions) -> Announcement:
    if known is None or not oversees(actor, known.content.region, regions):
        raise NOT_FOUND()
    if known.status is AnnouncementStatus.WITHDRAWN:
        raise ANNOUNCEMENT_WITHDRAWN()
    return known


def _check_start(content: AnnouncementContent, today: date) -> None:
    if not today <= content.starts_on <= today + LONGEST_AHEAD:
        raise ANNOUNCEMENT_START(earliest=today.isoformat(), latest=(today + LONGEST_AHEAD).isoformat())


def _check_end(content: AnnouncementContent, earliest: date) -> None:
    latest = content.starts_on + LONGEST
    if not earliest <= content.ends_on <= latest:
        raise ANNOUNCEMENT_END(earliest=earliest.isoformat(), latest=latest.isoformat())
