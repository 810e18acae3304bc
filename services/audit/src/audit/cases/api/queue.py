"""The routes of an office's queue: list, counts, export, many at once (R14, R32)."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from common.contracts.words import Role
from common.decision import Actor, Command
from common.store.security_notes import Deed
from common.web.command import actor, command
from common.web.sheet import MEDIA_TYPE, Cell, sheet
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from audit.cases.api.parts import Parts
from audit.cases.domain.queue import Light, Wanted, WantedPage
from audit.cases.domain.table import NAMES
from audit.cases.handlers import bulk, queue, relations
from audit.cases.handlers.bulk import Bulk
from audit.cases.handlers.relations import Declaration
from audit.cases.views import BulkOutcome, CaseCounts, CasePage, OfficerCase

router = APIRouter(prefix="/api/v1", tags=["人社经办人员"])
Officer = Annotated[Actor, actor(Role.OFFICER)]
Region = Annotated[str | None, Query(pattern=r"^[0-9]{6}$", description="本地区的一部分；不填为本地区")]
_ROWS_A_READ = 500
_COLUMNS = ("事项编号", "类别", "状态", "紧急程度", "地区", "办理部门", "立案时间", "已历天数", "期限", "对象", "单位", "投递", "原因")
_LIGHTS = {Light.GREEN: "绿", Light.AMBER: "黄", Light.RED: "红"}


@router.get("/cases", summary="事项列表（按办理期限排序，逾期在前）")
async def list_cases(cases: Parts, officer: Officer, wanted: Annotated[WantedPage, Query()]) -> CasePage:
    items, following = await queue.page(cases, officer, wanted, wanted.after, wanted.limit)
    return CasePage(items=items, next=following)


@router.get("/cases/counts", summary="各类未办结事项的件数（红：逾期；黄：下一工作日内到期；绿：其他）")
async def counts(cases: Parts, officer: Officer, region: Region = None) -> CaseCounts:
    return await queue.counts(cases, officer, region)


@router.get("/cases/export", summary="导出事项（Excel）", response_class=StreamingResponse, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def export(cases: Parts, officer: Officer, wanted: Annotated[Wanted, Query()]) -> StreamingResponse:
    """All rows of the list in its order; noted before anything leaves. Nothing personal is in the rows."""
    await cases.notes.note(Deed.EXPORTED, officer, f"cases:{queue.place(officer, wanted.region)}")

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        after: str | None = None
        while True:
            items, after = await queue.page(cases, officer, wanted, after, _ROWS_A_READ)
            for item in items:
                yield _cells(item)
            if after is None:
                return

    return await sheet("未办结事项" if wanted.status is None else "事项", _COLUMNS, rows())


@router.post("/cases/bulk", summary="批量办理（逐件给出结果）")
async def decide_many(cases: Parts, cmd: Annotated[Command, command("bulk_cases", Role.OFFICER)], body: Bulk) -> BulkOutcome:
    return await bulk.decide(cases, cmd, body)


@router.get("/officers/me/relations", summary="本人申报的利害关系单位")
async def read_relations(cases: Parts, officer: Officer) -> dict[str, list[str]]:
    return {"unit_ids": list(await cases.related_to(officer.id))}


@router.put("/officers/me/relations", summary="申报利害关系单位（所列即为全部；涉及这些单位的事项须回避）")
async def declare_relations(
    cases: Parts, cmd: Annotated[Command, command("declare_relations", Role.OFFICER)], body: Declaration
) -> dict[str, Any]:
    return await relations.declare(cases, cmd, body)


def _cells(item: OfficerCase) -> tuple[Cell, ...]:
    return (
        item.id,
        item.kind.label,
        NAMES[item.status],
        _LIGHTS[item.light],
        item.region,
        item.office,
        item.opened_at,
        item.days_open,
        item.due_at,
        item.subject,
        item.unit_id,
        item.application_id,
        item.reason.label if item.reason else None,
    )
