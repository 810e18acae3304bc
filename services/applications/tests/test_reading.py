"""Who reads which file over HTTP."""

from typing import Any

import pytest
from common.contracts.words import Permission, Role, Status, Verdict
from common.decision import Actor
from common.ids import new_id

from .builders import PDF, youth
from .conftest import ME, UNIT, Programme
from .test_papers import OTHER_PDF, TERM, approved, owing_intern


async def readers(programme: Programme, document_id: str, *candidates: Actor) -> list[Actor]:
    """Who of them may read the file; for the others it is unknown."""
    answers = [(who, await programme.call("GET", f"/documents/{document_id}", who)) for who in candidates]
    assert {answer.status_code for _, answer in answers} <= {200, 404}
    return [who for who, answer in answers if answer.status_code == 200]


def officer(region: str) -> Actor:
    return Actor(id=new_id("stf"), role=Role.OFFICER, region=region)


@pytest.mark.rule("G3", "R24")
async def test_a_file_comes_back_as_it_was_handed_in_and_is_unknown_to_strangers(programme: Programme) -> None:
    intern = await programme.verified()
    file = await programme.upload("/me/intent/documents", intern, kind="other_proof")
    path = f"/documents/{file['id']}"
    answer = await programme.call("GET", path, intern)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PDF, "application/pdf")
    assert answer.headers["cache-control"] == "private, no-store"
    assert await readers(programme, file["id"], await programme.verified(), await programme.unit(), officer("520000")) == []
    await programme.refused("not_found", 404, "GET", f"/documents/{new_id('doc')}", intern)
    await programme.refused("unauthenticated", 401, "GET", path, None)
    await programme.refused("forbidden", 403, "GET", path, Actor(id=new_id("stf"), role=Role.ANALYST))


@pytest.mark.rule("R24")
async def test_a_unit_reads_the_files_of_an_application_from_its_offer_until_it_closes(programme: Programme) -> None:
    unit, stranger, intern = await programme.unit(), await programme.unit(), await owing_intern(programme)
    user = unit.but(permissions=frozenset({Permission.MANAGE_USERS}))
    id = await programme.submit(intern, await programme.posting(unit))
    [form] = (await programme.do("GET", "/me/intent", intern))["form"]["documents"]
    assert await readers(programme, form["id"], unit) == []
    await programme.bring(intern, unit, id, Status.OFFERED)
    assert await readers(programme, form["id"], unit, stranger, user) == [unit]
    await programme.do("POST", f"{ME}/{id}/accept", intern)
    diploma = (await programme.upload(f"{ME}/{id}/diploma", intern))["diploma"]["document_id"]
    assert await readers(programme, diploma, unit, stranger, user) == [unit]
    await programme.decide(intern, id, Verdict.DISAPPROVE, reason_code="employed")
    for document_id in (form["id"], diploma):
        assert await readers(programme, document_id, unit) == []


@pytest.mark.rule("R24", "R17")
async def test_of_a_finished_internship_a_unit_reads_only_what_it_handed_in_itself(programme: Programme) -> None:
    unit, intern = await programme.unit(), await owing_intern(programme)
    id = await approved(programme, intern, unit)
    diploma = (await programme.upload(f"{ME}/{id}/diploma", intern))["diploma"]["document_id"]
    await programme.do("POST", f"{UNIT}/{id}/accept-diploma", unit)
    await programme.do("POST", f"{UNIT}/{id}/onboard", unit, TERM)
    appraisal = (await programme.upload(f"{UNIT}/{id}/documents", unit, OTHER_PDF, kind="appraisal"))["id"]
    assert [await readers(programme, file, unit) for file in (diploma, appraisal)] == [[unit], [unit]]
    ending = {"kind": "early", "end": "2026-11-02", "retained": False, "reason": {"code": "personal"}}
    await programme.do("POST", f"{UNIT}/{id}/terminate", unit, ending | {"documents": [{"id": appraisal, "kind": "appraisal"}]})
    assert [await readers(programme, file, unit) for file in (diploma, appraisal)] == [[], [unit]]


@pytest.mark.rule("R14")
async def test_an_office_reads_the_files_of_its_own_registrations_and_applications_only(programme: Programme) -> None:
    unit, intern = await programme.unit(), await programme.intern(youth())
    here, other, city, elsewhere = (officer(region) for region in ("520102", "520103", "520100", "520300"))
    offices = (here, other, city, elsewhere)

    async def renew(number: int, **changes: Any) -> str:
        """A newer intent with a file of its own."""
        file = await programme.upload("/me/intent/documents", intern, PDF + b"%d" % number, kind="other_proof")
        await programme.do("PUT", "/me/intent", intern, youth(documents=[{"id": file["id"], "kind": "other_proof"}], **changes))
        id: str = file["id"]
        return id

    registered_here = await renew(1)
    assert await readers(programme, registered_here, *offices) == [here, city]
    applied = await programme.submit(intern, await programme.posting(unit, region="520300"))
    assert await readers(programme, registered_here, *offices) == [here, city, elsewhere]
    supplement = await renew(2)
    assert await readers(programme, supplement, *offices) == [here, city, elsewhere]
    await programme.do("POST", f"{ME}/{applied}/withdraw", intern)
    registered_there = await renew(3, registration=youth()["registration"] | {"region": "520103"})
    assert await readers(programme, registered_there, *offices) == [other, city]


@pytest.mark.rule("R13", "R24")
async def test_a_unit_does_not_read_a_newer_intent_than_the_application_was_made_with(programme: Programme) -> None:
    unit, intern = await programme.unit(), await programme.intern(youth())
    await programme.decide(intern, verdict=Verdict.APPROVE)
    id = await programme.submit(intern, await programme.posting(unit))
    file = await programme.upload("/me/intent/documents", intern, kind="other_proof")
    await programme.do("PUT", "/me/intent", intern, youth(documents=[{"id": file["id"], "kind": "other_proof"}]))
    await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    assert await readers(programme, file["id"], unit) == []
