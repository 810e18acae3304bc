"""What is heard, in batches."""

from common.contracts.envelope import Event
from common.messaging.consumer import Subscription

from analytics.intake import TOPICS, take_in
from analytics.repository import Analytics


def history(analytics: Analytics) -> Subscription:
    async def handle(events: list[Event]) -> None:
        await take_in(await analytics.live(), events)

    return Subscription(tuple(TOPICS), "analytics.history", handle, patient=True)
