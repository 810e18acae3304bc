"""Exports as spreadsheets: what is in the cells, and that nothing in them is a formula."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from common.contracts.words import Status
from common.web.sheet import MEDIA_TYPE, Cell, sheet
from fastapi.responses import StreamingResponse
from openpyxl import load_workbook


async def rows(*given: Sequence[Cell]) -> AsyncIterator[Sequence[Cell]]:
    for row in given:
        yield row


async def content(response: StreamingResponse) -> bytes:
    return b"".join([chunk async for chunk in response.body_iterator if isinstance(chunk, bytes)])


async def read(response: StreamingResponse) -> list[list[Any]]:
    book = load_workbook(BytesIO(await content(response)))
    found: Iterable[Any] = book.worksheets[0].iter_rows()
    return [[cell.value for cell in row] for row in found]


@pytest.mark.rule("R32")
async def test_a_list_is_a_sheet_with_its_columns_and_rows() -> None:
    response = await sheet(
        "待办事项", ("编号", "人数", "日期", "逾期"), rows(("cas_1", 3, date(2026, 11, 24), True), ("cas_2", None, None, False))
    )
    assert response.media_type == MEDIA_TYPE
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%BE%85%E5%8A%9E%E4%BA%8B%E9%A1%B9.xlsx"
    assert await read(response) == [
        ["编号", "人数", "日期", "逾期"],
        ["cas_1", 3, datetime(2026, 11, 24), "是"],
        ["cas_2", None, None, "否"],
    ]


async def test_an_instant_is_shown_in_shanghai_time_and_a_word_as_its_text() -> None:
    response = await sheet("示例", ("时间", "状态"), rows((datetime(2026, 11, 24, 16, tzinfo=UTC), Status.PENDING)))
    assert (await read(response))[1] == [datetime(2026, 11, 25), "PENDING"]


@pytest.mark.rule("R32")
@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1"])
async def test_a_text_that_looks_like_a_formula_is_only_a_text(text: str) -> None:
    book = load_workbook(BytesIO(await content(await sheet("示例", ("内容",), rows((text,))))))
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")


async def test_characters_that_a_sheet_cannot_hold_are_left_out_and_endless_texts_cut() -> None:
    [_, [odd, long]] = await read(await sheet("示例", ("一", "二"), rows(("示\x00例\x1b", "长" * 40_000))))
    assert (odd, len(long)) == ("示例", 32_766)


async def test_all_rows_of_many_turns_are_there_in_order() -> None:
    found = await read(await sheet("示例", ("序号",), rows(*((number,) for number in range(1_001)))))
    assert [row[0] for row in found[1:]] == list(range(1_001))


async def test_an_export_that_fails_on_the_way_sends_nothing() -> None:
    async def failing() -> AsyncIterator[Sequence[Cell]]:
        yield ("示例",)
        raise LookupError

    with pytest.raises(LookupError):
        await sheet("示例", ("内容",), failing())
