"""What facts do here: keep what notices know of their subjects, and tell whom each fact concerns.

A batch is written together: first what is known, then who is told. Both are the same however often and in whatever order it is heard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from common.contracts.applications import ApplicationDueChanged, ApplicationStatusChanged, PlannedEndChanged
from common.contracts.base import Message
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.people import UnitRecognitionRequested, UnitRegistered, UnitStatusChanged
from common.contracts.postings import PostingStatusChanged
from common.contracts.topics import APPLICATIONS, CASES, PEOPLE, POSTINGS, REFERENCE, UNITS
from common.messaging.consumer import Subscription

from accounts.notices.domain import causes, reminders
from accounts.notices.domain.tracked import TrackedApplication, TrackedCase, TrackedPosting, TrackedUnit
from accounts.notices.handlers.tell import Cause, tell
from accounts.notices.repository import Notices

M = TypeVar("M", bound=Message)


class NoticeSubscriber:
    """The effects, over the parts of notices."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    def subscription(self) -> Subscription:
        topics = (APPLICATIONS, CASES, POSTINGS, UNITS, PEOPLE, REFERENCE)
        return Subscription(tuple(topic.name for topic in topics), "accounts.notices", self._hear, patient=True)

    async def _hear(self, events: list[Event]) -> None:
        await self._track_applications(events)
        await self._track_others(events)
        found = [Cause(event.id, event.time, told) for event in events for told in causes.told(event.data)]
        if found:
            await tell(self._notices, found)

    async def _track_applications(self, events: list[Event]) -> None:
        """One row an application, as of its newest event; a term that moved is looked at again now."""
        reference, known = await self._notices.reference.current(), self._notices.applications
        rows = []
        for event, message in _only(ApplicationStatusChanged, events):
            fields = message.model_dump(include={"person_id", "unit_id", "posting_id", "region", "due_at", "planned_end"})
            row = TrackedApplication(**fields, status=message.to, since=event.time)
            planned = reminders.of_application(message.application_id, row, reference)
            rows.append((_of(event, message.application_id), row.but(remind_at=reminders.next_after(planned, event.time))))
        await known.put(rows)
        for event, due in _only(ApplicationDueChanged, events):
            await known.merge([(_of(event, due.application_id), {"due_at": due.due_at, "remind_at": event.time})])
        for event, end in _only(PlannedEndChanged, events):
            if end.change == "agreed":
                fields = {"planned_end": end.planned_end, "due_at": None, "remind_at": event.time}
                await known.merge([(_of(event, end.application_id), fields)])

    async def _track_others(self, events: list[Event]) -> None:
        """Cases, units and postings: each row as of the newest event of its subject."""
        of_case = {"kind", "subject", "application_id", "region", "due_at"}
        await self._notices.cases.put(
            (event, TrackedCase(**case.model_dump(include=of_case), status=case.to, since=event.time, remind_at=case.due_at and event.time))
            for event, case in _only(CaseStatusChanged, events)
        )
        await self._notices.units.put(
            (event, TrackedUnit(name=unit.name, region=unit.region)) for event, unit in _only(UnitRegistered, events)
        )  # fmt: skip
        await self._notices.units.put(
            (event, TrackedUnit(**unit.model_dump(include={"name", "region", "recognised_until"}), status=unit.to, remind_at=event.time))
            for event, unit in _only(UnitStatusChanged, events)
        )
        await self._notices.units.merge((event, {"waiting": True}) for event, _ in _only(UnitRecognitionRequested, events))
        await self._notices.postings.put(
            (event, TrackedPosting(title=posting.title, unit_id=posting.unit_id)) for event, posting in _only(PostingStatusChanged, events)
        )


def _only(kind: type[M], events: Iterable[Event]) -> Iterator[tuple[Event, M]]:
    return ((event, event.data) for event in events if isinstance(event.data, kind))


def _of(event: Event, application_id: str) -> Event:
    """The same event as one of the application: the `seq` of its person orders its own changes too."""
    return replace(event, aggregate=application_id)
