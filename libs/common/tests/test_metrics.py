"""Metrics on the real parts: each moves when the thing that it tells of happens, and what cannot be known is not shown."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from common import vitals
from common.clock import Clock
from common.contracts.envelope import Event, headers
from common.ids import new_id
from common.messaging.consumer import Subscription
from common.service import Job, Service
from common.settings import Settings
from common.store.mongo import Mongo
from common.sweep import each
from common.tasks import end_tasks
from common.testing.eventually import eventually
from prometheus_client import REGISTRY

from . import counters as c
from . import kafka as k
from .running import Running, counting, heard, running, value

GROUP = "test.seats"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "SECONDS", 0.05)


def sample(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def shows(value: float | None, name: str, **labels: str) -> Callable[[], Awaitable[bool]]:
    """A probe: the metric has this value (None: it is not shown)."""

    async def probe() -> bool:
        seen = sample(name, **labels)
        assert seen == value, f"{name} is {seen}"
        return True

    return probe


@pytest.fixture
async def worker(settings: Settings, mongo: Mongo, seats: k.Topic) -> AsyncIterator[Running]:
    async with running(counting(settings, subscriptions=[heard([])]), "worker") as worker:
        await eventually(worker.ready)
        yield worker


async def count(service: Service) -> None:
    id = new_id("pst")
    await service.stores[0].execute(id, c.command(at=service.clock.now()), c.add_one(id), c.answer)


async def test_events_that_wait_are_counted_in_the_database_with_their_age(settings: Settings, mongo: Mongo) -> None:
    """By an API as well, which knows nothing of Kafka."""
    labels = {"service": "applications", "store": "counters"}
    async with running(counting(settings), "api") as api:
        await eventually(shows(0, "jianxi_pending_events", **labels))
        assert sample("jianxi_pending_oldest_seconds", **labels) == 0
        now = api.service.clock.now()
        for id in (new_id("pst"), new_id("pst")):
            await api.service.stores[0].execute(id, c.command(at=now - timedelta(minutes=5)), c.add_one(id), c.answer)
        await eventually(shows(2, "jianxi_pending_events", **labels))
        assert 300 <= (sample("jianxi_pending_oldest_seconds", **labels) or 0) < 360


async def test_what_is_published_is_counted_and_no_longer_waits(settings: Settings, worker: Running) -> None:
    published = sample("jianxi_published_events_total", service="applications", topic="seats") or 0
    await count(worker.service)
    await eventually(shows(published + 1, "jianxi_published_events_total", service="applications", topic="seats"))
    await eventually(shows(0, "jianxi_pending_events", service="applications", store="counters"))
    assert sample("jianxi_relay_shards", service="applications") == 16


async def test_the_lag_is_what_the_group_has_not_committed_of_all_partitions(settings: Settings, mongo: Mongo, seats: k.Topic) -> None:
    """A group that has never committed lacks all that is kept; whoever holds the partitions has no say in it."""
    goes_on = asyncio.Event()

    async def handle(_: list[Event]) -> None:
        await goes_on.wait()

    labels = {"consumergroup": settings.group(GROUP), "topic": settings.topic("seats")}
    for seq in range(1, 4):
        await seats.say("pst_1", seq, k.seats("pst_1", seq))
    async with running(counting(settings, subscriptions=[Subscription(("seats",), GROUP, handle)]), "worker"):
        await eventually(shows(3, "kafka_consumergroup_lag_sum", **labels))
        await seats.say("pst_1", 4, k.seats("pst_1", 4))
        await eventually(shows(4, "kafka_consumergroup_lag_sum", **labels))
        goes_on.set()
        await eventually(shows(0, "kafka_consumergroup_lag_sum", **labels))
    assert (sample("messaging_process_duration_seconds_count", group=settings.group(GROUP)) or 0) >= 1


async def test_open_dead_letters_are_counted_by_group(settings: Settings, seats: k.Topic, worker: Running) -> None:
    await eventually(shows(0, "jianxi_dead_letters_open", group=settings.group(GROUP)))
    await seats.send(b"pst_1", b"{", headers("pst_1", 1, "seats.changed.v1", "test", k.AT, ""))
    await eventually(shows(1, "jianxi_dead_letters_open", group=settings.group(GROUP)))


async def test_without_a_server_it_is_said_and_nothing_old_is_shown(settings: Settings, mongo: Mongo, seats: k.Topic) -> None:
    lag = {"consumergroup": settings.group(GROUP), "topic": settings.topic("seats")}
    service = counting(settings, subscriptions=[heard([])])
    async with running(service, "worker"):
        await eventually(shows(0, "kafka_consumergroup_lag_sum", **lag))
        await eventually(shows(1, "jianxi_dependency_up", service="applications", dependency="mongo"))
        assert sample("jianxi_dependency_up", service="applications", dependency="kafka") == 1
        whole, gone = service.mongo.client, Mongo("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50", "gone")
        service.mongo.client = gone.client
        await eventually(shows(0, "jianxi_dependency_up", service="applications", dependency="mongo"))
        assert sample("jianxi_pending_events", service="applications", store="counters") is None
        service.mongo.client = whole
        await gone.close()
    away = counting(settings.model_copy(update={"kafka": "127.0.0.1:1"}), subscriptions=[heard([])])
    async with running(away, "worker"):
        await eventually(shows(0, "jianxi_dependency_up", service="applications", dependency="kafka"))
        assert sample("kafka_consumergroup_lag_sum", **lag) is None


async def test_a_server_that_gave_no_answer_for_long_is_asked_again_at_once() -> None:
    """One that answers slowly is spared instead."""
    asked: list[float] = []

    async def look() -> None:
        asked.append(asyncio.get_running_loop().time())
        if len(asked) == 1:
            await asyncio.sleep(0.2)
            raise TimeoutError

    watching = asyncio.create_task(vitals._again("kafka", look, lambda _: None))
    await eventually(lambda: value(len(asked) > 1), within=3)
    await end_tasks([watching])


async def test_runs_of_a_job_are_timed_and_counted_and_its_last_success_is_known(settings: Settings, mongo: Mongo) -> None:
    ends = iter([RuntimeError("示例"), None])
    name = new_id("job")

    async def once_badly() -> None:
        if error := next(ends, None):
            raise error

    before = Clock().now().timestamp() - 60
    async with running(counting(settings, jobs=[Job(name, 0.01, once_badly)]), "worker"):
        await eventually(shows(1, "jianxi_job_failures_total", service="applications", job_name=name))

        async def succeeded() -> bool:
            return (sample("jianxi_job_last_success_timestamp_seconds", service="applications", job_name=name) or 0) > before

        await eventually(succeeded)
    assert (sample("jianxi_job_duration_seconds_count", service="applications", job_name=name) or 0) >= 2


async def test_a_sweep_tells_what_it_did_and_how_late() -> None:
    name = new_id("sweep")

    async def fail_at_two(item: int) -> None:
        if item == 2:
            raise RuntimeError("示例")

    await each(name, (1, 2, 3), fail_at_two, late=lambda item: item * 100.0)
    assert sample("jianxi_sweep_items_total", sweep=name, outcome="done") == 2
    assert sample("jianxi_sweep_items_total", sweep=name, outcome="failed") == 1
    assert sample("jianxi_sweep_delay_seconds_sum", sweep=name) == 400
    assert sample("jianxi_sweep_delay_seconds_bucket", sweep=name, le="60.0") == 0


async def test_waits_on_the_way_to_the_database_are_measured(settings: Settings) -> None:
    database = settings.database("waits")
    mongo = Mongo(settings.mongo, database)
    pool = {"db_client_connection_pool_name": database}

    async def slow() -> None:
        async with mongo.slot:
            await mongo.client.admin.command("ping")

    held = [await mongo.slot.acquire() for _ in range(48)]
    waiting = asyncio.create_task(slow())
    await asyncio.sleep(0)
    assert sample("db_client_connection_wait_time_seconds_count", **pool) == len(held)
    assert sample("db_client_connection_count", **pool, db_client_connection_state="used") == len(held)
    for _ in held:
        mongo.slot.release()
    await waiting
    assert sample("db_client_connection_wait_time_seconds_count", **pool) == len(held) + 1
    assert sample("db_client_connection_count", **pool, db_client_connection_state="used") == 0
    assert sample("db_client_connection_count", **pool, db_client_connection_state="idle") == len(held)
    await mongo.close()


def test_the_process_itself_is_shown() -> None:
    for name in ("process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_start_time_seconds"):
        assert (sample(name) or 0) > 0
