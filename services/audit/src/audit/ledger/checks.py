"""The ledger among the checks (R27): every chain follows from its first row, and no event is missing or in conflict."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from common.checks.find import Check, Finding, each
from common.invariant import Breach, invariant
from common.store.mongo import Document

from audit.ledger.repository import ALARMS, Ledger
from audit.ledger.verification import verify

CHAIN_WHOLE = invariant("chain_whole", "账本每条链自第一条起连续且未改动", rule="R20")
EVENTS_COMPLETE = invariant("events_complete", "账本中每个对象的事件没有缺号", rule="R20")
EVENTS_SINGLE = invariant("events_single", "一个事件编号只有一种内容", rule="R20")
_OF_ALARMS = {"gap": EVENTS_COMPLETE, "conflict": EVENTS_SINGLE}


@dataclass(frozen=True)
class Chains:
    """Recomputes every chain, as verification does; a finding names the first row that does not follow."""

    ledger: Ledger
    collection: str = "ledger"

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        found = await verify(self.ledger, None if ids is None else {id.rpartition(":")[0] for id in ids})
        for chain in found.chains:
            if chain.broken:
                yield Finding(self.collection, chain.broken, CHAIN_WHOLE(reason=chain.reason, sound=chain.rows))


def of(ledger: Ledger) -> Sequence[Check]:
    return Chains(ledger), each(ledger.mongo, ALARMS, _of_alarm)


def _of_alarm(alarm: Document) -> Iterator[Breach]:
    """It stands until the event has come (a gap), or for ever (a conflict)."""
    if alarm["cleared_at"] is None:
        yield _OF_ALARMS[alarm["kind"]](alarm["event"], topic=alarm["topic"])
