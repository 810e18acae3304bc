"""Running checks: all that holds of a database, what is found looked at again, and the command that prints it."""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from common.checks.find import Check, Finding
from common.ops.table import Row, show
from common.store.mongo import Document

AGAIN_SECONDS = (1.0, 2.0, 4.0)
"""What is found is looked at again after these pauses: facts on their way and effects in the making are no findings."""
KEPT = 200
"""So many findings of each check are kept; the others are counted."""
COLUMNS = {"service": "服务", "rule": "规则", "invariant": "不变量", "row": "所在", "parts": "涉及", "facts": "事实", "says": "应当成立"}
log = structlog.get_logger()


@dataclass(frozen=True)
class Outcome:
    """What was found: `findings` at most `KEPT` of each check, `count` all of them."""

    findings: tuple[Finding, ...]
    count: int

    def rows(self) -> list[Document]:
        return [finding.row() for finding in self.findings]


async def run(checks: Iterable[Check], again: Sequence[float] = AGAIN_SECONDS) -> Outcome:
    """Each check once through; what it finds is only told if it is found at every later look too."""
    kept: dict[int, list[Finding]] = {}
    count, checks = 0, list(checks)
    for number, check in enumerate(checks):
        found = 0
        async for finding in check.find():
            found += 1
            if found <= KEPT:
                kept.setdefault(number, []).append(finding)
        count += found
    count -= sum(map(len, kept.values()))
    for pause in again:
        if not kept:
            break
        await asyncio.sleep(pause)
        kept = {number: still for number, before in kept.items() if (still := await _still(checks[number], before))}
    findings = tuple(finding for number in sorted(kept) for finding in kept[number])
    return Outcome(findings, count + len(findings))


async def _still(check: Check, before: list[Finding]) -> list[Finding]:
    """Those found again in the same rows."""
    ids: dict[str, set[str]] = defaultdict(set)
    for finding in before:
        ids[finding.id].add(finding.breach.invariant.code)
    return [again async for again in check.find(sorted(ids)) if again.breach.invariant.code in ids[again.id]]


def tell(outcome: Outcome, service: str, *, as_json: bool) -> int:
    """Print what was found; the exit status: 1 when there is anything."""
    rows: list[Row] = [{"service": service, **row} for row in outcome.rows()]
    if as_json:
        show(rows, COLUMNS, as_json=True)
    else:
        print_table(rows, outcome.count)
    return 1 if outcome.count else 0


def print_table(rows: Sequence[Row], count: int) -> None:
    """What was found as a table that people read, and the sum."""
    shown = [{**row, "parts": " ".join(row["parts"]), "facts": json.dumps(row["facts"], ensure_ascii=False)} for row in rows]
    if shown:
        show(shown, COLUMNS, as_json=False)
    sys.stdout.write(f"发现{count}处不成立（列出{len(rows)}处），未作任何修改。\n" if count else "全部成立。\n")
