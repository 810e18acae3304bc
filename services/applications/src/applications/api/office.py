"""What officers list and export of their region (R22, R29, R32): applications and running internships, and the units that are silent."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from common.contracts.words import Role, Status
from common.decision import Actor
from common.store.security_notes import Deed
from common.web.command import actor
from common.web.sheet import MEDIA_TYPE, Cell, sheet
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from applications.api.parts import Limit, Parts, PostingId
from applications.handlers import office
from applications.office_views import OfficeApplication, OfficeApplications, OfficeCounts, SilentUnits
from applications.overview import Wanted

router = APIRouter(prefix="/api/v1/offices/me", tags=["人社经办人员"])
Officer = Annotated[Actor, actor(Role.OFFICER)]
Region = Annotated[str | None, Query(pattern=r"^[0-9]{6}$", description="本地区的一部分；不填为本地区")]
Statuses = Annotated[list[Status] | None, Query(description="不填为全部；在岗见习为ONBOARDED")]
UnitId = Annotated[str | None, Query(max_length=40)]
Overdue = Annotated[bool, Query(description="只看单位逾期未答复或未报告的")]
After = Annotated[str | None, Query(max_length=90, description="上一页的next")]
_ROWS_A_READ = 500
_COLUMNS = (
    "投递编号", "人员编号", "岗位编号", "单位编号", "地区", "状态", "人员类别", "年龄段", "学历", "投递时间", "状态时间",
    "答复期限", "上岗日期", "计划结束", "实际结束", "逾期",
)  # fmt: skip


async def _wanted(
    parts: Parts,
    officer: Officer,
    region: Region = None,
    status: Statuses = None,
    unit_id: UnitId = None,
    posting_id: PostingId = None,
    overdue: Overdue = False,
) -> Wanted:
    return await office.wanted(
        parts, officer, region, statuses=tuple(status or ()), unit_id=unit_id, posting_id=posting_id, overdue=overdue
    )


Asked = Annotated[Wanted, Depends(_wanted)]


@router.get("/applications", summary="本地区投递与在岗见习（单位逾期未办理的在前）")
async def list_applications(parts: Parts, wanted: Asked, after: After = None, limit: Limit = 50) -> OfficeApplications:
    """A page holds the applications of `limit` persons; nobody is named."""
    items, following = await office.page(parts, wanted, after, limit)
    return OfficeApplications(items=items, next=following)


@router.get("/applications/counts", summary="本地区各状态的投递件数与其中逾期件数")
async def counts(parts: Parts, wanted: Asked) -> OfficeCounts:
    return await office.counts(parts, wanted)


@router.get(
    "/applications/export",
    summary="导出本地区投递（Excel）",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def export(parts: Parts, officer: Officer, wanted: Asked) -> StreamingResponse:
    """All rows of the list in its order; noted before anything leaves."""
    await parts.notes.note(Deed.EXPORTED, officer, wanted.codes[0])
    categories = {code: category.label for code, category in (await parts.reference()).categories.items()}

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        after: str | None = None
        while True:
            items, after = await office.page(parts, wanted, after, _ROWS_A_READ)
            for item in items:
                yield _cells(item, categories)
            if after is None:
                return

    return await sheet("本地区投递", _COLUMNS, rows())


@router.get("/silent-units", summary="本地区长期未处理的单位")
async def silent_units(parts: Parts, officer: Officer, region: Region = None, after: After = None, limit: Limit = 50) -> SilentUnits:
    return await office.silent_units(parts, await office.wanted(parts, officer, region), after, limit)


def _cells(item: OfficeApplication, categories: dict[str, str]) -> tuple[Cell, ...]:
    return (
        item.id,
        item.person_id,
        item.posting_id,
        item.unit_id,
        item.region_name,
        item.status_name,
        categories.get(item.category, item.category),
        item.age_band,
        item.education,
        item.submitted_at,
        item.changed_at,
        item.due_at,
        item.start,
        item.planned_end,
        item.end,
        item.overdue,
    )
