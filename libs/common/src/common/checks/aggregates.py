"""What holds of every aggregate whatever it is about: versions, numbers of events, commands, the relay's shard."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from common.checks.find import Rows, each
from common.clock import Clock
from common.decision import SYSTEM
from common.invariant import Breach, invariant
from common.store.aggregate import Store, shard_of
from common.store.idempotency import COMMANDS_A_DAY, KEPT_FOR
from common.store.mongo import Document

PUBLISHED_WITHIN = timedelta(minutes=5)
_UNLIMITED = (SYSTEM.id, "stf_")
"""Whose commands are not counted: the system's and officers'."""

VERSIONS_CONTIGUOUS = invariant("versions_contiguous", "每个版本都有历史，且版本连续", rule="R20")
SEQ_CONTIGUOUS = invariant("seq_contiguous", "待发布事件的序号连续，最后一个等于文档的序号")
EVENTS_PUBLISHED = invariant("events_published", "事件在5分钟内发布")
SHARD_OWN = invariant("shard_own", "文档在编号所属的分片内，事件才会发布")
COMMANDS_BOUNDED = invariant("commands_bounded", f"同一人24小时内的操作不超过{COMMANDS_A_DAY}次", rule="R20")


def of_store(store: Store[Any], clock: Clock) -> Rows[None]:
    """The check of one store."""
    now: Callable[[], datetime] = clock.now
    return each(store.mongo, store.collection.name, lambda document: breaches(document, now()))


def breaches(document: Document, now: datetime) -> Iterator[Breach]:
    """Of one aggregate as stored."""
    said = [line["version"] for line in document["history"]]
    if said != sorted(said) or set(said) != set(range(1, document["version"] + 1)):
        yield VERSIONS_CONTIGUOUS(version=document["version"], lines=len(said))
    pending = document["pending"]
    numbers = [event["seq"] for event in pending]
    if numbers != list(range(document["seq"] - len(pending) + 1, document["seq"] + 1)) or document["seq"] < len(pending):
        yield SEQ_CONTIGUOUS(seq=document["seq"], pending=numbers[:20])
    if pending and pending[0]["time"] < now - PUBLISHED_WITHIN:
        first = f"{document['_id']}:{pending[0]['seq']}"
        yield EVENTS_PUBLISHED(first, pending=len(pending), since=pending[0]["time"].isoformat())
    if document["shard"] != shard_of(document["_id"]):
        yield SHARD_OWN(shard=document["shard"])
    for actor, count in _commands(document["commands"]).items():
        if count > COMMANDS_A_DAY:
            yield COMMANDS_BOUNDED(actor, count=count)


def _commands(records: list[Document]) -> Counter[str]:
    """How many of the last day's are each person's: older ones leave with the next command."""
    newest = max((record["at"] for record in records), default=None)
    kept = [record for record in records if newest and record["at"] > newest - KEPT_FOR]
    return Counter(record["actor"] for record in kept if not record["actor"].startswith(_UNLIMITED))
