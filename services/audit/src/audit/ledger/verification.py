"""Recomputes every chain from its rows, streaming, and names the first row of each that is not what it was."""

from collections.abc import Collection

from pydantic import BaseModel

from audit.ledger.chain import Check, Head
from audit.ledger.repository import Ledger


class ChainResult(BaseModel):
    """`rows` follow one another soundly from the first, `head` is the hash of the last of them; `broken` is the row after it that
    does not, `reason` how. Whoever notes `rows` and `head` elsewhere can tell later whether the chain was written anew since.
    """

    chain: str
    rows: int
    head: str
    broken: str | None
    reason: str | None


class Verification(BaseModel):
    """`whole` when no chain is broken and nothing stands in conflict.

    `missing` are events known to be missing from their aggregate's sequence: a gap, no forgery. `conflicts` are records that
    somebody said under the id of another event.
    """

    whole: bool
    rows: int
    chains: list[ChainResult]
    missing: list[str]
    conflicts: list[str]


async def verify(ledger: Ledger, chains: Collection[str] | None = None) -> Verification:
    """Of all chains, or of these."""
    heads = await ledger.checked_heads(chains)
    checks = {chain: Check(chain, known=head) for chain, head in heads.items()}
    async for row in ledger.stream(chains):
        chain = row["_id"].rpartition(":")[0]
        checks.setdefault(chain, Check(chain, known=Head())).follow(row)
    for check in checks.values():
        check.end()
    results = [
        ChainResult(chain=chain, rows=check.head.n, head=check.head.hash, broken=check.broken, reason=check.reason)
        for chain, check in sorted(checks.items())
    ]
    conflicts = await ledger.open_alarms("conflict")
    return Verification(
        whole=not any(result.broken for result in results) and not conflicts,
        rows=sum(result.rows for result in results),
        chains=results,
        missing=await ledger.open_alarms("gap"),
        conflicts=conflicts,
    )
