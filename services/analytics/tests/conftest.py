"""The analytics service in-process on a real database: HTTP by ASGI, published events handed to its subscriptions."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2
import pytest
from analytics.app import build
from analytics.repository import Analytics
from analytics.settings import AnalyticsSettings
from common.contracts.envelope import Event
from common.contracts.topics import topic_of
from common.contracts.words import Role
from common.decision import Actor
from common.ids import new_id
from common.keys import Keys
from common.service import Service
from common.settings import Settings
from common.testing.in_process import in_process, reference_events
from common.testing.tokens import sign

from .builders import BEGIN

COUNTY, CITY, PROVINCE = "520102", "520100", "520000"
ANALYST = Actor(id=new_id("stf"), role=Role.ANALYST, region=PROVINCE)


def officer(region: str) -> Actor:
    return Actor(id=new_id("stf"), role=Role.OFFICER, region=region)


class Desk:
    """The service under test."""

    def __init__(self, service: Service, keys: Keys, client: httpx2.AsyncClient) -> None:
        self.service, self._keys, self._client = service, keys, client
        self.parts: Analytics = service.deps

    async def call(self, path: str, who: Actor | None, **query: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {sign(self._keys.token_private, who)}"} if who else {}
        return await self._client.get(f"/api/v1/statistics{path}", headers=headers, params=query)

    async def ask(self, measure: str, who: Actor = ANALYST, **query: Any) -> dict[str, Any]:
        """A statistic as it is shown."""
        answer = await self.call(f"/{measure}", who, **query)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def lines(self, measure: str, who: Actor = ANALYST, **query: Any) -> dict[str, dict[str, Any]]:
        """The figures by group."""
        return {line["group"]: line["figures"] for line in (await self.ask(measure, who, **query))["lines"]}

    async def refused(self, code: str, status: int, path: str, who: Actor | None, **query: Any) -> None:
        answer = await self.call(path, who, **query)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text

    async def hear(self, events: Sequence[Event]) -> None:
        """As one batch for each topic, in this order."""
        for subscription in self.service.subscriptions:
            batch = [event for event in events if topic_of(type(event.data)).name in subscription.topics]
            if batch:
                await subscription.handle(batch)


@pytest.fixture
def analytics_settings(settings: Settings) -> AnalyticsSettings:
    return AnalyticsSettings.model_validate(settings.model_dump())


@pytest.fixture
async def desk(analytics_settings: AnalyticsSettings, keys: Keys) -> AsyncIterator[Desk]:
    """The service with the package's reference data heard."""
    service = build(analytics_settings)
    async with in_process(service, reference_events(BEGIN)) as client:
        yield Desk(service, keys, client)
