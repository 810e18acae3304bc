"""How far consumer groups are behind: what Kafka itself says of its topics' ends and of what each group has committed."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from common.messaging.broker import start_reader

_PATIENCE_MS = 2_000
Lag = dict[tuple[str, str], int]
"""By group and topic: records not yet committed."""


class LagReader:
    """Keeps its connections; whatever fails drops them.

    A reading is never cancelled on its way: the library would leave a connection behind that it has half made.
    """

    def __init__(self, kafka: str, client_id: str) -> None:
        self._kafka = kafka
        self._client_id = client_id
        self._admin: AIOKafkaAdminClient | None = None
        self._reader: AIOKafkaConsumer | None = None
        self._reading: asyncio.Future[Lag] | None = None

    async def read(self, groups: Mapping[str, Collection[str]]) -> Lag:
        """Of the groups with their topics. Where a group has committed nothing, all that is kept waits. Raises while Kafka is away."""
        self._reading = asyncio.ensure_future(self._read(groups))
        return await asyncio.shield(self._reading)

    async def close(self) -> None:
        """Once the reading on its way has ended, which takes some seconds when Kafka does not answer."""
        if self._reading:
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._drop()

    async def _read(self, groups: Mapping[str, Collection[str]]) -> Lag:
        try:
            admin, reader = await self._connected()
            topics = sorted({topic for topics in groups.values() for topic in topics})
            described = await admin.describe_topics(topics)
            places = [TopicPartition(one["topic"], part["partition"]) for one in described for part in one["partitions"]]
            ends, starts = await reader.end_offsets(places), await reader.beginning_offsets(places)
            committed = await asyncio.gather(*(admin.list_consumer_group_offsets(group) for group in groups))
        except BaseException:
            await self._drop()
            raise
        lag = {(group, topic): 0 for group, topics in groups.items() for topic in topics}
        for (group, heard), offsets in zip(groups.items(), committed, strict=True):
            for place in places:
                if place.topic in heard:
                    done = offsets[place].offset if place in offsets else 0
                    lag[group, place.topic] += max(ends[place] - max(done, starts[place]), 0)
        return lag

    async def _drop(self) -> None:
        admin, reader, self._admin, self._reader = self._admin, self._reader, None, None
        with contextlib.suppress(Exception):
            if admin:
                await admin.close()
        with contextlib.suppress(Exception):
            if reader:
                await reader.stop()

    async def _connected(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._admin is None:
            self._admin = AIOKafkaAdminClient(bootstrap_servers=self._kafka, client_id=self._client_id, request_timeout_ms=_PATIENCE_MS)
            await self._admin.start()
        if self._reader is None:
            self._reader = await start_reader(self._kafka, self._client_id, patience_ms=_PATIENCE_MS)
        return self._admin, self._reader
