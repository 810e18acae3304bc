"""Alive is a process whose tasks run and whose consumers get on: what is not is restarted by its supervisor."""

import asyncio
from typing import Any

import pytest
from common.contracts.envelope import Event
from common.messaging import broker
from common.messaging import consumers as consumers_module
from common.messaging.broker import create_broker
from common.messaging.consumer import Subscription
from common.service import Job
from common.settings import Settings
from common.store.mongo import Mongo
from common.testing.eventually import eventually
from common.web import health

from . import kafka as k
from .running import counting, heard, running, value


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers_module, "RETRY_SECONDS", 0.05)


@pytest.mark.parametrize("name", ["relay", "consumers", "clock", "sweep"])
async def test_a_dead_task_makes_the_process_not_alive(settings: Settings, mongo: Mongo, seats: k.Topic, name: str) -> None:
    async def nothing() -> None: ...

    async with running(counting(settings, jobs=[Job("sweep", 60, nothing)]), "worker") as worker:
        assert await worker.stopped() == []
        worker.task(name).cancel()
        await eventually(k.is_equal(worker.stopped, [name]))


async def test_a_consumer_that_has_ended_makes_the_process_not_alive(
    settings: Settings, mongo: Mongo, seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection was closed under it: the library does not start such a one again."""
    brokers: list[Any] = []

    def create(*where: str) -> Any:
        brokers.append(create_broker(*where))
        return brokers[-1]

    monkeypatch.setattr(consumers_module, "create_broker", create)
    async with running(counting(settings, subscriptions=[heard([])]), "worker") as worker:
        await eventually(worker.ready)
        consumer = await eventually(lambda: value([s.consumer for s in brokers[0].subscribers if s.consumer and s.tasks]))
        await consumer[0].stop()
        await eventually(k.is_equal(worker.stopped, ["consumers"]))


async def test_a_consumer_stuck_in_a_batch_makes_the_process_not_alive_as_long_as_it_is(
    settings: Settings, mongo: Mongo, seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert health.STUCK_SECONDS < broker.POLL_SECONDS, "the process is restarted before its partitions go elsewhere"
    goes_on = asyncio.Event()

    async def fail_until_mended(_: list[Event]) -> None:
        if not goes_on.is_set():
            raise RuntimeError("示例")

    group = settings.group("test.seats")
    parts = [Subscription(("seats",), "test.seats", fail_until_mended)]
    async with running(counting(settings, subscriptions=parts), "worker") as worker:
        await eventually(worker.ready)
        idle = f'jianxi_consumer_batch_seconds{{group="{group}"}} 0.0'
        assert idle in (await worker.metrics()).splitlines()
        await seats.say("pst_1", 1, k.seats("pst_1", taken=1))
        await eventually(lambda: value(worker.app.state.consumers[0].batch_seconds() > 0))
        assert await worker.stopped() == []
        assert idle not in (await worker.metrics()).splitlines()
        monkeypatch.setattr(health, "STUCK_SECONDS", 0.2)
        stuck = (503, {"alive": False, "stopped": [], "stuck": [group]})
        await eventually(k.is_equal(lambda: worker.get("/livez"), stuck), what="several tries of one batch count together")
        goes_on.set()
        await eventually(k.is_equal(lambda: worker.get("/livez"), (200, {"alive": True, "stopped": [], "stuck": []})))
