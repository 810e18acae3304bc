"""Many cases at once: each is decided by itself, and each says what became of it."""

import asyncio
from dataclasses import replace
from typing import Annotated, Literal

from common.decision import Command
from common.errors import Refusal
from common.reasons import ExplainedReason
from common.refusals import INVALID_INPUT
from common.store.aggregate import Answer
from common.values import Text, Value
from pydantic import Field

from audit.cases.domain.decide import Approval
from audit.cases.handlers import case
from audit.cases.repository import Cases
from audit.cases.views import BulkOutcome, RowOutcome

_AT_ONCE = 16
_WITH_REASON = ("disapprove", "return")


class Bulk(Value):
    """The same deed for up to 50 cases; disapproving and returning take a reason, which every party reads (R18)."""

    deed: Literal["claim", "release", "approve", "disapprove", "return"]
    ids: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(min_length=1, max_length=50)]
    note: Text | None = None
    reason: ExplainedReason | None = None


async def decide(cases: Cases, command: Command, bulk: Bulk) -> BulkOutcome:
    """A row has a command of its own, so a repeat gives every row its first answer. Refuses with `invalid_input` as a whole."""
    if bulk.deed in _WITH_REASON and bulk.reason is None:
        raise INVALID_INPUT(problems="reason（必填）")
    free = asyncio.Semaphore(_AT_ONCE)

    async def row(id: str) -> RowOutcome:
        async with free:
            try:
                answer = await _one(cases, id, replace(command, key=f"{command.key}:{id}"), bulk)
            except Refusal as refused:
                return RowOutcome(id=id, code=refused.code, detail=refused.detail)
            return RowOutcome(id=id, status=answer["status"])

    items = await asyncio.gather(*map(row, dict.fromkeys(bulk.ids)))
    done = sum(item.code is None for item in items)
    return BulkOutcome(done=done, refused=len(items) - done, items=items)


async def _one(cases: Cases, id: str, command: Command, bulk: Bulk) -> Answer:
    match bulk.deed:
        case "claim":
            return await case.claim(cases, id, command)
        case "release":
            return await case.release(cases, id, command)
        case "approve":
            return await case.approve(cases, id, command, Approval(note=bulk.note))
    assert bulk.reason is not None
    deed = case.disapprove if bulk.deed == "disapprove" else case.send_back
    return await deed(cases, id, command, bulk.reason)
