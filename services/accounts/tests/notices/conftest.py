"""The desk of accounts, told facts as they happen."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from accounts.notices.handlers.deliver import deliver_due
from accounts.notices.handlers.remind import remind_all
from accounts.notices.repository import Notices
from common.calendar import ONE_DAY, SHANGHAI, midnight
from common.contracts.base import Message
from common.contracts.envelope import Event
from common.contracts.words import Status
from common.decision import Actor
from common.store.mongo import Document

from ..builders import application
from ..conftest import Desk


class Post:
    """Facts in, notices out."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.parts: Notices = desk.parts.notices
        self._seqs: dict[str, int] = {}

    @property
    def now(self) -> datetime:
        return self.parts.clock.now()

    def event(self, aggregate: str, message: Message) -> Event:
        """The next fact of an aggregate, happening now."""
        self._seqs[aggregate] = self._seqs.get(aggregate, 0) + 1
        return Event(aggregate, self._seqs[aggregate], "test", self.now, message)

    async def hear(self, *events: Event) -> None:
        """As one batch of the group of notices."""
        [subscription] = [one for one in self.desk.service.subscriptions if one.group == "accounts.notices"]
        await subscription.handle(list(events))

    async def happens(self, aggregate: str, message: Message) -> Event:
        event = self.event(aggregate, message)
        await self.hear(event)
        return event

    async def applies(self, intern: Actor, unit: Actor, to: Status, **changes: Any) -> Event:
        assert unit.unit_id
        return await self.happens(intern.id, application(intern.id, unit.unit_id, to, **changes))

    async def inbox(self, who: Actor, **query: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.desk.ok("GET", "/me/notices", who, **query))["items"]
        return items

    async def templates(self, who: Actor) -> list[str]:
        """Of everything in the inbox, newest first."""
        return [item["template"] for item in await self.inbox(who, limit=100)]

    async def rows(self) -> list[Document]:
        return await self.parts.notices.find().sort("_id").to_list()

    async def deliveries(self, **query: Any) -> list[Document]:
        return await self.parts.outbox.collection.find(query).sort([("queued_at", 1), ("_id", 1)]).to_list()

    async def deliver(self) -> None:
        await deliver_due(self.parts)

    async def remind(self) -> None:
        await remind_all(self.parts)

    def until(self, instant: datetime) -> None:
        """Put the clock forward to an instant."""
        self.desk.later(seconds=(instant - self.now).total_seconds())

    def until_ten(self) -> None:
        """To the next morning, when short messages may go out."""
        local = self.now.astimezone(SHANGHAI)
        self.until(midnight(local.date() + ONE_DAY) + timedelta(hours=10))


@pytest.fixture
def post(desk: Desk) -> Post:
    post = Post(desk)
    post.until_ten()
    return post
