"""No query of notices walks through a collection: each reads little more than it gives back."""

from datetime import timedelta

import pytest
from common.contracts.words import Status
from common.store.mongo import Document

from ..conftest import Desk
from .conftest import Post


@pytest.mark.rule("R21")
async def test_every_query_reads_only_what_it_gives_back(desk: Desk, post: Post) -> None:
    intern, unit = await desk.intern(), await desk.unit()
    for number in range(30):
        await post.applies(intern, unit, Status.OFFERED, due_at=post.now + timedelta(days=number))
    parts = post.parts
    await parts.mongo.database.command({"profile": 2})
    page, following = await parts.inbox(intern.id, False, None, 5)
    assert len(page) == len((await parts.inbox(intern.id, True, following, 5))[0]) == 5
    assert await parts.unread(intern.id) == 30
    await parts.read_all(intern.id, post.now)
    due = await parts.outbox.due(post.now, 10)
    assert len(due) == 10
    assert len((await parts.outbox.log({"status": "queued"}, None, 5))[0]) == 5
    assert len((await parts.outbox.log({"notice_id": page[0].id}, None, 5))[0]) == 1
    assert len(await parts.to_remind(parts.applications, post.now + timedelta(days=40), 10)) == 1
    await parts.mongo.database.command({"profile": 0})
    reads: list[Document] = await parts.mongo.database["system.profile"].find({"op": {"$in": ["query", "command", "update"]}}).to_list()
    looked = [read for read in reads if read["ns"].rpartition(".")[2] in ("notices", "deliveries", "notice_applications")]
    assert len(looked) >= 7
    for read in looked:
        assert "COLLSCAN" not in read.get("planSummary", ""), read["command"]
        assert not read.get("hasSortStage"), read["command"]
        assert read.get("docsExamined", 0) <= max(read.get("nreturned", 0), read.get("nMatched", 0)) + 1, read["command"]
