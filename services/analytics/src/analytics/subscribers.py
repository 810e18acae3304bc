"""What is heard, in batches: one group a topic, so that each is replayed and falls behind by itself."""

from common.contracts.envelope import Event
from common.messaging.consumer import Subscription

from analytics.intake import TOPICS, take_in
from analytics.repository import Analytics


def subscriptions(analytics: Analytics) -> list[Subscription]:
    async def handle(events: list[Event]) -> None:
        await take_in(await analytics.live(), events)

    return [Subscription((topic,), f"analytics.{topic}", handle, patient=True) for topic in TOPICS]
