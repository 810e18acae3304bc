"""Lists as spreadsheets (XLSX): every export of the services has this one form (R32)."""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from common.calendar import SHANGHAI

Cell = str | int | float | bool | date | datetime | None
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_LONGEST = 32_767
_ROWS_A_TURN = 500
_CHUNK_BYTES = 64 * 1024
_WIDTH = 18


async def sheet(title: str, columns: Sequence[str], rows: AsyncIterable[Sequence[Cell]]) -> StreamingResponse:
    """A file `title`.xlsx of one sheet: the names of the columns, then the rows as they come, one cell per column.

    It is made in a temporary file and sent when it is whole, so memory does not grow with the rows and a failure is still a refusal.
    Instants are shown in Shanghai time. A text that a spreadsheet would take for a formula gets an apostrophe in front. What is
    personal the caller has masked. `title` is at most 31 characters without ``[]:*?/\\``.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for number in range(1, len(columns) + 1):
        page.column_dimensions[get_column_letter(number)].width = _WIDTH
    page.append(columns)
    with ExitStack() as stack:
        file = stack.enter_context(TemporaryFile())
        try:
            async for some in _together(rows):
                await asyncio.to_thread(_write, page.append, some)
        finally:  # the library keeps a temporary file of its own, which only saving takes away
            await asyncio.to_thread(book.save, file)
        stack.pop_all()
    size = file.tell()
    file.seek(0)
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(title, safe='')}.xlsx",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_content(file), media_type=MEDIA_TYPE, headers=headers)


def _write(write: Callable[[list[Cell]], object], rows: list[list[Cell]]) -> None:
    for row in rows:
        write(row)


async def _together(rows: AsyncIterable[Sequence[Cell]]) -> AsyncIterator[list[list[Cell]]]:
    """So many at a time that the turns of the thread that writes them cost little, and other requests go on meanwhile."""
    some: list[list[Cell]] = []
    async for row in rows:
        some.append([_safe(value) for value in row])
        if len(some) == _ROWS_A_TURN:
            yield some
            some = []
    yield some


def _safe(value: Cell) -> Cell:
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)[: _LONGEST - 1]
        return f"'{text}" if _FORMULA.match(text) else text
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.astimezone(SHANGHAI).replace(tzinfo=None) if isinstance(value, datetime) else value


async def _content(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
            yield chunk
