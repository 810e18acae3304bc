"""The independent consumer: every event as librdkafka sees it, with the instant; and flows that wait for one are woken."""

import asyncio
import json
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from common.contracts.applications import ApplicationStatusChanged
from common.contracts.cases import CaseStatusChanged
from common.contracts.words import CaseKind
from confluent_kafka import OFFSET_END, Consumer, TopicPartition

POLL_SECONDS, PATIENCE_SECONDS = 0.05, 60.0
APPLICATION, CASE = ApplicationStatusChanged.ce_type(), CaseStatusChanged.ce_type()


class Arrival(NamedTuple):
    """One event: `at` is monotonic; `application` and `to` where it is a status change of an application or of its review.

    `id` is ``<aggregate>:<seq>``.
    """

    topic: str
    id: str
    type: str
    at: float
    application: str = ""
    to: str = ""
    fields: Any = None

    @property
    def aggregate(self) -> str:
        return self.id.rpartition(":")[0]

    @property
    def seq(self) -> int:
        return int(self.id.rpartition(":")[2])


class Heard:
    """Everything said on these topics after it was entered, read by one thread."""

    def __init__(self, kafka: str, namespace: str, topics: Sequence[str]) -> None:
        self.arrivals: list[Arrival] = []
        self._prefix = len(namespace)
        self._topics = [f"{namespace}{topic}" for topic in topics]
        self._first: dict[tuple[str, str, str], Arrival] = {}
        self._waiting: dict[tuple[str, str, str], asyncio.Future[Arrival]] = {}
        self._lock = threading.Lock()
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._read, name="heard", daemon=True)
        settings = {"bootstrap.servers": kafka, "group.id": "bench", "enable.auto.commit": False}
        self._consumer = Consumer(settings)

    def first(self, type: str, application: str, to: str) -> Arrival | None:
        """The first event of this type that moved this application, or its review, so."""
        return self._first.get((type, application, to))

    async def until(self, type: str, application: str, to: str, patience: float = PATIENCE_SECONDS) -> Arrival:
        """The same, waited for. TimeoutError when it does not come."""
        wanted = (type, application, to)
        with self._lock:
            if found := self._first.get(wanted):
                return found
            waiting: asyncio.Future[Arrival] = asyncio.get_running_loop().create_future()
            self._waiting[wanted] = waiting
        try:
            async with asyncio.timeout(patience):
                return await waiting
        except TimeoutError:
            raise TimeoutError(f"not heard within {patience:.0f} s: {' '.join(wanted)}") from None

    def __enter__(self) -> Self:
        known = self._consumer.list_topics(timeout=10).topics
        places = [TopicPartition(topic, number, OFFSET_END) for topic in self._topics for number in known[topic].partitions]
        for place in places:
            place.offset = self._consumer.get_watermark_offsets(place, timeout=10)[1]
        self._consumer.assign(places)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        self._thread.join()
        self._consumer.close()

    def _read(self) -> None:
        while not self._leave.is_set():
            record = self._consumer.poll(POLL_SECONDS)
            if record is not None and record.error() is None:
                self._note(record)

    def _note(self, record: Any) -> None:
        headers = dict(record.headers() or [])
        type = headers["ce_type"].decode()
        arrival = Arrival(record.topic()[self._prefix :], headers["ce_id"].decode(), type, time.monotonic())
        if type in (APPLICATION, CASE):
            fields = json.loads(record.value())
            if type == APPLICATION or fields["kind"] == CaseKind.ELIGIBILITY:
                arrival = arrival._replace(application=fields["application_id"], to=fields["to"], fields=fields)
        self.arrivals.append(arrival)
        if arrival.application:
            self._wake((type, arrival.application, arrival.to), arrival)

    def _wake(self, about: tuple[str, str, str], arrival: Arrival) -> None:
        with self._lock:
            self._first.setdefault(about, arrival)
            waiting = self._waiting.pop(about, None)
        if waiting is not None:
            waiting.get_loop().call_soon_threadsafe(_settle, waiting, arrival)


def _settle(waiting: "asyncio.Future[Arrival]", arrival: Arrival) -> None:
    if not waiting.done():
        waiting.set_result(arrival)
