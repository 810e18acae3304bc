"""Officer decides → DECIDING → the owner's own event closes the case, or re-opens it, or it was for nothing."""

from datetime import timedelta

import pytest
from common.contracts.applications import DecisionRefused
from common.contracts.people import UnitDecisionRefused
from common.contracts.words import CaseStatus, Category, Check, PostingStatus, Status, UnitStatus
from common.ids import new_id

from .conftest import NOON, Audit, case_id, officer
from .messages import application_changed, checked, intent, posting_changed, recheck_asked, release_asked, requested, unit_changed


@pytest.mark.rule("R15")
async def test_recognition_goes_from_request_to_decided(audit: Audit) -> None:
    id = case_id("recognition", unit := new_id("unt"))
    await audit.hear(unit, 1, requested(unit))
    decided = await audit.call("POST", f"/cases/{id}/approve", officer())
    assert decided.status_code == 200, decided.text
    assert (decided.json()["status"], decided.json()["verdict"]) == ("DECIDING", "approve")
    await audit.hear(unit, 2, unit_changed(unit, UnitStatus.RECOGNISED, case_id=id))
    assert await audit.status(id) is CaseStatus.DECIDED
    said = await audit.events(id)
    assert [(event["from"], event["to"], event["verdict"]) for event in said] == [
        (None, "OPEN", None),
        ("OPEN", "DECIDING", "approve"),
        ("DECIDING", "DECIDED", "approve"),
    ]
    assert said[1]["officer_region"] == "520102"


@pytest.mark.rule("R16")
async def test_a_posting_is_returned_with_a_reason_and_its_next_revision_is_a_new_case(audit: Audit) -> None:
    posting, unit = new_id("pst"), new_id("unt")
    first, second = case_id("posting", posting), case_id("posting", posting, 2)
    await audit.hear(unit, 1, unit_changed(unit, UnitStatus.RECOGNISED))
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED))
    body = {"reason": {"code": "allowance_too_low", "text": "低于当地标准"}}
    answer = await audit.call("POST", f"/cases/{first}/disapprove", officer(), body)
    assert (answer.json()["status"], answer.json()["reason"]["code"]) == ("DECIDING", "allowance_too_low")
    await audit.hear(posting, 2, posting_changed(posting, unit, PostingStatus.RETURNED, case_id=first))
    await audit.hear(posting, 3, posting_changed(posting, unit, PostingStatus.SUBMITTED, revision=2))
    assert (await audit.status(first), await audit.status(second)) == (CaseStatus.DECIDED, CaseStatus.OPEN)
    assert (await audit.events(first))[-1]["reason_code"] == "allowance_too_low"


@pytest.mark.rule("R13")
async def test_a_youth_is_approved_only_after_the_unemployment_check(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    check, review = case_id("unemployment", person), case_id("eligibility", person, application=application)
    await audit.hear(person, 1, intent(person, registered_at="520103"))
    await audit.hear(person, 2, application_changed(person, application, category=Category.YOUTH))
    early = await audit.call("POST", f"/cases/{review}/approve", officer())
    assert (early.status_code, early.json()["code"]) == (409, "unemployment_check_open")
    await audit.call("POST", f"/cases/{check}/approve", officer("520103"))
    await audit.hear(person, 3, checked(person, case_id=check))
    assert await audit.status(check) is CaseStatus.DECIDED
    assert (await audit.call("POST", f"/cases/{review}/approve", officer())).json()["status"] == "DECIDING"
    await audit.hear(person, 4, application_changed(person, application, Status.APPROVED, case_id=review))
    assert await audit.status(review) is CaseStatus.DECIDED


@pytest.mark.rule("R13")
async def test_a_check_asked_for_again_reopens_its_case_and_holds_up_the_approval(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    check, review = case_id("unemployment", person), case_id("eligibility", person, application=application)
    await audit.hear(person, 1, intent(person, registered_at="520103"))
    await audit.call("POST", f"/cases/{check}/approve", officer("520103"))
    await audit.hear(person, 2, checked(person, case_id=check))
    await audit.hear(person, 3, application_changed(person, application, category=Category.YOUTH))
    await audit.hear(person, 4, recheck_asked(person, registered_at="520103"))
    assert await audit.status(check) is CaseStatus.OPEN
    early = await audit.call("POST", f"/cases/{review}/approve", officer())
    assert (early.status_code, early.json()["code"]) == (409, "unemployment_check_open")
    await audit.call("POST", f"/cases/{check}/approve", officer("520103"))
    await audit.hear(person, 5, checked(person, case_id=check))
    assert await audit.status(check) is CaseStatus.DECIDED
    assert (await audit.call("POST", f"/cases/{review}/approve", officer())).json()["status"] == "DECIDING"


@pytest.mark.rule("R13")
async def test_a_check_asked_for_again_for_a_version_that_had_no_case_opens_one(audit: Audit) -> None:
    person = new_id("per")
    await audit.hear(person, 1, intent(person, version=2, check=Check.PASSED))
    await audit.hear(person, 2, recheck_asked(person, version=2))
    assert await audit.status(case_id("unemployment", person, 2)) is CaseStatus.OPEN


@pytest.mark.rule("R13")
@pytest.mark.parametrize(("version", "check", "code"), [(3, Check.PASSED, 200), (2, Check.FAILED, 409), (1, Check.PASSED, 409)])
async def test_the_check_is_pinned_to_the_intent_version_or_a_later_one(audit: Audit, version: int, check: Check, code: int) -> None:
    person, application = new_id("per"), new_id("app")
    await audit.hear(person, 1, checked(person, version, check))
    await audit.hear(person, 2, application_changed(person, application, category=Category.YOUTH, intent_version=2))
    id = case_id("eligibility", person, 2, application)
    assert (await audit.call("POST", f"/cases/{id}/approve", officer())).status_code == code


async def test_a_refused_decision_reopens_the_case_once(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    id = case_id("eligibility", person, application=application)
    await audit.hear(person, 1, application_changed(person, application))
    await audit.call("POST", f"/cases/{id}/approve", officer())
    refused = DecisionRefused(person_id=person, case_id=id, reason_code="intent_moved_on")
    await audit.hear(person, 2, refused)
    shown = (await audit.call("GET", f"/cases/{id}", officer())).json()
    assert (shown["status"], shown["verdict"]) == ("OPEN", None)
    assert shown["reason"] == {"code": "intent_moved_on", "label": "见习意愿已有新的版本", "text": None}
    await audit.call("POST", f"/cases/{id}/approve", officer())
    await audit.hear(person, 2, refused)
    assert await audit.status(id) is CaseStatus.DECIDING, "a repeated refusal does not undo the next decision"


async def test_a_refused_decision_about_a_subject_that_moved_on_leaves_the_case_void(audit: Audit) -> None:
    old, new = case_id("recognition", unit := new_id("unt")), case_id("recognition", unit, 2)
    await audit.hear(unit, 1, requested(unit))
    await audit.call("POST", f"/cases/{old}/approve", officer())
    await audit.hear(unit, 2, requested(unit, 2))
    await audit.hear(unit, 3, UnitDecisionRefused(unit_id=unit, case_id=old, reason_code="request_not_current"))
    assert (await audit.status(old), await audit.status(new)) == (CaseStatus.VOID, CaseStatus.OPEN)


async def test_a_refusal_of_an_unknown_case_is_passed_over(audit: Audit) -> None:
    unit = new_id("unt")
    await audit.hear(unit, 1, UnitDecisionRefused(unit_id=unit, case_id="cas_unknown", reason_code="request_not_current"))
    assert await audit.status("cas_unknown") is None


@pytest.mark.parametrize("to", [PostingStatus.DRAFT, PostingStatus.CLOSED])
async def test_a_posting_that_leaves_otherwise_voids_its_case(audit: Audit, to: PostingStatus) -> None:
    posting, unit = new_id("pst"), new_id("unt")
    await audit.hear(posting, 1, posting_changed(posting, unit, PostingStatus.SUBMITTED))
    await audit.hear(posting, 2, posting_changed(posting, unit, to))
    assert await audit.status(case_id("posting", posting)) is CaseStatus.VOID


@pytest.mark.rule("R25")
async def test_a_reinstated_application_is_reviewed_again(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    id = case_id("eligibility", person, application=application)
    await audit.hear(person, 1, application_changed(person, application))
    await audit.call("POST", f"/cases/{id}/disapprove", officer(), {"reason": {"code": "age", "text": "示例"}})
    await audit.hear(person, 2, application_changed(person, application, Status.DISAPPROVED, case_id=id))
    await audit.hear(person, 3, application_changed(person, application, from_=Status.DISAPPROVED, reinstated=True))
    case = await audit.deps.cases.store.get(id)
    assert case is not None
    assert (case.status, case.verdict, case.reason) == (CaseStatus.OPEN, None, None)


@pytest.mark.rule("R30")
async def test_officers_see_that_the_intern_asks_to_be_released_and_a_returned_case_is_back_in_the_queue(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    id = case_id("eligibility", person, application=application)
    await audit.hear(person, 1, application_changed(person, application))
    await audit.call("POST", f"/cases/{id}/return", officer(), {"reason": {"code": "evidence_missing", "text": "请补充学历证明"}})
    for wish in (release_asked(person, new_id("app")), release_asked(person, application)):
        assert (await audit.call("GET", f"/cases/{id}", officer())).json()["release_asked_at"] is None
        await audit.hear(person, 2, wish)
    shown = (await audit.call("GET", f"/cases/{id}", officer())).json()
    assert (shown["status"], shown["release_asked_at"]) == ("OPEN", f"{NOON:%Y-%m-%dT%H:%M:%SZ}")
    [listed] = (await audit.call("GET", "/cases", officer(), kind="eligibility")).json()["items"]
    assert listed["release_asked_at"] == shown["release_asked_at"]


@pytest.mark.rule("R30", "R25")
async def test_a_wish_that_is_told_again_changes_nothing_and_a_reinstated_review_begins_without_it(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    id = case_id("eligibility", person, application=application)
    await audit.hear(person, 1, application_changed(person, application))
    await audit.hear(person, 2, release_asked(person, application))
    history = (await audit.call("GET", f"/cases/{id}", officer())).json()["history"]
    await audit.hear(person, 2, release_asked(person, application), after=timedelta(hours=1))
    assert (await audit.call("GET", f"/cases/{id}", officer())).json()["history"] == history
    await audit.call("POST", f"/cases/{id}/disapprove", officer(), {"reason": {"code": "intern_withdrew", "text": "本人申请"}})
    await audit.hear(person, 3, application_changed(person, application, Status.DISAPPROVED, case_id=id))
    await audit.hear(person, 4, application_changed(person, application, from_=Status.DISAPPROVED, reinstated=True))
    await audit.hear(person, 2, release_asked(person, application))
    shown = (await audit.call("GET", f"/cases/{id}", officer())).json()
    assert (shown["status"], shown["release_asked_at"]) == ("OPEN", None)
