"""What officers list and export of the units of their region (R32)."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from common.contracts.words import Role, UnitStatus
from common.decision import Actor
from common.store.security_notes import Deed
from common.web.command import actor
from common.web.sheet import MEDIA_TYPE, Cell, sheet
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from accounts.api.parts import After, Limit, Parts
from accounts.handlers import units
from accounts.views import OfficeUnit, OfficeUnits

router = APIRouter(prefix="/api/v1/offices/me/units", tags=["见习单位与人社经办人员"])
Officer = Annotated[Actor, actor(Role.OFFICER)]
Status = Annotated[UnitStatus | None, Query(description="不填为全部")]
_ROWS_A_READ = 500
_COLUMNS = ("单位编号", "单位名称", "统一社会信用代码", "所在地", "参保人数", "状态", "申请次数", "待认定", "认定有效期至")


@router.get("", summary="本地区单位（待认定的在前，其次为已到期的）")
async def list_units(deps: Parts, officer: Officer, status: Status = None, after: After = None, limit: Limit = 50) -> OfficeUnits:
    items, following = await units.page(deps, officer, status, after, limit)
    return OfficeUnits(items=items, next=following)


@router.get("/export", summary="导出本地区单位（Excel）", response_class=StreamingResponse, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def export(deps: Parts, officer: Officer, status: Status = None) -> StreamingResponse:
    """All rows of the list in its order; noted before anything leaves."""
    await deps.notes.note(Deed.EXPORTED, officer, units.office(officer))

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        after: str | None = None
        while True:
            items, after = await units.page(deps, officer, status, after, _ROWS_A_READ)
            for item in items:
                yield _cells(item)
            if after is None:
                return

    return await sheet("本地区单位", _COLUMNS, rows())


def _cells(item: OfficeUnit) -> tuple[Cell, ...]:
    return (
        item.id,
        item.name,
        item.uscc,
        item.region_name,
        item.staff_insured,
        item.status_name,
        item.request,
        item.waiting,
        item.recognised_until,
    )
