"""The story of each command: the rule decides on the state as it is, and the answer shows what became of it."""

from collections.abc import Callable

from common.calendar import local_date
from common.decision import Command, Decision
from common.ids import derived_id
from common.store.aggregate import Answer
from common.values import Value

from postings.announcements import domain
from postings.announcements.domain import Announcement, AnnouncementContent
from postings.announcements.repository import Announcements
from postings.announcements.views import ReadAnnouncement


async def publish(announcements: Announcements, command: Command, content: AnnouncementContent) -> Answer:
    """The same key makes the same announcement."""
    id, reference = derived_id("ann", command.actor.id, command.key), await announcements.reference.current()
    return await _execute(announcements, id, command, lambda known: domain.publish(known, id, content, reference.regions, command))


async def change(announcements: Announcements, id: str, command: Command, changes: Value) -> Answer:
    """A field left out stays as it is."""
    named = {name: getattr(changes, name) for name in changes.model_dump(exclude_none=True)}
    regions = (await announcements.reference.current()).regions
    return await _execute(announcements, id, command, lambda known: domain.change(known, named, regions, command))


async def withdraw(announcements: Announcements, id: str, command: Command, note: str) -> Answer:
    regions = (await announcements.reference.current()).regions
    return await _execute(announcements, id, command, lambda known: domain.withdraw(known, note, regions, command))


async def _execute(
    announcements: Announcements, id: str, command: Command, decide: Callable[[Announcement | None], Decision[Announcement]]
) -> Answer:
    reference, today = await announcements.reference.current(), local_date(command.at)
    return await announcements.store.execute(
        id, command, decide, lambda announcement: ReadAnnouncement.of(announcement, reference, today).model_dump(mode="json")
    )
