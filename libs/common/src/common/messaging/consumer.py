"""The consumer helper: batches of events in, offsets committed only after their effects are in the database.

Delivery is at least once and per-key order holds within one run, so effects must be idempotent by construction: a
projection guarded by `seq`, a row whose id derives from the event, a command whose key is the event id.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from common.contracts.base import Message
from common.contracts.envelope import Event, Undecodable, UnknownType, decode
from common.contracts.topics import topic_of
from common.errors import Refusal
from common.messaging.broker import Records
from common.messaging.dead_letters import DeadLetters, DeadLettersFull
from common.messaging.spans import processing, processing_all
from common.metrics import BATCH_SECONDS, CONSUMED_EVENTS, CONSUMER_RETRIES, CONSUMER_STOPPED, PROCESS_SECONDS
from common.tracing import trace_id

log = structlog.get_logger()
Handler = Callable[[list[Event]], Awaitable[None]]
RawHandler = Callable[[list[ConsumerRecord]], Awaitable[None]]

_FIRST_DELAY_SECONDS, _LONGEST_DELAY_SECONDS = 0.1, 5.0
_TRIES = 3
_RESTS, _REST_SECONDS, _LONGEST_REST_SECONDS, _LONGEST_SHARED_SECONDS = 2, 0.05, 0.3, 1.0
"""After each batch, so that events that come one close upon another are handled together; one that comes alone waits for nothing.

A rest is twice as long as the batch took, within these bounds: the busier the machine, the more travels together. Members of a group
that share its partitions rest so much longer, since to each of them so much less comes: up to a second.
"""
_AGGREGATES_AT_ONCE = 16
_BAD_IN_A_ROW = 5
"""When more records than these fail one after another it is the build that is bad, not they: then they wait for a better one."""
_PASSING = (PyMongoError, KafkaError, OSError, TimeoutError, Refusal)
"""What has nothing to do with the records: it passes, and until then all of them wait."""


@dataclass(frozen=True)
class Subscription:
    """One consumer group on some topics. `patient` trades half a second of delay for fuller batches.

    With `raw` the handler gets the records themselves, unknown types among them: what the ledger needs.
    """

    topics: tuple[str, ...]
    group: str
    handle: Handler | RawHandler
    patient: bool = False
    raw: bool = False


Effect = Callable[[Event, Any], Awaitable[None]]
Effects = Mapping[type[Message], Effect]
"""What each type of message does. An effect is driven by state, so that repeats and late ones change nothing."""


class Failed(NamedTuple):
    """An event whose effect failed, and the trace that it belongs to."""

    event: Event
    trace: str
    error: Exception


@dataclass(frozen=True)
class OneByOne:
    """The handler that `by_type` makes: each event in a span of its own, those of one aggregate in order, aggregates side by side.

    No order holds between aggregates anyway: they lie on partitions that may be far apart. When an effect fails, the others are
    still finished, and its error is raised with the event bound for the log.
    """

    effects: Effects

    async def __call__(self, events: list[Event]) -> None:
        lanes: dict[str, list[Event]] = {}
        for event in events:
            if type(event.data) in self.effects:
                lanes.setdefault(event.aggregate, []).append(event)
        at_once = asyncio.Semaphore(_AGGREGATES_AT_ONCE)
        for failed in await asyncio.gather(*(self._in_order(lane, at_once) for lane in lanes.values())):
            if failed is not None:
                structlog.contextvars.bind_contextvars(event_id=failed.event.id, trace_id=failed.trace)
                raise failed.error

    async def _in_order(self, events: list[Event], at_once: asyncio.Semaphore) -> Failed | None:
        async with at_once:
            for event in events:
                trace = ""
                try:
                    with processing(event, structlog.contextvars.get_contextvars().get("group", "")):
                        trace = trace_id()
                        structlog.contextvars.bind_contextvars(event_id=event.id, trace_id=trace)
                        await self.effects[type(event.data)](event, event.data)
                except Exception as error:
                    return Failed(event, trace, error)
        return None


def by_type(effects: Effects) -> Handler:
    """A handler that calls ``effect(event, message)`` for each event, in the order of its aggregate; other types are passed over.

    What an effect logs carries the group, the event and its trace, and so does the failure of the batch.
    """
    return OneByOne(effects)


def facts(service: str, *parts: Effects) -> Subscription:
    """The one group in which a service hears what others say: every topic that one of its parts has an effect for."""
    effects = {message: effect for part in parts for message, effect in part.items()}
    assert len(effects) == sum(map(len, parts)), "a message has one effect"
    topics = sorted({topic_of(message).name for message in effects})
    return Subscription(tuple(topics), f"{service}.facts", by_type(effects))


def rest(took: float, share: float) -> float:
    """How many seconds a member with this share of the partitions rests after a batch that took so long."""
    return min(min(max(_RESTS * took, _REST_SECONDS), _LONGEST_REST_SECONDS) / share, _LONGEST_SHARED_SECONDS)


class BatchConsumer:
    """Decodes each record on its own, keeps the unreadable ones, and tries a failed batch again with back-off."""

    def __init__(self, group: str, handle: Handler | RawHandler, dead_letters: DeadLetters, *, raw: bool = False) -> None:
        self.group = group
        self._began: float | None = None
        self._failed_in_a_row = 0
        self.share: Callable[[], float] = lambda: 1.0
        """The part of its topics' partitions that it has."""
        self.stopped = False
        """Its dead letters are full: it waits for an operator, and no record passes."""
        CONSUMER_STOPPED.labels(group).set_function(lambda: self.stopped)
        BATCH_SECONDS.labels(group).set_function(self.batch_seconds)
        CONSUMER_RETRIES.labels(group)  # shown as 0 from the start
        self._handle: Callable[[list[Any]], Awaitable[None]] = handle
        self._dead_letters = dead_letters
        self._raw = raw

    def batch_seconds(self) -> float:
        """For how long it has worked on the batch in hand, all tries together; 0 when it has none, or waits for an operator."""
        return 0.0 if self._began is None or self.stopped else time.monotonic() - self._began

    async def __call__(self, records: Records) -> None:
        self._began = time.monotonic()
        structlog.contextvars.bind_contextvars(group=self.group)
        try:
            await self._until_done(records)
        finally:
            structlog.contextvars.unbind_contextvars("group")
            took = time.monotonic() - self._began
            PROCESS_SECONDS.labels(self.group).observe(took)
            self._began = None
        await asyncio.sleep(rest(took, self.share()))

    async def _until_done(self, records: Records) -> None:
        """Try again, with back-off. A batch that goes on failing is taken record by record, so that one bad record holds up no other."""
        delay, tries = _FIRST_DELAY_SECONDS, 0
        while True:
            try:
                await self._process(records)
                self._failed_in_a_row = 0
                return
            except Exception as error:
                tries += 1
                CONSUMER_RETRIES.labels(self.group).inc()
                log.exception("batch_failed", records=len(records), retry_in_seconds=delay)
                if tries >= _TRIES and self._failed_in_a_row < _BAD_IN_A_ROW and not isinstance(error, _PASSING):
                    await self._one_by_one(records, error)
                    return
            finally:
                structlog.contextvars.unbind_contextvars("event_id", "trace_id")
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_SECONDS)

    async def _one_by_one(self, records: Records, error: Exception) -> None:
        """A record whose effect fails for what it holds goes to the dead letters."""
        if len(records) > 1:
            for record in records:
                await self._until_done((record,))
        else:
            self._failed_in_a_row += 1
            await self._bury([(records[0], f"its effect fails: {type(error).__name__}")])

    async def _bury(self, refused: list[tuple[ConsumerRecord, str]]) -> None:
        """Waits while the dead letters are full: after a bad deploy a topic must not drain into them."""
        while True:
            try:
                await self._dead_letters.put(self.group, refused)
                break
            except DeadLettersFull:
                self.stopped = True
                log.error("dead_letters_full", reason=refused[0][1])
                await asyncio.sleep(_LONGEST_DELAY_SECONDS)
        self.stopped = False
        log.warning("dead_letters", count=len(refused), reason=refused[0][1])
        CONSUMED_EVENTS.labels(self.group, "dead").inc(len(refused))

    async def _process(self, records: Records) -> None:
        accepted: list[Event | ConsumerRecord] = []
        events = []
        refused = []
        skipped = 0
        for record in records:
            try:
                event = decode(record.key, record.value, record.headers)
                accepted.append(record if self._raw else event)
                events.append(event)
            except UnknownType:
                if self._raw:
                    accepted.append(record)
                else:
                    skipped += 1
            except Undecodable as error:
                refused.append((record, str(error)))
        if accepted:
            with processing_all(() if isinstance(self._handle, OneByOne) else events, self.group):
                await self._handle(accepted)
        if refused:
            await self._bury(refused)
        for outcome, count in (("handled", len(accepted)), ("skipped", skipped)):
            CONSUMED_EVENTS.labels(self.group, outcome).inc(count)
