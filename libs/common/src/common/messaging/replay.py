"""Projections made anew from the first record of their topics: ``python -m <service> --replay <group> [--compare]``.

The group's own handler works on a database of its own, so nothing of the live one changes while it reads. Then each projection takes
the place of the live one in a single step, and what the live consumer put into the old one meanwhile is read as well and merged.
Commands that the handler gives there find nothing to change, and nobody relays what they say.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from aiokafka import AIOKafkaConsumer

from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event, Undecodable, UnknownType, decode
from common.contracts.topics import REFERENCE
from common.errors import Refusal
from common.messaging.broker import start_tail
from common.messaging.consumer import Handler, Subscription
from common.ops.table import show
from common.settings import Settings
from common.store.mongo import Document, Mongo

if TYPE_CHECKING:
    from common.service import Service

log = structlog.get_logger()
_BATCH = 500
_SETTLE_SECONDS = 2.0
"""So long after the change of places no consumer still writes what it had read before."""
_REFERENCE_ITEMS = "reference_items"


class NotReplayed(Exception):
    """There is nothing to replay in this group; the message says what there is."""


@dataclass
class Replayed:
    """By projection: `rows` in the new one, and how many of them are not, field for field, what the live one has.

    A live row that has heard more counts as the same.
    """

    events: int = 0
    unreadable: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    differing: dict[str, int] = field(default_factory=dict)


async def from_here_to_the_end(reader: AIOKafkaConsumer) -> AsyncIterator[tuple[list[Event], int]]:
    """To where its topics end now: batches of events, each with the number of records that could not be read."""
    ends = await reader.end_offsets(reader.assignment())
    while any([await reader.position(place) < end for place, end in ends.items()]):
        events: list[Event] = []
        unreadable = 0
        for records in (await reader.getmany(timeout_ms=500, max_records=_BATCH)).values():
            for record in records:
                try:
                    events.append(decode(record.key, record.value, record.headers))
                except UnknownType:
                    continue
                except Undecodable:
                    unreadable += 1
        yield events, unreadable


@dataclass
class Replay:
    """`fresh` is a database that nobody else uses; `subscription` is the one of the service built on it."""

    settings: Settings
    live: Mongo
    fresh: Mongo
    subscription: Subscription

    async def run(self, *, switch: bool) -> Replayed:
        """Without `switch` the live projections are only compared. Raises `NotReplayed` when the group fills none."""
        done = Replayed()
        async with AsyncExitStack() as stack:
            readers = [await self._reader(stack, topics) for topics in self._in_turn() if topics]
            filled = await self._fill(readers, done)
            if switch:
                for name in filled:
                    await self._put(name, {"$out": self._place(name)})
                await asyncio.sleep(_SETTLE_SECONDS)
                await self._fill(readers, done)
                for name in filled:
                    await self._put(name, {"$merge": {"into": self._place(name), "whenMatched": _THE_NEWER}})
        for name in filled:
            done.rows[name], done.differing[name] = await self._compare(name)
        return done

    def _in_turn(self) -> tuple[list[str], list[str]]:
        """Reference data first: the other effects work by it."""
        topics = self.subscription.topics
        return [topic for topic in topics if topic == REFERENCE.name], [topic for topic in topics if topic != REFERENCE.name]

    async def _reader(self, stack: AsyncExitStack, topics: Sequence[str]) -> AIOKafkaConsumer:
        names = [self.settings.topic(topic) for topic in topics]
        reader = await start_tail(self.settings.kafka, f"replay-{self.subscription.group}", names)
        stack.push_async_callback(reader.stop)
        await reader.seek_to_beginning()
        return reader

    async def _fill(self, readers: Sequence[AIOKafkaConsumer], done: Replayed) -> Sequence[str]:
        """The names of the projections that this group fills."""
        reference_copied = ReferenceItemSet not in getattr(self.subscription.handle, "effects", ())
        if reference_copied:
            place = {"db": self.fresh.database.name, "coll": _REFERENCE_ITEMS}
            await (await self.live.collection(_REFERENCE_ITEMS).aggregate([{"$out": place}])).to_list()
        for reader in readers:
            await self._read(reader, done)
        names = [name for name in self.fresh.projections if not (reference_copied and name == _REFERENCE_ITEMS)]
        filled = [name for name in names if await self.fresh.collection(name).find_one({}, {"_id": 1})]
        if not filled:
            raise NotReplayed(f"消费组 {self.subscription.group} 没有可重建的投影，或主题中没有记录。")
        return filled

    async def _read(self, reader: AIOKafkaConsumer, done: Replayed) -> None:
        handle: Handler = self.subscription.handle
        async for events, unreadable in from_here_to_the_end(reader):
            for event in events:
                try:
                    await handle([event])
                except Refusal as refused:
                    log.debug("replay_refused", code=refused.code, event_id=event.id)
            done.events += len(events)
            done.unreadable += unreadable

    def _place(self, name: str) -> Document:
        return {"db": self.live.database.name, "coll": name}

    async def _put(self, name: str, stage: Document) -> None:
        await (await self.fresh.collection(name).aggregate([stage])).to_list()

    async def _compare(self, name: str) -> tuple[int, int]:
        rows = differing = 0
        async for row in self.fresh.collection(name).find({}):
            rows += 1
            there = await self.live.collection(name).find_one({"_id": row["_id"]})
            differing += there is None or (there != row and there["seq"] <= row["seq"])
        return rows, differing


_THE_NEWER = [{"$replaceWith": {"$cond": [{"$gt": ["$$new.seq", "$seq"]}, "$$new", "$$ROOT"]}}]


async def replay_now(live: "Service", fresh: "Service", group: str, *, switch: bool) -> int:
    """On demand: print what was made and drop the fresh database. Exit status 1: something differs; 2: nothing can be done."""
    try:
        for part in (*fresh.stores, *fresh.collections):
            await part.prepare()
        by_group = {one.group: one for one in fresh.subscriptions if not one.raw}
        if group not in by_group:
            sys.stderr.write(f"没有消费组 {group}，可用：{'、'.join(sorted(by_group))}。\n")
            return 2
        done = await Replay(live.settings, live.mongo, fresh.mongo, by_group[group]).run(switch=switch)
    except NotReplayed as error:
        sys.stderr.write(f"{error}\n")
        return 2
    finally:
        await fresh.mongo.client.drop_database(fresh.mongo.database)
        await fresh.mongo.close()
        await live.mongo.close()
    sys.stdout.write(f"{group}：{done.events} 个事件，{done.unreadable} 条无法读取；{'已替换' if switch else '仅比较'}。\n")
    rows = [{"name": name, "rows": count, "differing": done.differing[name]} for name, count in sorted(done.rows.items())]
    show(rows, {"name": "投影", "rows": "行", "differing": "与现用不同"}, as_json=False)
    return 1 if any(done.differing.values()) else 0
