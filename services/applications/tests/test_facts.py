"""What facts of other services do here: projections that only go forward, and seats that follow their posting."""

from datetime import date
from typing import Any

import pytest
from common.contracts.people import PersonVerified, ResumeSaved
from common.contracts.postings import PostingChanged
from common.contracts.words import PostingStatus, Status, UnitStatus
from common.ids import new_id
from common.store.aggregate import Answer

from .builders import posting_changed, unit_changed, youth
from .conftest import UNIT, Programme


@pytest.mark.rule("G2", "R12")
async def test_what_is_known_of_a_person_only_goes_forward(programme: Programme) -> None:
    id = new_id("per")
    verified = PersonVerified(person_id=id, birth_date=date(2003, 5, 20))
    for seq, fact in ((2, verified), (3, ResumeSaved(person_id=id, resume_version=1)), (4, ResumeSaved(person_id=id, resume_version=2))):
        await programme.hear(id, fact, seq=seq)
    await programme.hear(id, ResumeSaved(person_id=id, resume_version=1), seq=3)
    await programme.hear(id, verified, seq=2)
    person = await programme.parts.people.get(id)
    assert person
    assert (person.birth_date, person.resume_version) == (date(2003, 5, 20), 2)


@pytest.mark.rule("R15")
async def test_a_unit_is_recognised_while_it_says_so(programme: Programme) -> None:
    id = new_id("unt")
    for seq, (status, recognised) in enumerate([*((s, s is UnitStatus.RECOGNISED) for s in UnitStatus), (UnitStatus.RECOGNISED, True)], 1):
        await programme.hear(id, unit_changed(id, status), seq=seq)
        unit = await programme.parts.units.get(id)
        assert unit
        assert unit.recognised is recognised
    await programme.hear(id, unit_changed(id, UnitStatus.REVOKED), seq=1)
    unit = await programme.parts.units.get(id)
    assert unit
    assert unit.recognised


@pytest.mark.rule("R8", "R9")
async def test_seats_begin_with_publication_follow_the_headcount_and_close_once(programme: Programme) -> None:
    id, unit_id = new_id("pst"), new_id("unt")
    await programme.hear(id, posting_changed(id, unit_id, PostingStatus.SUBMITTED), seq=1)
    assert await programme.parts.seats.get(id) is None
    await programme.hear(id, posting_changed(id, unit_id, headcount=2), seq=2)
    await programme.hear(id, PostingChanged(posting_id=id, unit_id=unit_id, headcount=4, deadline=date(2027, 12, 1)), seq=3)
    await programme.hear(id, posting_changed(id, unit_id, headcount=2), seq=2)
    for status in (PostingStatus.PAUSED, PostingStatus.CLOSING, PostingStatus.CLOSED):
        await programme.hear(id, posting_changed(id, unit_id, status, headcount=4), seq=4 + list(PostingStatus).index(status))
    seats = [(event["headcount"], event["taken"], event["closing"]) for event in await programme.said(id, "seats")]
    assert seats == [(2, 0, False), (4, 0, False), (4, 0, True)]


@pytest.mark.rule("R8")
async def test_fewer_places_than_are_taken_are_answered_with_the_headcount_in_force(programme: Programme) -> None:
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=3)
    for _ in range(2):
        id = await programme.submit(await programme.intern(youth()), posting_id)
        await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    assert unit.unit_id
    fewer = PostingChanged(posting_id=posting_id, unit_id=unit.unit_id, headcount=1, deadline=date(2027, 12, 1))
    await programme.hear(posting_id, fewer)
    last = (await programme.said(posting_id, "seats"))[-1]
    assert last == {"type": "seats.headcount_refused.v1", "posting_id": posting_id, "headcount": 3, "taken": 2}
    await programme.hear(posting_id, fewer.but(headcount=2))
    assert (await programme.seats(posting_id)).full


@pytest.mark.rule("R15", "R9")
async def test_a_unit_that_is_no_longer_recognised_answers_earlier_applicants(programme: Programme) -> None:
    unit, intern = await programme.unit(), await programme.intern(youth())
    id = await programme.submit(intern, posting_id := await programme.posting(unit))
    assert unit.unit_id
    await programme.hear(unit.unit_id, unit_changed(unit.unit_id, UnitStatus.SUSPENDED))
    await programme.hear(posting_id, posting_changed(posting_id, unit.unit_id, PostingStatus.PAUSED))
    await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    assert await programme.status(intern, id) == Status.OFFERED


@pytest.mark.rule("R8")
async def test_a_replica_that_writes_late_leaves_the_newest_headcount(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    id, unit_id, seats = new_id("pst"), new_id("unt"), programme.parts.seats
    write = seats.execute

    async def overtaken(*args: Any) -> Answer:
        """The newer fact is heard and followed between this replica's read and its write."""
        monkeypatch.undo()
        await programme.hear(id, posting_changed(id, unit_id, headcount=7), seq=2)
        return await write(*args)

    monkeypatch.setattr(seats, "execute", overtaken)
    await programme.hear(id, posting_changed(id, unit_id, headcount=2), seq=1)
    assert (await programme.seats(id)).headcount == 7
