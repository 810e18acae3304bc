"""Pages by keyset: every row once, in order, however the pages are cut."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from common.errors import Refusal
from common.store.keyset import Keyset
from common.store.mongo import Mongo

FIRST = datetime(2026, 3, 2, 4, 0, 0, 123000, tzinfo=UTC)


@pytest.fixture
async def rows(mongo: Mongo) -> list[dict[str, Any]]:
    """Nine rows; three at a time share an instant."""
    rows = [
        {"_id": f"pst_{number}", "state": {"at": FIRST + timedelta(milliseconds=number // 3)}, "odd": number % 2} for number in range(9)
    ]
    await mongo.collection("rows").insert_many(rows)
    return rows


async def shown(order: Keyset, mongo: Mongo, limit: int, query: dict[str, Any] | None = None, **options: Any) -> list[list[str]]:
    """All pages."""
    pages, after = [], None
    while True:
        found, after = await order.page(mongo, mongo.collection("rows"), query or {}, after, limit, **options)
        pages.append([row["_id"] for row in found])
        if after is None:
            return pages


@pytest.mark.parametrize("limit", [1, 2, 4, 8, 9, 50])
@pytest.mark.parametrize("order", [Keyset(), Keyset(newest_first=True), Keyset("state.at"), Keyset("state.at", newest_first=True)])
async def test_every_row_is_shown_once_in_order(mongo: Mongo, rows: list[dict[str, Any]], order: Keyset, limit: int) -> None:
    pages = await shown(order, mongo, limit)
    ids = [row["_id"] for row in rows]
    assert [id for page in pages for id in page] == (ids[::-1] if order.newest_first else ids)
    assert {len(page) for page in pages[:-1]} <= {limit}
    assert pages[-1], "a last page that is just full has no empty one after it"


async def test_only_what_is_asked_for_by_the_index_that_is_named(mongo: Mongo, rows: list[dict[str, Any]]) -> None:
    await mongo.collection("rows").create_index([("odd", 1), ("state.at", 1), ("_id", 1)], name="odd")
    pages = await shown(Keyset("state.at"), mongo, 3, {"odd": 1}, projection={"state.at": 1}, hint="odd")
    assert pages == [["pst_1", "pst_3", "pst_5"], ["pst_7"]]
    assert await shown(Keyset(), mongo, 3, {"odd": 7}) == [[]]


@pytest.mark.parametrize("cursor", ["x", "2026-03-02", "_pst_1", "2026-13-02T04:00:00.000000_pst_1"])
async def test_a_cursor_that_is_none_is_refused(mongo: Mongo, cursor: str) -> None:
    with pytest.raises(Refusal, match="invalid_input"):
        await Keyset("state.at").page(mongo, mongo.collection("rows"), {}, cursor, 3)
