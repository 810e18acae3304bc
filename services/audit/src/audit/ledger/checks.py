"""The ledger among the checks (R27): every chain follows from its first row, and no event is missing or in conflict."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from common.checks.find import Finding
from common.invariant import invariant

from audit.ledger.repository import Ledger
from audit.ledger.verification import verify

CHAIN_WHOLE = invariant("chain_whole", "账本每条链自第一条起连续且未改动", rule="R20")
EVENTS_COMPLETE = invariant("events_complete", "账本中每个对象的事件没有缺号", rule="R20")
EVENTS_SINGLE = invariant("events_single", "一个事件编号只有一种内容", rule="R20")


@dataclass(frozen=True)
class LedgerCheck:
    """Reads the whole ledger, as its verification does."""

    ledger: Ledger
    collection: str = "ledger"

    async def find(self, ids: Sequence[str] | None = None) -> AsyncIterator[Finding]:
        found = await verify(self.ledger)
        for chain in found.chains:
            if chain.broken:
                yield Finding(self.collection, chain.chain, CHAIN_WHOLE(chain.broken, reason=chain.reason))
        for alarm in found.missing:
            yield Finding("alarms", alarm, EVENTS_COMPLETE())
        for alarm in found.conflicts:
            yield Finding("alarms", alarm, EVENTS_SINGLE())
