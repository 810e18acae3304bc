"""An independent reader of the platform's topics, on librdkafka instead of the platform's own client: sees what outside teams see."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from common.contracts.envelope import Undecodable, UnknownType, decode
from confluent_kafka import OFFSET_END, Consumer, TopicPartition

LIMIT_SECONDS = 15.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Seen:
    """One event as it came: `data` are the fields of its message, `at` the monotonic instant at which it was seen."""

    topic: str
    id: str
    type: str
    subject: str
    data: dict[str, Any]
    at: float

    @property
    def seq(self) -> int:
        return int(self.id.rpartition(":")[2])


class Watch:
    """Sees every event said after it was entered, in one thread of its own."""

    def __init__(self, kafka: str, namespace: str, topics: Sequence[str]) -> None:
        self._namespace = namespace
        self._topics = [f"{namespace}{topic}" for topic in topics]
        self._seen: list[Seen] = []
        self._news = threading.Condition()
        self._leave = threading.Event()
        settings = {"bootstrap.servers": kafka, "group.id": "watch", "enable.auto.commit": False, "fetch.wait.max.ms": 20}
        self._consumer = Consumer(settings)
        self._thread = threading.Thread(target=self._read, name="watch", daemon=True)

    @property
    def seen(self) -> list[Seen]:
        with self._news:
            return list(self._seen)

    def expect(self, wanted: Callable[[Seen], bool], what: str) -> Seen:
        """The first event that fits, waited for. AssertionError after 15 s."""
        until = time.monotonic() + LIMIT_SECONDS
        looked = 0
        with self._news:
            while True:
                for event in self._seen[looked:]:
                    if wanted(event):
                        return event
                looked = len(self._seen)
                if not self._news.wait(max(0.0, until - time.monotonic())):
                    raise AssertionError(f"no such event within {LIMIT_SECONDS:.0f} s: {what}")

    def __enter__(self) -> Self:
        known = self._consumer.list_topics(timeout=10).topics
        ends = [TopicPartition(topic, number, OFFSET_END) for topic in self._topics for number in known[topic].partitions]
        self._consumer.assign([TopicPartition(end.topic, end.partition, self._end(end)) for end in ends])
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave.set()
        self._thread.join()
        self._consumer.close()

    def _end(self, partition: TopicPartition) -> int:
        """Now, not at the first fetch."""
        high: int = self._consumer.get_watermark_offsets(partition, timeout=10)[1]
        return high

    def _read(self) -> None:
        while not self._leave.is_set():
            record = self._consumer.poll(POLL_SECONDS)
            if record is None or record.error():
                continue
            with contextlib.suppress(UnknownType, Undecodable):
                self._note(record)

    def _note(self, record: Any) -> None:
        event = decode(record.key(), record.value(), record.headers() or [])
        seen = Seen(
            topic=record.topic().removeprefix(self._namespace),
            id=event.id,
            type=event.data.ce_type(),
            subject=event.aggregate,
            data=event.data.model_dump(mode="json", by_alias=True),
            at=time.monotonic(),
        )
        with self._news:
            self._seen.append(seen)
            self._news.notify_all()


def everything(kafka: str, namespace: str, topics: Sequence[str]) -> list[bytes]:
    """Keys, headers and values of all records of these topics, from the beginning until now."""
    found = records(kafka, namespace, topics)
    return [part for record in found for part in (record.key() or b"", record.value() or b"", repr(record.headers()).encode())]


def records(kafka: str, namespace: str, topics: Sequence[str]) -> list[Any]:
    """All records of these topics from the beginning until now, in the order of each partition."""
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": "everything", "enable.auto.commit": False})
    known = consumer.list_topics(timeout=10).topics
    places = [(f"{namespace}{topic}", number) for topic in topics for number in known[f"{namespace}{topic}"].partitions]
    ends = {place: consumer.get_watermark_offsets(TopicPartition(*place), timeout=10)[1] for place in places}
    left = sum(ends.values())
    consumer.assign([TopicPartition(*place, 0) for place in places])
    found: list[Any] = []
    while left > 0:
        record = consumer.poll(LIMIT_SECONDS)
        if record is None or record.error():
            raise AssertionError(f"{left} records could not be read")
        left -= 1
        found.append(record)
    consumer.close()
    return found
