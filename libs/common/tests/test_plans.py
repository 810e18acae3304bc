"""Explaining the queries of services: what reads more than it has to is found, with the line that asks for it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from common.messaging.leases import Leases
from common.settings import Settings
from common.store.documents import DocumentInfo, Documents
from common.store.keyset import Keyset
from common.store.mongo import Document, Mongo, exactly
from common.testing.plans import Plans

ORDER = Keyset("state.at")


@pytest.fixture
async def watched(settings: Settings) -> AsyncIterator[tuple[Mongo, Plans]]:
    """A database that is watched; its rows have an index by name, of texts alone, and one by instant."""
    plans = Plans(("plans",))
    with plans.watching(settings.mongo):
        mongo = Mongo(settings.mongo, settings.database("plans"))
        rows = mongo.collection("rows")
        await rows.create_index("state.name", name="name", partialFilterExpression={"state.name": {"$type": "string"}})
        await rows.create_index([("state.at", 1), ("_id", 1)], name="at")
        yield mongo, plans
        await mongo.client.drop_database(mongo.database)
        await mongo.close()


async def found(watched: tuple[Mongo, Plans], query: Document, order: Keyset = ORDER, hint: str | None = None) -> list[str]:
    mongo, plans = watched
    await order.page(mongo, mongo.collection("rows"), query, None, 3, hint=hint)
    return plans.faults()


async def test_what_an_index_answers_is_no_fault(watched: tuple[Mongo, Plans]) -> None:
    assert await found(watched, {}) == [], "a page in the order of an index ends early"
    assert await found(watched, {"_id": "pst_1"}) == []
    assert await found(watched, {"state.name": exactly("示例")}) == []


async def test_a_look_whether_there_is_anything_at_all_is_no_fault(watched: tuple[Mongo, Plans]) -> None:
    mongo, plans = watched
    for number in range(2):
        info = DocumentInfo(
            id=f"doc_{number}", owner="per_1", kind="diploma", name="示例.pdf", content_type="application/pdf", size=4, sha256=""
        )
        await Documents(mongo).keep(info, b"%PDF", datetime(2026, 3, 2, tzinfo=UTC))
    assert plans.faults() == []


async def test_a_query_without_an_index_is_told_once_with_the_line_that_makes_it(watched: tuple[Mongo, Plans]) -> None:
    [fault] = await found(watched, {}, Keyset("state.until"))
    assert fault.startswith("common/store/keyset.py:")
    assert "reads the whole of rows: SORT, COLLSCAN for {'find': 'rows'" in fault
    assert await found(watched, {}, Keyset("state.until")) == []
    assert len(await found(watched, {"state.until": None}, Keyset("state.until"))) == 1, "another shape is another query"


async def test_an_index_that_is_read_from_end_to_end_is_a_fault(watched: tuple[Mongo, Plans]) -> None:
    [fault] = await found(watched, {"state.name": {"$gt": "示例"}}, hint="name")
    assert "WHOLE name" in fault


async def test_what_a_test_itself_asks_for_is_its_own_matter(watched: tuple[Mongo, Plans]) -> None:
    mongo, plans = watched
    await mongo.collection("rows").find({"state.until": None}).to_list()
    assert plans.faults() == []


async def test_writes_and_counts_are_looked_at_too_but_not_where_a_collection_stays_small(
    watched: tuple[Mongo, Plans], monkeypatch: pytest.MonkeyPatch
) -> None:
    mongo, plans = watched
    leases = Leases(mongo, "one", shards=1)
    await leases.renew()
    await leases.renew()
    assert plans.faults() == []
    monkeypatch.setattr("common.testing.plans.READ_WHOLE", {})
    await leases.renew()
    asked = [fault.partition(" for ")[2] for fault in plans.faults()]
    assert [ask.partition(",")[0] for ask in asked] == [
        "{'delete': 'lease_members'",
        "{'aggregate': 'lease_members'",
        "{'update': 'leases'",
        "{'find': 'leases'",
    ]
