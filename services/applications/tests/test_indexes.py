"""No query by application walks through a collection: each reads little more than it gives back."""

from common.contracts.words import PostingStatus, Status
from common.store.mongo import Document

from .builders import posting_changed
from .conftest import UNIT, Programme
from .domain.builders import DAY, NOON


async def test_every_query_reads_only_what_it_gives_back(programme: Programme) -> None:
    unit, other = await programme.unit(), await programme.unit()
    posting_id, elsewhere = await programme.posting(unit), await programme.posting(other)
    await programme.applicants(40, elsewhere)
    ours = [id for _, [id] in await programme.applicants(3, posting_id)]
    await programme.do("POST", f"{UNIT}/{ours[0]}/offer", unit)
    reads = await profiled(programme, str(unit.unit_id), posting_id, ours[1])
    assert len(reads) == 11
    for read in reads:
        assert "COLLSCAN" not in read["planSummary"], read["command"]
        assert not read.get("hasSortStage"), read["command"]
        assert read["docsExamined"] == read["nreturned"], read["command"]


async def profiled(programme: Programme, unit_id: str, posting_id: str, id: str) -> list[Document]:
    """What the database notes of every query that is not by id."""
    candidacies, database = programme.parts.candidacies, programme.parts.candidacies.mongo.database
    await database.command({"profile": 2})
    assert len((await candidacies.of_unit(unit_id, list(Status), None, None, 50))[0]) == 3
    assert len((await candidacies.of_unit(unit_id, list(Status), None, None, 2))[0]) == 2
    assert len((await candidacies.of_unit(unit_id, [Status.PENDING], posting_id, "per_0", 50))[0]) == 2
    assert len(await candidacies.pending_at([posting_id], 100)) == 2
    assert await candidacies.overdue(NOON, 100) == []
    assert len(await candidacies.overdue(NOON + 20 * DAY, 100)) == 1
    assert len(await candidacies.reckoned_before(1_000_000, 100)) == 1
    assert await candidacies.reckoned_before(0, 100) == []
    assert await candidacies.person_of(id, unit_id)
    assert await programme.parts.seats.closing(NOON) == {}
    await programme.hear(posting_id, posting_changed(posting_id, unit_id, PostingStatus.CLOSING))
    assert await programme.parts.seats.closing(NOON) == {posting_id: False}
    await database.command({"profile": 0})
    noted = database["system.profile"].find({"op": "query", "planSummary": {"$ne": "IDHACK"}})
    return [read async for read in noted if read["ns"].endswith((".candidacies", ".seats"))]
