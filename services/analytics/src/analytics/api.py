"""The HTTP routes: officers see their region and what lies below, analysts all of it."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from common.contracts.words import Role
from common.decision import Actor
from common.web.command import actor
from common.web.sheet import Cell, sheet
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from analytics import handlers
from analytics.domain.question import Asked
from analytics.labels import labels
from analytics.repository import Analytics
from analytics.views import MeasureView, Statistic

router = APIRouter(prefix="/api/v1/statistics", tags=["统计分析"])
Reader = Annotated[Actor, actor(Role.OFFICER, Role.ANALYST)]
_HIDDEN = "<5"


async def _analytics(request: Request) -> Analytics:
    analytics: Analytics = request.app.state.deps
    return analytics


Parts = Annotated[Analytics, Depends(_analytics)]


class Catalogue(BaseModel):
    items: list[MeasureView]


@router.get("", summary="统计目录与口径")
async def catalogue(reader: Reader) -> Catalogue:
    return Catalogue(items=[MeasureView.of(measure) for measure in handlers.catalogue()])


@router.get("/{measure}", summary="一项统计（小于5的数在本县以外不显示）")
async def read(parts: Parts, reader: Reader, measure: str, asked: Annotated[Asked, Query()]) -> Statistic:
    question, rows = await handlers.answer(parts, reader, measure, asked)
    reference = await parts.reference.current()
    words = labels(asked.by, [row.group for row in rows], reference)
    return Statistic.of(question, rows, words, reference.regions.by_code[question.region].name)


@router.get("/{measure}/export", summary="导出一项统计（XLSX，留痕）", response_class=StreamingResponse)
async def export(parts: Parts, reader: Reader, measure: str, asked: Annotated[Asked, Query()]) -> StreamingResponse:
    statistic = await read(parts, reader, measure, asked)
    await handlers.note_export(parts, reader, measure, statistic.region)
    columns = ["分组", *statistic.measure.figures.values()]
    return await sheet(statistic.measure.title, columns, _cells(statistic))


async def _cells(statistic: Statistic) -> AsyncIterator[Sequence[Cell]]:
    for line in statistic.lines:
        yield [line.label, *(_HIDDEN if line.hidden else figure for figure in line.figures.values())]
    yield [f"口径：{statistic.measure.definition}", *([None] * len(statistic.measure.figures))]
    yield [f"{statistic.region_name}，统计时点 {statistic.as_of.isoformat()}", *([None] * len(statistic.measure.figures))]
