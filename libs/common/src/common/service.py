"""How every service runs: in the roles api, worker or both.

The API role answers HTTP and never touches Kafka, so it starts and stays ready without it. The worker role relays
events, consumes topics and runs the periodic jobs. Both serve health and metrics. Any number of replicas of each.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from fastapi import APIRouter, FastAPI

from common.checks import aggregates
from common.checks.daily import DailyCheck
from common.checks.find import Check
from common.clock import Clock
from common.messaging.consumer import Subscription
from common.messaging.consumers import Consumers
from common.messaging.dead_letters import DeadLetters
from common.messaging.relay import Relay
from common.metrics import JOB_FAILURES, JOB_SECONDS, JOB_SUCCESS
from common.settings import Settings
from common.store.aggregate import Store
from common.store.mongo import OUTCOME_UNKNOWN, Mongo
from common.store.reference import ReferenceData
from common.tasks import end_tasks
from common.tokens import TokenVerifier
from common.vitals import Vitals
from common.web import checks as checks_api
from common.web import health, problem
from common.web.ask import RegionOf, WhomToAsk, nowhere
from common.web.middleware import Around

ROLES = ("api", "worker", "all")
_CLOCK_SYNC_SECONDS = 30.0
_RETRY_SECONDS = 1.0
_CHECK_SECONDS = 60.0
_AFTER_COMMANDS_SECONDS = 0.1
"""A request is given up so long after a command is, which then has ended by its own limit, in better order."""
log = structlog.get_logger()


class Prepared(Protocol):
    async def prepare(self) -> None: ...


@dataclass(frozen=True)
class Job:
    """Runs every so many seconds on every worker replica, sooner after a failure: after 1, 2, 4 … seconds.

    Must be harmless when two do it at once.
    """

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]


@dataclass
class Service:
    """The parts of one service: its table of contents. `deps` is what its handlers take as first argument.

    `region_of` tells where an actor without an office belongs, for whom to ask (G17). `checks` look for what does not hold in its
    database, beside what holds of every aggregate (R27).
    """

    name: str
    settings: Settings
    mongo: Mongo
    clock: Clock
    deps: Any
    routers: Sequence[APIRouter] = ()
    stores: Sequence[Store[Any]] = ()
    collections: Sequence[Prepared] = ()
    subscriptions: Sequence[Subscription] = ()
    jobs: Sequence[Job] = ()
    region_of: RegionOf = nowhere
    checks: Sequence[Check] = ()
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    dead_letters: DeadLetters = field(init=False)
    daily: DailyCheck = field(init=False)

    def __post_init__(self) -> None:
        self.dead_letters = DeadLetters(self.mongo, self.settings.dead_letter_limit)
        stores = [part for part in (*self.stores, *self.collections) if isinstance(part, Store)]
        everywhere = [aggregates.of_store(store, self.clock) for store in stores]
        self.daily = DailyCheck(self.name, self.mongo, self.clock, (*everywhere, self.dead_letters.check(), *self.checks))
        self.routers = (*self.routers, checks_api.router(self.daily))

    def app(self, role: str) -> FastAPI:
        """The ASGI application of a role."""
        app = FastAPI(title=self.name, version="1", lifespan=self._lifespan(role), docs_url=None, redoc_url=None)
        data = next((part for part in self.collections if isinstance(part, ReferenceData)), None)
        problem.install(app, WhomToAsk(data, self.region_of))
        app.include_router(health.router)
        for router in self.routers if role != "worker" else ():
            app.include_router(router)
        app.state.deps, app.state.clock = self.deps, self.clock
        app.state.tasks = self.tasks
        app.state.ready_checks = {"mongo": self.mongo.ping}
        if data is not None:
            app.state.ready_checks["reference"] = data.check_complete
        seconds = self.settings.request_seconds + _AFTER_COMMANDS_SECONDS
        app.add_middleware(Around, service=self.name, seconds=seconds, passing=OUTCOME_UNKNOWN)
        return app

    def _lifespan(self, role: str) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
        @contextlib.asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            app.state.verifier = TokenVerifier(self.settings.token_public_key_file)
            await self._prepare()
            self._start("clock", self._keep_clock())
            groups, limit = {} if role == "api" else self._groups(), self.settings.backlog_limit
            vitals = Vitals(self.name, self.settings.kafka, self.mongo, self.clock, self.stores, self.dead_letters, groups, limit)
            self._start("vitals", vitals.watch_database())
            try:
                async with contextlib.AsyncExitStack() as stack:
                    if role != "api":
                        await stack.enter_async_context(self._working(app, role, vitals))
                    yield
            finally:
                await end_tasks(self.tasks)
                await self.mongo.close()

        return lifespan

    @contextlib.asynccontextmanager
    async def _working(self, app: FastAPI, role: str, vitals: Vitals) -> AsyncIterator[None]:
        relay = Relay(self.name, self.settings, self.mongo, self.stores, commands_elsewhere=role != "all")
        for store in self.stores:
            store.committed = relay.put
        consumers = Consumers(self.name, self.settings, self.subscriptions, self.dead_letters)
        app.state.consumers = consumers.members
        self._start("relay", relay.run())
        self._start("consumers", consumers.run())
        self._start("lag", vitals.watch_kafka())
        for job in (*self.jobs, Job("check", _CHECK_SECONDS, self.daily.run)):
            self._start(job.name, self._repeat(job))
        app.state.ready_checks["dead_letters"] = consumers.check
        if role == "worker":
            app.state.ready_checks["kafka"] = consumers.ping
        try:
            yield
        finally:
            await consumers.stop()
            await end_tasks(self.tasks)
            await relay.stop()
            await vitals.stop()

    async def _prepare(self) -> None:
        """Indexes and the first reading of the clock; waits for the database, however long it is away."""
        while True:
            try:
                await self.clock.synchronise(self.mongo.client)
                for part in (*self.stores, *self.collections, self.dead_letters):
                    await part.prepare()
                return
            except Exception as error:
                log.warning("waiting_for_database", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    def _groups(self) -> dict[str, list[str]]:
        """The topics of each consumer group, as Kafka knows them."""
        return {self.settings.group(one.group): [self.settings.topic(topic) for topic in one.topics] for one in self.subscriptions}

    async def _keep_clock(self) -> None:
        while True:
            await asyncio.sleep(_CLOCK_SYNC_SECONDS)
            with contextlib.suppress(Exception):
                await self.clock.synchronise(self.mongo.client)

    async def _repeat(self, job: Job) -> None:
        labels, retry = (self.name, job.name), _RETRY_SECONDS
        JOB_FAILURES.labels(*labels)  # shown as 0 from the start
        while True:
            try:
                with JOB_SECONDS.labels(*labels).time():
                    await job.run()
                JOB_SUCCESS.labels(*labels).set_to_current_time()
            except Exception:
                log.exception("job_failed", job=job.name)
                JOB_FAILURES.labels(*labels).inc()
                pause, retry = min(job.seconds, retry), retry * 2
            else:
                pause, retry = job.seconds, _RETRY_SECONDS
            await asyncio.sleep(pause)

    def _start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work, name=name))
