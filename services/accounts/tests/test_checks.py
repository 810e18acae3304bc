"""The invariant check finds each breach that is planted in the accounts, exactly it, and nothing after honest work (R27)."""

from typing import Any

import pytest
from common.contracts.words import Verdict
from common.decision import Actor
from common.testing.checks import broken

from .builders import decision, recognition_body
from .conftest import Desk

Changes = dict[str, Any]


@pytest.fixture
async def people(desk: Desk) -> list[Actor]:
    """Two interns with resumes, and the first users of two recognised units."""
    found = [await desk.intern(resume=True), await desk.intern(resume=True), await desk.recognised(), await desk.recognised()]
    assert await broken(desk.service) == []
    return found


ACCOUNTS: dict[str, Changes] = {
    "live_phone_own": {"state.live_phone": None},
    "speaks_for_somebody": {"state.unit_id": "unt_nobody", "state.role": "unit"},
    "status_follows_history": {"state.active": False, "state.live_phone": None},
    "state_readable": {"state.login": 7},
}
UNITS: dict[str, Changes] = {
    "founder_one": {"state.facts.uscc": "91520100000000000X"},
    "recognition_sound": {"state.recognised_until": "2020-01-01"},
    "status_follows_history": {"state.status": "EXPIRED"},
}


@pytest.mark.rule("R27", "R24", "R31")
@pytest.mark.parametrize("invariant", ACCOUNTS)
async def test_a_breach_in_an_account_is_found(desk: Desk, people: list[Actor], invariant: str) -> None:
    await desk.parts.accounts.collection.update_one({"_id": people[0].id}, {"$set": ACCOUNTS[invariant]})
    assert await broken(desk.service) == [(invariant, f"accounts/{people[0].id}")]


@pytest.mark.rule("R27", "R15")
@pytest.mark.parametrize("invariant", UNITS)
async def test_a_breach_in_a_unit_is_found(desk: Desk, people: list[Actor], invariant: str) -> None:
    await desk.parts.units.collection.update_one({"_id": people[2].unit_id}, {"$set": UNITS[invariant]})
    assert await broken(desk.service) == [(invariant, f"units/{people[2].unit_id}")]


@pytest.mark.rule("R27", "R31", "R15")
@pytest.mark.parametrize(
    ("collection", "path", "invariant", "who"),
    [
        ("people", "state.identity.number_hash", "number_once", (0, 1)),
        ("accounts", "state.login_key", "login_once", (0, 1)),
        ("accounts", "state.live_phone", "phone_once", (0, 1)),
        ("accounts", "state.founds.uscc", "uscc_once", (2, 3)),
    ],
)
async def test_two_with_what_only_one_may_have_are_found(
    desk: Desk, people: list[Actor], collection: str, path: str, invariant: str, who: tuple[int, int]
) -> None:
    """The unique index stands in the way of this breach, so it is planted without it."""
    rows = desk.service.mongo.collection(collection)
    first, second = sorted(people[number].id for number in who)
    document = await rows.find_one({"_id": first})
    for name in path.split("."):
        assert document is not None
        document = document[name]
    await rows.drop_index(path)
    await rows.update_one({"_id": second}, {"$set": {path: document}})
    assert (invariant, f"{collection}/{second}") in await broken(desk.service)
    assert {code for code, _ in await broken(desk.service)} <= {invariant, "live_phone_own", "founder_one"}


@pytest.mark.rule("R27", "R12", "R24")
async def test_a_lost_resume_and_a_lost_person_are_found(desk: Desk, people: list[Actor]) -> None:
    person = await desk.parts.people.get(people[0].id)
    assert person is not None
    await desk.parts.resumes.collection.delete_one({"_id": person.resumes[0]})
    await desk.parts.people.collection.delete_one({"_id": people[1].id})
    assert await broken(desk.service) == [("resumes_kept", f"people/{people[0].id}"), ("speaks_for_somebody", f"accounts/{people[1].id}")]


@pytest.mark.rule("R27", "R15")
async def test_a_renewal_that_waits_longer_than_the_recognition_lasts_is_no_finding(desk: Desk, people: list[Actor]) -> None:
    for unit in people[2:]:
        shown = await desk.ok("GET", "/units/me", unit)
        await desk.ok("POST", "/units/me/recognition", unit, recognition_body(*shown["document_ids"]))
    desk.later(days=4 * 365)
    await desk.service.jobs[1].run()
    assert [(await desk.ok("GET", "/units/me", unit))["status"] for unit in people[2:]] == ["EXPIRED", "EXPIRED"]
    assert {code for code, _ in await broken(desk.service)} == {"events_published"}, "nobody publishes here"
    for number, (unit, verdict) in enumerate(zip(people[2:], Verdict, strict=True)):
        await desk.hear(f"cas_{number}", decision(unit.unit_id or "", verdict, request=2))
    assert [(await desk.ok("GET", "/units/me", unit))["status"] for unit in people[2:]] == ["RECOGNISED", "EXPIRED"]
    assert {code for code, _ in await broken(desk.service)} == {"events_published"}, "nobody publishes here"
