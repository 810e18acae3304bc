"""The spans of messaging: who says an event, and who handles it, each below the work that caused it.

The header of a record names that work itself, not the span of saying it: an event that is said twice is the same record twice.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache

from common.contracts.envelope import Event
from common.contracts.topics import topic_of
from common.store.mongo import Document
from common.tracing import Attributes, Span, beside, entering

_topic_of = cache(topic_of)


def sending(topic: str, pending: Iterable[tuple[str, Document]]) -> AbstractContextManager[None]:
    """Of (aggregate, pending event), all acknowledged within."""
    return beside(
        (f"send {topic}", "producer", event.get("traceparent", ""), _attributes("send", topic, f"{id}:{event['seq']}", event["type"]))
        for id, event in pending
    )


def processing(event: Event, group: str) -> AbstractContextManager[Span]:
    """One event; what it causes belongs to it."""
    name, attributes = _of(event, group)
    return entering(name, "consumer", event.traceparent, attributes)


def processing_all(events: Iterable[Event], group: str) -> AbstractContextManager[None]:
    """A batch that is handled as one."""
    return beside((name, "consumer", event.traceparent, attributes) for event in events for name, attributes in (_of(event, group),))


def _of(event: Event, group: str) -> tuple[str, Attributes]:
    topic, type_ = _topic_of(type(event.data)).name, event.data.ce_type()
    attributes = _attributes("process", topic, event.id, type_)
    return f"process {topic}", {**attributes, "messaging.consumer.group.name": group}


def _attributes(operation: str, topic: str, id: str, type_: str) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
        "messaging.message.id": id,
        "cloudevents.event_type": type_,
    }
