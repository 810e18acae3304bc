"""Many at once, on two replicas with one database: limits hold exactly, and seats agree with candidacies."""

import asyncio
from collections import Counter

import httpx2
import pytest
from common.contracts.words import PostingStatus, Status
from common.ids import new_id

from .builders import posting_changed, youth
from .conftest import ME, UNIT, Programme


def outcomes(answers: list[httpx2.Response]) -> Counter[str]:
    """How often each answer was given: the status an application got, or the code of the refusal."""
    return Counter(answer.json().get("code") or answer.json()["status"] for answer in answers)


@pytest.mark.rule("G5")
async def test_64_parallel_submissions_of_one_intern_leave_exactly_10_pending(programme: Programme) -> None:
    intern, unit = await programme.intern(youth()), await programme.unit()
    postings = [await programme.posting(unit) for _ in range(64)]
    answers = await asyncio.gather(*(programme.call("POST", ME, intern, {"posting_id": posting_id}) for posting_id in postings))
    assert outcomes(answers) == {"PENDING": 10, "too_many_pending": 54}
    assert [item["status"] for item in (await programme.do("GET", ME, intern))["items"]] == ["PENDING"] * 10
    assert [event["to"] for event in await programme.said(intern.id) if "to" in event] == ["PENDING"] * 10


@pytest.mark.rule("R8")
async def test_500_interns_on_5_seats_never_exceed_5_offers(programme: Programme) -> None:
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=5)
    applicants = await programme.applicants(500, posting_id)
    answers = await asyncio.gather(*(programme.insist("POST", f"{UNIT}/{id}/offer", unit) for _, [id] in applicants))
    assert outcomes(answers) == {"OFFERED": 5, "seats_full": 495}
    assert len(await programme.holders(posting_id)) == 5
    offered = [applicant for applicant, answer in zip(applicants, answers, strict=True) if answer.status_code == 200]
    declined = await asyncio.gather(*(programme.insist("POST", f"{ME}/{id}/decline", intern) for intern, [id] in offered))
    again = await asyncio.gather(*(programme.insist("POST", f"{UNIT}/{id}/offer", unit) for _, [id] in applicants[:50]))
    assert (outcomes(declined), outcomes(again)["OFFERED"]) == ({"UNWILLING": 5}, 5)
    assert len(await programme.holders(posting_id)) == 5


@pytest.mark.rule("R2", "R8", "G11")
async def test_parallel_acceptances_leave_one_willing_and_free_all_other_seats(programme: Programme) -> None:
    intern, unit = await programme.intern(youth()), await programme.unit()
    postings = [await programme.posting(unit, headcount=1) for _ in range(10)]
    ids = [await programme.submit(intern, posting_id) for posting_id in postings]
    await asyncio.gather(*(programme.do("POST", f"{UNIT}/{id}/offer", unit) for id in ids[:8]))
    answers = await asyncio.gather(*(programme.call("POST", f"{ME}/{id}/accept", intern) for id in ids[:8]))
    assert outcomes(answers) == {"WILLING": 1, "wrong_status": 7}
    statuses = Counter(item["status"] for item in (await programme.do("GET", ME, intern))["items"])
    assert statuses == {"WILLING": 1, "UNWILLING": 7, "WITHDRAWN": 2}
    assert sum([len(await programme.holders(posting_id)) for posting_id in postings]) == 1


@pytest.mark.rule("R2", "R8")
async def test_offers_and_acceptances_at_once_leave_no_seat_behind(programme: Programme) -> None:
    """Six interns apply to the same six postings of one place each; the unit offers and the interns accept whatever they can."""
    unit = await programme.unit()
    postings = [await programme.posting(unit, headcount=1) for _ in range(6)]
    applicants = await programme.applicants(6, *postings)
    offers = (programme.insist("POST", f"{UNIT}/{id}/offer", unit) for _, ids in applicants for id in ids)
    accepts = (programme.insist("POST", f"{ME}/{ids[number]}/accept", intern) for number in range(6) for intern, ids in applicants)
    answers = await asyncio.gather(*offers, *accepts)
    assert set(outcomes(answers)) <= {"OFFERED", "WILLING", "seats_full", "wrong_status"}
    for posting_id in postings:
        assert len(await programme.holders(posting_id)) <= 1
    for intern, _ in applicants:
        assert len((await programme.parts.candidacies.get(intern.id)).in_status(Status.WILLING)) <= 1  # type: ignore[union-attr]


@pytest.mark.rule("R20")
async def test_the_same_key_sent_20_times_at_once_has_one_effect_and_one_answer(programme: Programme) -> None:
    intern, unit, key = await programme.intern(youth()), await programme.unit(), new_id("key")
    body = {"posting_id": await programme.posting(unit)}
    answers = await asyncio.gather(*(programme.call("POST", ME, intern, body, key=key) for _ in range(20)))
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].status_code == 201
    id = answers[0].json()["id"]
    offers = await asyncio.gather(*(programme.call("POST", f"{UNIT}/{id}/offer", unit, key=key) for _ in range(20)))
    assert {answer.text for answer in offers} == {offers[0].text}
    assert await programme.steps(intern.id, id) == ["PENDING", "OFFERED"]
    assert len(await programme.said(body["posting_id"], "seats")) == 2


@pytest.mark.rule("R20")
async def test_a_key_used_again_for_something_else_is_refused_and_another_persons_key_is_another(programme: Programme) -> None:
    intern, unit, key = await programme.intern(youth()), await programme.unit(), new_id("key")
    first, second = [{"posting_id": await programme.posting(unit)} for _ in range(2)]
    id = (await programme.do("POST", ME, intern, first, key=key))["id"]
    await programme.refused("idempotency_key_reused", 422, "POST", ME, intern, second, key=key)
    await programme.refused("idempotency_key_reused", 422, "POST", f"{ME}/{id}/withdraw", intern, key=key)
    assert await programme.steps(intern.id, id) == ["PENDING"]
    assert (await programme.do("POST", f"{UNIT}/{id}/offer", unit, key=key))["status"] == "OFFERED"


@pytest.mark.rule("R8", "R9")
async def test_closing_and_fewer_places_race_with_offers_and_never_leave_too_many(programme: Programme) -> None:
    unit = await programme.unit()
    posting_id = await programme.posting(unit, headcount=12)
    ids = [id for _, [id] in await programme.applicants(24, posting_id)]
    assert unit.unit_id
    fewer = [posting_changed(posting_id, unit.unit_id, headcount=headcount) for headcount in (9, 7, 6)]
    last = posting_changed(posting_id, unit.unit_id, PostingStatus.CLOSING, headcount=6)
    answers, _ = await asyncio.gather(
        asyncio.gather(*(programme.insist("POST", f"{UNIT}/{id}/offer", unit) for id in ids)),
        asyncio.gather(*(programme.hear(posting_id, fact) for fact in (*fewer, last))),
    )
    assert set(outcomes(answers)) <= {"OFFERED", "seats_full", "posting_closed"}
    holders, seats = await programme.holders(posting_id), await programme.seats(posting_id)
    assert len(holders) == outcomes(answers)["OFFERED"] <= seats.headcount
    await programme.refused("posting_closed", 409, "POST", f"{UNIT}/{next(id for id in ids if id not in holders)}/offer", unit)
