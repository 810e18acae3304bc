"""A store and a topic of a test's own."""

from collections.abc import AsyncIterator

import pytest
from common.messaging.topics import create_topics
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import Mongo

from . import counters as c
from . import kafka as k


@pytest.fixture
async def seats(settings: Settings) -> AsyncIterator[k.Topic]:
    """Topic `seats`, with two partitions."""
    await create_topics(settings.kafka, settings.namespace, partitions=2)
    async with k.topic(settings, "seats") as topic:
        yield topic


@pytest.fixture
async def store(mongo: Mongo) -> Store[c.Counter]:
    """The store of counters."""
    store = c.counters(mongo)
    await store.prepare()
    return store
