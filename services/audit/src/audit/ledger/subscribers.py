"""Takes every event of every topic into the ledger, a batch at a time: few round trips for many records."""

import asyncio

from aiokafka import ConsumerRecord
from common.contracts.topics import TOPICS
from common.messaging.consumer import Subscription

from audit.ledger.chain import Head, Row, beside, entry, link, predecessor
from audit.ledger.repository import Ledger, Overtaken

Event = tuple[str, str]
"""Topic and id."""


class LedgerSubscriber:
    """The effect, over the ledger's collections."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def subscription(self) -> Subscription:
        return Subscription(tuple(TOPICS), "audit.ledger", self.take_in, patient=True, raw=True)

    async def take_in(self, records: list[ConsumerRecord]) -> None:
        """Append what is new, however often and by however many consumers the records are delivered."""
        contents = [self._content(record) for record in records]
        while True:
            try:
                await self._append(contents)
                break
            except Overtaken:
                continue
        await self._ledger.clear_alarms([_alarm(content["topic"], content["event"]) for content in contents])

    def _content(self, record: ConsumerRecord) -> Row:
        topic = self._ledger.topics[record.topic]
        return entry(record, topic.name, confidential=topic.confidential)

    async def _append(self, contents: list[Row]) -> None:
        events = {content["event"] for content in contents}
        before = {event: predecessor(event) for event in events}
        heads, present = await asyncio.gather(
            self._ledger.heads(sorted({content["chain"] for content in contents})),
            self._ledger.present({content["topic"] for content in contents}, events | {e for e in before.values() if e}),
        )
        new, conflicts = _unseen(contents, heads, present)
        here = present.keys() | {(content["topic"], content["event"]) for content in new}
        needed = {(content["topic"], before.get(content["event"])) for content in new}
        await self._ledger.raise_alarms(
            "gap", {_alarm(topic, event): (topic, event) for topic, event in needed if event and (topic, event) not in here}
        )
        await self._ledger.raise_alarms("conflict", {f"conflict:{topic}/{event}": (topic, event) for topic, event in conflicts})
        rows, ends = _linked(new, heads)
        await self._ledger.append(rows)
        await self._ledger.advance(ends)


def _unseen(contents: list[Row], heads: dict[str, Head], present: dict[Event, str]) -> tuple[list[Row], list[Event]]:
    """Those beyond the end of their chain that the ledger has not yet, each once, in offset order; and what stands in conflict.

    The same event with another content is kept beside the first, so that nobody hides a true event by saying a false one before it.
    """
    new: list[Row] = []
    known = dict(present)
    conflicts: list[Event] = []
    for content in sorted(contents, key=lambda content: (content["chain"], content["offset"])):
        if content["offset"] <= heads.get(content["chain"], Head()).offset:
            continue
        event = (content["topic"], content["event"])
        if event not in known:
            known[event] = content["digest"]
            new.append(content)
        elif known[event] != content["digest"]:
            new.append(beside(content))
            conflicts.append((content["topic"], new[-1]["event"]))
    return new, conflicts


def _linked(contents: list[Row], heads: dict[str, Head]) -> tuple[list[Row], dict[str, Head]]:
    """The rows that follow the heads, and the heads they make."""
    ends: dict[str, Head] = {}
    rows = []
    for content in contents:
        chain = content["chain"]
        row, ends[chain] = link(ends.get(chain) or heads.get(chain, Head()), content)
        rows.append(row)
    return rows, ends


def _alarm(topic: str, event: str) -> str:
    return f"gap:{topic}/{event}"
