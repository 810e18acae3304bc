"""The HTTP routes of the ledger, for the audit administrator."""

from typing import Annotated

from common.contracts.words import Role
from common.decision import Actor
from common.web.command import actor
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from audit.ledger.repository import Ledger
from audit.ledger.verification import Verification, verify

router = APIRouter(prefix="/api/v1/ledger", tags=["审计管理员"])


async def _ledger(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.deps.ledger
    return ledger


Parts = Annotated[Ledger, Depends(_ledger)]
Auditor = Annotated[Actor, actor(Role.AUDIT_ADMIN)]


class LedgerRow(BaseModel):
    """One event as the ledger keeps it; `value` is null for the confidential topics, of which only the digest is kept."""

    id: str = Field(validation_alias="_id")
    chain: str
    n: int
    topic: str
    offset: int
    event: str
    subject: str
    type: str
    time: str
    source: str
    digest: str
    value: str | None = None
    previous: str
    hash: str


class LedgerPage(BaseModel):
    items: list[LedgerRow]
    next: str | None


@router.get("", summary="查看账本（可按对象筛选）")
async def rows(
    ledger: Parts,
    auditor: Auditor,
    subject: Annotated[str | None, Query(max_length=100)] = None,
    after: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LedgerPage:
    """In the order of the chains: of one subject, first all of one topic in the order in which it was said."""
    found, following = await ledger.page(subject, after, limit)
    return LedgerPage(items=[LedgerRow.model_validate(row) for row in found], next=following)


@router.post("/verify", summary="校验账本")
async def verify_ledger(ledger: Parts, auditor: Auditor) -> Verification:
    """Reads the whole ledger; changes nothing."""
    return await verify(ledger)
