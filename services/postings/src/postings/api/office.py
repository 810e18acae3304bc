"""What officers list and export of their region (R32): submitted postings there, and those of the units there."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from common.contracts.words import PostingStatus, Role
from common.decision import Actor
from common.refusals import FORBIDDEN
from common.store.security_notes import Deed
from common.web.command import actor
from common.web.sheet import MEDIA_TYPE, Cell, sheet
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from postings.api.parts import After, Limit, Parts
from postings.repository import Postings
from postings.views import OfficePosting, OfficePostings

router = APIRouter(prefix="/api/v1/offices/me/postings", tags=["人社经办人员"])
Officer = Annotated[Actor, actor(Role.OFFICER)]
Status = Annotated[PostingStatus | None, Query(description="不填为全部")]
UnitId = Annotated[str | None, Query(max_length=40)]
_ROWS_A_READ = 500
_COLUMNS = (
    "岗位编号", "单位", "岗位名称", "类别", "所在地", "状态", "招收人数", "已占名额", "见习月数", "月补助（元）",
    "投递截止", "首次发布", "申报次数", "审核期限", "逾期", "提示",
)  # fmt: skip


@router.get("", summary="本地区岗位（待审核的按期限在前，其次为有提示的）")
async def list_postings(
    postings: Parts, officer: Officer, status: Status = None, unit_id: UnitId = None, after: After = None, limit: Limit = 50
) -> OfficePostings:
    """Drafts are the units' own. Nothing personal is in the rows."""
    items, following = await _page(postings, officer, status, unit_id, after, limit)
    return OfficePostings(items=items, next=following)


@router.get("/export", summary="导出本地区岗位（Excel）", response_class=StreamingResponse, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def export(postings: Parts, officer: Officer, status: Status = None, unit_id: UnitId = None) -> StreamingResponse:
    """All rows of the list in its order; noted before anything leaves."""
    await postings.notes.note(Deed.EXPORTED, officer, _region(officer))
    names = (await postings.reference.current()).choices.get("posting_kind", {})

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        after: str | None = None
        while True:
            items, after = await _page(postings, officer, status, unit_id, after, _ROWS_A_READ)
            for item in items:
                yield _cells(item, names)
            if after is None:
                return

    return await sheet("本地区岗位", _COLUMNS, rows())


async def _page(
    postings: Postings, officer: Actor, status: PostingStatus | None, unit_id: str | None, after: str | None, limit: int
) -> tuple[list[OfficePosting], str | None]:
    reference, now = await postings.reference.current(), postings.clock.now()
    places = reference.regions.codes_of(_region(officer))
    found, following = await postings.of_office(places, status, unit_id, after, limit)
    seats = await postings.seats_of(found)
    return [OfficePosting.of_office(posting, seats.get(posting.id), reference, now) for posting in found], following


def _region(officer: Actor) -> str:
    if officer.region is None:
        raise FORBIDDEN()
    return officer.region


def _cells(item: OfficePosting, kinds: dict[str, str]) -> tuple[Cell, ...]:
    return (
        item.id,
        item.unit_name,
        item.title,
        kinds.get(item.kind, item.kind),
        item.region_name,
        item.status_name,
        item.headcount,
        item.taken,
        item.months,
        item.allowance_fen / 100,
        item.deadline,
        item.published_at,
        item.revision,
        item.review_due_at,
        item.overdue,
        "；".join(item.flags),
    )
