"""Topics of a test's own for the messaging."""

from collections.abc import AsyncIterator

import pytest
from common.messaging.topics import create_topics
from common.settings import Settings

from . import kafka as k


@pytest.fixture
async def seats(settings: Settings) -> AsyncIterator[k.Topic]:
    """Topic `seats`, with two partitions."""
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    async with k.topic(settings, "seats") as topic:
        yield topic
