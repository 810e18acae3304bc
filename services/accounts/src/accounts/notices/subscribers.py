"""What facts do here: keep what notices know of their subjects, and tell whom each fact concerns.

A batch is written together: first what is known, then who is told. Both are the same however often and in whatever order it is heard.
"""

from dataclasses import replace

from common.contracts.applications import ApplicationDueChanged, ApplicationStatusChanged, PlannedEndChanged
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.people import UnitRegistered, UnitStatusChanged
from common.contracts.postings import PostingStatusChanged
from common.contracts.topics import APPLICATIONS, CASES, PEOPLE, POSTINGS, REFERENCE, UNITS
from common.messaging.consumer import Subscription, by_type
from common.store.mongo import Document

from accounts.notices.domain import causes
from accounts.notices.domain.tracked import TrackedApplication, TrackedCase, TrackedPosting, TrackedUnit
from accounts.notices.handlers.tell import Cause, tell
from accounts.notices.repository import Notices


class NoticeSubscriber:
    """The effects, over the parts of notices."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._track = by_type(
            {
                ApplicationStatusChanged: self._application_status_changed,
                ApplicationDueChanged: self._application_due_changed,
                PlannedEndChanged: self._planned_end_changed,
                CaseStatusChanged: self._case_status_changed,
                UnitRegistered: self._unit_registered,
                UnitStatusChanged: self._unit_status_changed,
                PostingStatusChanged: self._posting_status_changed,
            }
        )

    def subscriptions(self) -> list[Subscription]:
        topics = (APPLICATIONS, CASES, POSTINGS, UNITS, PEOPLE, REFERENCE)
        return [Subscription(tuple(topic.name for topic in topics), "accounts.notices", self._hear)]

    async def _hear(self, events: list[Event]) -> None:
        await self._track(events)
        found = [Cause(event.id, event.time, told) for event in events for told in causes.told(event.data)]
        if found:
            await tell(self._notices, found)

    async def _application_status_changed(self, event: Event, message: ApplicationStatusChanged) -> None:
        """One row an application; the `seq` of its person orders its own changes too. What it waits for is reminded of."""
        row = TrackedApplication(
            **message.model_dump(include={"person_id", "unit_id", "posting_id", "region", "due_at", "planned_end"}),
            status=message.to,
            since=event.time,
            remind_at=event.time,
        )
        await self._notices.applications.put([(_of(event, message.application_id), row)])

    async def _application_due_changed(self, event: Event, message: ApplicationDueChanged) -> None:
        await self._merge(event, message.application_id, {"due_at": message.due_at})

    async def _planned_end_changed(self, event: Event, message: PlannedEndChanged) -> None:
        if message.change == "agreed":
            await self._merge(event, message.application_id, {"planned_end": message.planned_end, "due_at": None})

    async def _merge(self, event: Event, application_id: str, fields: Document) -> None:
        """A term has moved: its reminders are planned anew."""
        await self._notices.applications.merge([(_of(event, application_id), {**fields, "remind_at": event.time})])

    async def _case_status_changed(self, event: Event, message: CaseStatusChanged) -> None:
        row = TrackedCase(
            **message.model_dump(include={"kind", "region", "due_at"}),
            status=message.to,
            remind_at=event.time if message.due_at else None,
        )
        await self._notices.cases.put([(event, row)])

    async def _unit_registered(self, event: Event, message: UnitRegistered) -> None:
        await self._notices.units.put([(event, TrackedUnit(name=message.name, region=message.region))])

    async def _unit_status_changed(self, event: Event, message: UnitStatusChanged) -> None:
        row = TrackedUnit(**message.model_dump(include={"name", "region", "recognised_until"}), status=message.to, remind_at=event.time)
        await self._notices.units.put([(event, row)])

    async def _posting_status_changed(self, event: Event, message: PostingStatusChanged) -> None:
        await self._notices.postings.put([(event, TrackedPosting(title=message.title, unit_id=message.unit_id))])


def _of(event: Event, application_id: str) -> Event:
    return replace(event, aggregate=application_id)
