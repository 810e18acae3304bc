"""What the way to the database shows of itself: waits for a slot of ours and for a connection of the driver's pool."""

import asyncio
import time
from typing import Literal

from pymongo import monitoring

from common.metrics import CONNECTION_FAILURES, CONNECTION_WAIT, CONNECTIONS, SLOT_WAIT


class Slots(asyncio.Semaphore):
    """A semaphore that measures how long each had to wait for it."""

    def __init__(self, count: int, database: str) -> None:
        super().__init__(count)
        self._wait = SLOT_WAIT.labels(database)

    async def acquire(self) -> Literal[True]:
        began = time.perf_counter()
        await super().acquire()
        self._wait.observe(time.perf_counter() - began)
        return True


class PoolMetrics(monitoring.ConnectionPoolListener):
    """The metrics of OpenTelemetry for a pool of connections; `pool` is the database it is used for."""

    def __init__(self, pool: str) -> None:
        self._idle, self._used = CONNECTIONS.labels(pool, "idle"), CONNECTIONS.labels(pool, "used")
        self._wait, self._failures = CONNECTION_WAIT.labels(pool), CONNECTION_FAILURES.labels(pool)

    def connection_created(self, event: monitoring.ConnectionCreatedEvent) -> None:
        self._idle.inc()

    def connection_closed(self, event: monitoring.ConnectionClosedEvent) -> None:
        self._idle.dec()

    def connection_checked_out(self, event: monitoring.ConnectionCheckedOutEvent) -> None:
        self._idle.dec()
        self._used.inc()
        self._wait.observe(event.duration or 0)

    def connection_checked_in(self, event: monitoring.ConnectionCheckedInEvent) -> None:
        self._used.dec()
        self._idle.inc()

    def connection_check_out_failed(self, event: monitoring.ConnectionCheckOutFailedEvent) -> None:
        self._failures.inc()

    def connection_check_out_started(self, event: monitoring.ConnectionCheckOutStartedEvent) -> None: ...

    def connection_ready(self, event: monitoring.ConnectionReadyEvent) -> None: ...

    def pool_created(self, event: monitoring.PoolCreatedEvent) -> None: ...

    def pool_ready(self, event: monitoring.PoolReadyEvent) -> None: ...

    def pool_cleared(self, event: monitoring.PoolClearedEvent) -> None: ...

    def pool_closed(self, event: monitoring.PoolClosedEvent) -> None: ...
