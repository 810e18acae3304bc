"""Cases open from facts once, where they belong, whatever is repeated, late or out of order."""

import random

import pytest
from common.contracts.people import UnitRegistered
from common.contracts.words import CaseStatus, Category, Check, PostingStatus, Status, UnitStatus
from common.ids import new_id

from .conftest import NOON, Audit, case_id, officer
from .messages import application_changed, checked, intent, posting_changed, requested, unit_changed


@pytest.mark.rule("R14")
async def test_each_kind_opens_in_its_county_due_in_five_working_days(audit: Audit) -> None:
    unit, posting, person, application = new_id("unt"), new_id("pst"), new_id("per"), new_id("app")
    await audit.hear(unit, 1, requested(unit, region="520102"))
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED, region="520103"))
    await audit.hear(person, 1, intent(person, registered_at="520111003"))
    await audit.hear(person, 2, application_changed(person, application, region="520112"))
    ids = {
        "520102": case_id("recognition", unit),
        "520111": case_id("unemployment", person),
        "520112": case_id("eligibility", person, application=application),
    }
    for county, id in [*ids.items(), ("520102", case_id("posting", posting))]:
        shown = (await audit.call("GET", f"/cases/{id}", officer(county))).json()
        assert (shown["status"], shown["region"], shown["office"]) == ("OPEN", county, county)
        assert shown["due_at"] == "2026-12-01T16:00:00Z"
        assert shown["opened_at"] == NOON.isoformat().replace("+00:00", "Z")


@pytest.mark.rule("R14")
async def test_a_posting_heard_before_its_unit_moves_to_the_units_county(audit: Audit) -> None:
    unit, posting = new_id("unt"), new_id("pst")
    id = case_id("posting", posting)
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED, region="520103"))
    await audit.hear(unit, 1, UnitRegistered(unit_id=unit, name="示例公司", uscc="91520100YX000001XX", region="520111"))
    assert (await audit.call("GET", f"/cases/{id}", officer("520103"))).status_code == 404
    assert (await audit.call("GET", f"/cases/{id}", officer("520111"))).json()["office"] == "520111"
    assert [event["region"] for event in await audit.events(id)] == ["520103", "520111"]


@pytest.mark.rule("R11")
async def test_the_eligibility_result_is_stored_with_the_case_and_read_in_words(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    await audit.hear(person, 1, application_changed(person, application))
    shown = (await audit.call("GET", f"/cases/{case_id('eligibility', person, application=application)}", officer())).json()
    words = {"rule_name": "毕业证书与毕业时间", "result_name": "符合", "why_name": "毕业证书在规定期限内"}
    assert shown["rules"] == [{"rule": "diploma", "result": "pass", "why": "diploma_recent", **words}]
    assert shown["facts"]["posting_id"] == "pst_1"


async def test_no_other_change_of_an_application_opens_a_case(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    for seq, (before, to) in enumerate([(None, Status.PENDING), (Status.PENDING, Status.OFFERED), (Status.APPROVED, Status.ONBOARDED)], 1):
        await audit.hear(person, seq, application_changed(person, application, to, from_=before))
    assert await audit.deps.cases.store.collection.count_documents({}) == 0


@pytest.mark.rule("R13")
@pytest.mark.parametrize("check", [Check.NOT_NEEDED, Check.PASSED, Check.FAILED])
async def test_an_intent_without_a_check_to_make_opens_no_case(audit: Audit, check: Check) -> None:
    person = new_id("per")
    await audit.hear(person, 1, intent(person, check=check))
    assert await audit.status(case_id("unemployment", person)) is None


@pytest.mark.rule("R12", "R13")
async def test_a_newer_intent_voids_the_case_of_the_older_and_opens_its_own(audit: Audit) -> None:
    person = new_id("per")
    await audit.hear(person, 1, intent(person))
    await audit.hear(person, 2, intent(person, 2))
    assert await audit.status(case_id("unemployment", person)) is CaseStatus.VOID
    assert await audit.status(case_id("unemployment", person, 2)) is CaseStatus.OPEN


async def test_an_opening_that_arrives_after_its_decision_opens_nothing(audit: Audit) -> None:
    unit, person = new_id("unt"), new_id("per")
    await audit.hear(unit, 2, unit_changed(unit, UnitStatus.RECOGNISED, case_id=case_id("recognition", unit)))
    await audit.hear(unit, 1, requested(unit))
    await audit.hear(person, 2, checked(person, case_id=case_id("unemployment", person)))
    await audit.hear(person, 1, intent(person))
    assert await audit.status(case_id("recognition", unit)) is None
    assert await audit.status(case_id("unemployment", person)) is None


async def test_a_request_older_than_the_one_known_opens_nothing(audit: Audit) -> None:
    unit = new_id("unt")
    await audit.hear(unit, 2, requested(unit, 2))
    await audit.hear(unit, 1, requested(unit, 1))
    assert await audit.status(case_id("recognition", unit)) is None
    assert await audit.status(case_id("recognition", unit, 2)) is CaseStatus.OPEN


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_and_repetition_ends_in_the_same_cases(audit: Audit, seed: int) -> None:
    """Each fact of one person's story, delivered with repeats in a shuffled order; then once in order, as a re-read would."""
    person, application = new_id("per"), new_id("app")
    review = case_id("eligibility", person, application=application)
    story = [
        intent(person),
        checked(person, case_id=case_id("unemployment", person)),
        application_changed(person, application, category=Category.YOUTH),
        intent(person, 2),
    ]
    deliveries = [*enumerate(story, 1), *enumerate(story, 1)]
    random.Random(seed).shuffle(deliveries)
    for seq, message in [*deliveries, *enumerate(story, 1)]:
        await audit.hear(person, seq, message)
    assert await audit.status(review) is CaseStatus.OPEN
    assert await audit.status(case_id("unemployment", person, 2)) is CaseStatus.OPEN
    assert await audit.status(case_id("unemployment", person)) in (None, CaseStatus.DECIDED, CaseStatus.VOID)
    for id in (review, case_id("unemployment", person, 2)):
        assert [event["to"] for event in await audit.events(id)] == ["OPEN"]


@pytest.mark.rule("R14")
async def test_all_posting_cases_of_a_unit_are_brought_into_line_with_it_however_many(audit: Audit) -> None:
    unit, posting, store = new_id("unt"), new_id("pst"), audit.deps.cases.store
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED))
    row = await store.collection.find_one({"_id": case_id("posting", posting)})
    assert row
    await store.collection.insert_many([{**row, "_id": f"cas_{n}", "state": {**row["state"], "id": f"cas_{n}"}} for n in range(600)])
    await audit.hear(unit, 1, unit_changed(unit, UnitStatus.RECOGNISED, region="520104"))
    assert await store.collection.count_documents({"state.unit_id": unit, "state.region": {"$ne": "520104"}}) == 0


async def test_a_suspension_leaves_a_renewal_case_open(audit: Audit) -> None:
    unit = new_id("unt")
    await audit.hear(unit, 1, requested(unit, 2))
    await audit.hear(unit, 2, unit_changed(unit, UnitStatus.SUSPENDED, request=2))
    assert await audit.status(case_id("recognition", unit, 2)) is CaseStatus.OPEN
    await audit.hear(unit, 3, unit_changed(unit, UnitStatus.REVOKED, request=2))
    assert await audit.status(case_id("recognition", unit, 2)) is CaseStatus.VOID
