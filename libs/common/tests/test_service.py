"""How a service runs: ready without Kafka as an API, honest about its health, restarted by nobody but its supervisor."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from common import service as service_module
from common import vitals
from common.decision import SYSTEM
from common.errors import Refusal
from common.ids import new_id
from common.messaging import consumers as consumers_module
from common.service import Job
from common.settings import Settings
from common.store.mongo import Mongo
from common.store.reference import ReferenceData
from common.testing.eventually import eventually

from . import counters as c
from . import kafka as k
from .running import counting, heard, running, value

NO_KAFKA = "127.0.0.1:1"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(consumers_module, "RETRY_SECONDS", 0.05)


async def test_the_api_role_starts_and_stays_ready_while_kafka_is_away(settings: Settings, mongo: Mongo) -> None:
    away = settings.model_copy(update={"kafka": NO_KAFKA})
    async with running(counting(away, subscriptions=[heard([])]), "api") as api:
        assert await api.ready()
        id = new_id("pst")
        assert await api.service.stores[0].execute(id, c.command(), c.add_one(id), c.answer) == {"count": 1}
        assert await api.ready()
        assert await api.stopped() == []
        assert [task.get_name() for task in api.service.tasks] == ["clock", "vitals"]


async def test_a_worker_without_kafka_is_alive_but_not_ready(settings: Settings, mongo: Mongo) -> None:
    away = settings.model_copy(update={"kafka": NO_KAFKA})
    async with running(counting(away, subscriptions=[heard([])]), "worker") as worker:
        status, body = await worker.get("/readyz")
        assert (status, list(body["failed"])) == (503, ["kafka"])
        assert await worker.stopped() == []


async def test_a_worker_is_ready_and_does_its_work(settings: Settings, mongo: Mongo, seats: k.Topic) -> None:
    seen: list[int] = []
    async with running(counting(settings, subscriptions=[heard(seen)]), "worker") as worker:
        await eventually(worker.ready, what="the worker is ready")
        id = new_id("pst")
        await c.counters(mongo).execute(id, c.command(), c.add_one(id), c.answer)
        await eventually(k.is_equal(lambda: value(seen), [1]), what="another process's event is relayed and consumed")
        metrics = await worker.metrics()
    assert 'jianxi_published_events_total{service="applications",topic="seats"}' in metrics
    assert f'jianxi_consumed_events_total{{group="{settings.group("test.seats")}",outcome="handled"}} 1.0' in metrics


async def test_a_worker_that_started_before_kafka_begins_when_it_comes(settings: Settings, mongo: Mongo, seats: k.Topic) -> None:
    host, port = settings.kafka.split(":")
    async with _reserved() as (address, open_to):
        seen: list[int] = []
        late = settings.model_copy(update={"kafka": address})
        async with running(counting(late, subscriptions=[heard(seen)]), "all") as both:
            assert await both.ready(), "a process that also serves HTTP is ready without Kafka"
            id = new_id("pst")
            await both.service.stores[0].execute(id, c.command(), c.add_one(id), c.answer)
            await open_to(host, int(port))
            await eventually(k.is_equal(lambda: value(seen), [1]), within=20, what="the waiting event is relayed and consumed")


@asynccontextmanager
async def _reserved() -> AsyncIterator[tuple[str, Callable[[str, int], Awaitable[None]]]]:
    """An address where nothing answers until it is opened to a target."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    opened: list[asyncio.Server] = []
    pumps: set[asyncio.Task[None]] = set()

    async def open_to(host: str, target: int) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            back_reader, back_writer = await asyncio.open_connection(host, target)
            pumps.update(asyncio.create_task(_pump(*pair)) for pair in ((reader, back_writer), (back_reader, writer)))

        opened.append(await asyncio.start_server(serve, "127.0.0.1", port))

    yield f"127.0.0.1:{port}", open_to
    for one in opened:
        one.close()
    await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def test_without_the_database_nothing_is_ready_and_the_start_waits_for_it(settings: Settings, mongo: Mongo) -> None:
    async with running(counting(settings), "api") as api:
        assert await api.ready()
        gone = Mongo("mongodb://127.0.0.1:1", "x")
        api.app.state.ready_checks["mongo"] = gone.ping
        assert await api.get("/readyz") == (503, {"ready": False, "failed": {"mongo": "TimeoutError"}})
        await gone.close()
    service = counting(settings)
    failures = iter([ConnectionError("示例"), ConnectionError("示例"), None])
    prepare = service.stores[0].prepare

    async def fail_twice() -> None:
        if error := next(failures):
            raise error
        await prepare()

    service.stores[0].prepare = fail_twice  # type: ignore[method-assign]
    async with running(service, "api") as api:
        assert await api.ready()
    assert next(failures, "all used") == "all used"


async def test_a_service_with_reference_data_is_ready_once_all_of_it_was_heard(settings: Settings, mongo: Mongo) -> None:
    service = counting(settings)
    service.collections = [ReferenceData(service.mongo)]
    async with running(service, "api") as api:
        assert await api.get("/readyz") == (503, {"ready": False, "failed": {"reference": "LookupError"}})


@asynccontextmanager
async def _stuck() -> AsyncIterator[int]:
    """The port of a server that takes every connection and never says a word."""
    held: set[asyncio.Task[None]] = set()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.add(asyncio.current_task())  # type: ignore[arg-type]
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.gather(*held)


async def test_all_that_readiness_asks_is_asked_at_once(settings: Settings, mongo: Mongo) -> None:
    both = asyncio.Barrier(2)
    async with running(counting(settings), "api") as api:
        api.app.state.ready_checks |= {"one": both.wait, "other": both.wait}
        assert await api.ready(), "each waits for the other to begin"


async def test_a_server_that_takes_connections_and_answers_nothing_is_found_out(settings: Settings, mongo: Mongo) -> None:
    async with _stuck() as port:
        stuck = settings.model_copy(update={"kafka": f"127.0.0.1:{port}"})
        silent = Mongo(f"mongodb://127.0.0.1:{port}/?directConnection=true", "x")
        async with running(counting(stuck, subscriptions=[heard([])]), "worker") as worker:
            worker.app.state.ready_checks |= {"mongo": silent.ping, "reference": silent.ping}
            status, body = await worker.get("/readyz")
            assert (status, sorted(body["failed"])) == (503, ["kafka", "mongo", "reference"])
            assert await worker.stopped() == [], "a restart would mend nothing"
        async with running(counting(stuck, subscriptions=[heard([])]), "api") as api:
            assert await api.ready(), "an API needs no Kafka"
        await silent.close()


async def test_while_too_much_waits_for_kafka_commands_of_people_are_refused_and_the_system_goes_on(
    settings: Settings, mongo: Mongo, seats: k.Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vitals, "SECONDS", 0.05)
    away = settings.model_copy(update={"kafka": NO_KAFKA, "backlog_limit": 3})
    async with running(counting(away), "api") as api:
        store, id = api.service.stores[0], new_id("pst")

        async def refused() -> bool:
            try:
                await store.execute(id, c.command(), c.add_one(id))
            except Refusal as refusal:
                return refusal.code == "backlog_full" and refusal.facts == {"seconds": 30}
            return False

        await eventually(refused)
        before = await store.get(id)
        assert before is not None
        assert before.count >= 3
        assert await refused()
        assert await store.get(id) == before, "a refused command changes nothing"
        by_the_system = replace(c.command(), actor=SYSTEM)
        assert await store.execute(id, by_the_system, c.add_one(id), c.answer) == {"count": before.count + 1}
    async with running(counting(away.model_copy(update={"kafka": settings.kafka})), "worker") as worker:
        store = worker.service.stores[0]

        async def accepted() -> bool:
            with contextlib.suppress(Refusal):
                return bool(await store.execute(id, c.command(), c.add_one(id), c.answer))
            return False

        await eventually(accepted, what="what waited is published, and there is room again")


async def test_a_job_that_fails_is_run_again_long_before_its_next_turn(settings: Settings, mongo: Mongo) -> None:
    runs: list[int] = []

    async def fail_at_first() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            raise RuntimeError("示例")

    away = settings.model_copy(update={"kafka": NO_KAFKA})
    async with running(counting(away, jobs=[Job("sweep", 3600, fail_at_first)]), "worker") as worker:
        await eventually(lambda: value(len(runs) == 3))
        assert await worker.stopped() == []


async def test_everything_has_ended_when_the_process_ends(settings: Settings, mongo: Mongo, seats: k.Topic) -> None:
    async with running(counting(settings, subscriptions=[heard([])]), "all") as both:
        await eventually(lambda: mongo.collection("lease_members").find_one({}))
    assert all(task.done() for task in both.service.tasks)
    assert await mongo.collection("lease_members").count_documents({}) == 0
    assert await mongo.collection("leases").count_documents({"owner": {"$ne": None}}) == 0
