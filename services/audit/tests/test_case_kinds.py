"""The questions about applications and people: opened, decided, settled by their owner; two persons where two decisions are needed."""

from datetime import timedelta
from typing import Any

import pytest
from common.contracts.applications import CaseSupplemented, DecisionRefused
from common.contracts.people import PersonDecisionRefused, PersonReviewAsked, PersonReviewSettled
from common.contracts.words import CaseKind, CaseStatus, Role
from common.decision import Actor
from common.ids import new_id

from .conftest import Audit, case_id, officer
from .messages import application_changed, asked, settled

KINDS = [kind for kind in CaseKind if kind in ("objection", "reinstatement", "release", "complaint", "silence")]
SECOND = officer(id="stf_second")


def approval(kind: CaseKind) -> dict[str, Any]:
    """What an approval of this kind has to say."""
    return {"note": "示例说明", **({"reason_code": "personal"} if kind is CaseKind.OBJECTION else {})}


async def opened(audit: Audit, kind: CaseKind, **changes: Any) -> tuple[str, str, str]:
    """Person, application, case."""
    person, application = new_id("per"), new_id("app")
    await audit.hear(person, 1, asked(person, application, kind, **changes))
    return person, application, case_id(kind, person, application=application)


@pytest.mark.rule("R6", "R17", "R29", "R30")
@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_about_an_application_is_decided_in_the_county_of_the_posting(audit: Audit, kind: CaseKind) -> None:
    person, application, id = await opened(audit, kind, region="520103")
    assert (await audit.call("GET", f"/cases/{id}", officer("520102"))).status_code == 404
    shown = (await audit.call("GET", f"/cases/{id}", officer("520103"))).json()
    assert (shown["kind"], shown["status"], shown["facts"]["cause"]) == (kind, "OPEN", "illness")
    decided = await audit.call("POST", f"/cases/{id}/approve", officer("520103"), approval(kind))
    assert (decided.status_code, decided.json()["status"]) == (200, "DECIDING"), decided.text
    assert (await audit.events(id))[-1]["reason_code"] == approval(kind).get("reason_code")
    await audit.hear(person, 2, settled(person, application, kind, case_id=id))
    assert await audit.status(id) is CaseStatus.DECIDED


@pytest.mark.rule("R20")
@pytest.mark.parametrize("kind", [CaseKind.COMPLAINT, CaseKind.SILENCE])
async def test_where_approving_only_says_that_the_office_acted_a_note_says_how(audit: Audit, kind: CaseKind) -> None:
    _, _, id = await opened(audit, kind)
    refused = await audit.call("POST", f"/cases/{id}/approve", officer())
    assert (refused.status_code, refused.json()["code"]) == (422, "note_needed")
    assert (await audit.call("POST", f"/cases/{id}/approve", officer(), {"note": "示例说明"})).status_code == 200


@pytest.mark.rule("R17")
async def test_an_upheld_objection_names_the_correct_reason_and_nothing_else_may(audit: Audit) -> None:
    _, _, id = await opened(audit, CaseKind.OBJECTION)
    completed = {"end_kind": "completed", "reason_code": "personal"}
    wrong: list[tuple[dict[str, str], str]] = [({}, "correct_reason_needed"), ({"end_kind": "early"}, "correct_reason_needed")]
    for body, code in (*wrong, ({"reason_code": "no_such"}, "reason_unknown"), (completed, "correct_reason_not_taken")):
        refused = await audit.call("POST", f"/cases/{id}/approve", officer(), body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    _, _, other = await opened(audit, CaseKind.RELEASE)
    for body in ({"reason_code": "personal"}, {"end_kind": "completed"}):
        refused = await audit.call("POST", f"/cases/{other}/approve", officer(), body)
        assert (refused.status_code, refused.json()["code"]) == (422, "correct_reason_not_taken")
    assert (await audit.status(id), await audit.status(other)) == (CaseStatus.OPEN, CaseStatus.OPEN)


@pytest.mark.rule("R17")
@pytest.mark.parametrize(
    ("body", "said"), [({"end_kind": "completed"}, (None, "completed")), ({"reason_code": "personal"}, ("personal", "early"))]
)
async def test_an_upheld_objection_says_how_the_internship_did_end(
    audit: Audit, body: dict[str, str], said: tuple[str | None, str]
) -> None:
    person, application, id = await opened(audit, CaseKind.OBJECTION)
    assert (await audit.call("POST", f"/cases/{id}/approve", officer(), body)).status_code == 200
    event = (await audit.events(id))[-1]
    assert (event.get("reason_code"), event["end_kind"]) == said
    party = Actor(id=person, role=Role.INTERN)
    assert (await audit.call("GET", f"/cases/{id}", party)).json()["end_kind"] is None, "it is not in force yet"
    await audit.hear(person, 2, DecisionRefused(person_id=person, case_id=id, reason_code="not_completed"))
    assert (await audit.call("GET", f"/cases/{id}", officer())).json()["end_kind"] is None
    await audit.call("POST", f"/cases/{id}/approve", officer(), body)
    await audit.hear(person, 3, settled(person, application, CaseKind.OBJECTION, case_id=id))
    assert (await audit.call("GET", f"/cases/{id}", party)).json()["end_kind"] == said[1]


@pytest.mark.parametrize("kind", [*KINDS, CaseKind.LIFT])
async def test_a_question_that_has_moved_on_is_void_and_one_asked_again_is_another_case(audit: Audit, kind: CaseKind) -> None:
    person, application, id = await opened(audit, kind)
    await audit.hear(person, 2, settled(person, application, kind))
    await audit.hear(person, 3, asked(person, application, kind, number=2))
    await audit.hear(person, 1, asked(person, application, kind))
    again = case_id(kind, person, 2, application)
    assert (await audit.status(id), await audit.status(again)) == (CaseStatus.VOID, CaseStatus.OPEN)


@pytest.mark.rule("R3", "R14")
async def test_a_block_is_lifted_by_two_persons_and_the_second_may_be_of_an_upper_office(audit: Audit) -> None:
    for second in (SECOND, officer("520100", "stf_city"), officer("520000", "stf_province")):
        person, application, id = await opened(audit, CaseKind.LIFT)
        first = await audit.call("POST", f"/cases/{id}/approve", officer(), {"note": "示例说明"})
        assert (first.json()["status"], first.json()["first_officer_id"]) == ("OPEN", "stf_a")
        for verb, body in (("approve", {}), ("disapprove", {"reason": {"code": "other", "text": "示例"}}), ("claim", None)):
            refused = await audit.call("POST", f"/cases/{id}/{verb}", officer(), body)
            assert (refused.status_code, refused.json()["code"]) == (409, "second_person_needed")
        decided = await audit.call("POST", f"/cases/{id}/approve", second)
        assert (decided.status_code, decided.json()["status"]) == (200, "DECIDING"), decided.text
        await audit.hear(person, 2, settled(person, application, CaseKind.LIFT, case_id=id))
        assert await audit.status(id) is CaseStatus.DECIDED


@pytest.mark.rule("R3", "R14")
async def test_the_first_of_two_decisions_is_not_shown_to_the_party_and_a_refusal_of_the_owner_begins_both_anew(audit: Audit) -> None:
    person, _, id = await opened(audit, CaseKind.LIFT)
    await audit.call("POST", f"/cases/{id}/approve", officer(), {"note": "示例内部意见"})
    party = (await audit.call("GET", f"/cases/{id}", Actor(id=person, role=Role.INTERN))).json()
    assert (party["status"], [line["command"] for line in party["history"]], "内部意见" in str(party)) == (
        "OPEN",
        ["follow_subject"],
        False,
    )
    await audit.call("POST", f"/cases/{id}/approve", SECOND)
    await audit.hear(person, 2, DecisionRefused(person_id=person, case_id=id, reason_code="not_current"))
    again = await audit.call("POST", f"/cases/{id}/approve", SECOND)
    assert (again.json()["status"], again.json()["first_officer_id"]) == ("OPEN", SECOND.id)


@pytest.mark.rule("R3")
async def test_one_person_is_enough_to_turn_a_lift_down_and_an_upper_office_alone_is_not_the_first(audit: Audit) -> None:
    _, _, id = await opened(audit, CaseKind.LIFT)
    early = await audit.call("POST", f"/cases/{id}/approve", officer("520100", "stf_city"))
    assert (early.status_code, early.json()["code"]) == (403, "case_of_another_office")
    body = {"reason": {"code": "too_late", "text": "示例说明"}}
    assert (await audit.call("POST", f"/cases/{id}/disapprove", officer(), body)).json()["status"] == "DECIDING"


@pytest.mark.rule("R31")
async def test_who_somebody_is_is_looked_at_in_the_county_they_chose(audit: Audit) -> None:
    person = new_id("per")
    await audit.hear(person, 1, PersonReviewAsked(person_id=person, request=1, purpose="real_name", region="520103", documents=("doc_1",)))
    id = case_id("identity", person)
    assert (await audit.call("POST", f"/cases/{id}/approve", officer("520103"))).json()["status"] == "DECIDING"
    await audit.hear(person, 2, PersonDecisionRefused(person_id=person, case_id=id, reason_code="not_current"))
    assert await audit.status(id) is CaseStatus.OPEN
    await audit.call("POST", f"/cases/{id}/approve", officer("520103"))
    await audit.hear(person, 3, PersonReviewSettled(person_id=person, request=1, case_id=id))
    assert await audit.status(id) is CaseStatus.DECIDED


@pytest.mark.rule("R10")
async def test_what_an_intern_hands_in_after_a_return_brings_the_review_back(audit: Audit) -> None:
    person, application = new_id("per"), new_id("app")
    await audit.hear(person, 1, application_changed(person, application))
    id = case_id("eligibility", person, application=application)
    await audit.call("POST", f"/cases/{id}/return", officer(), {"reason": {"code": "other", "text": "示例说明"}})
    handed_in = CaseSupplemented(application_id=application, person_id=person, unit_id="unt_1", document_ids=("doc_1",))
    later = audit.deps.cases.clock.now() - (await audit.deps.cases.store.get(id)).opened_at + timedelta(hours=1)  # type: ignore[union-attr]
    await audit.hear(person, 2, handed_in, after=later)
    assert await audit.status(id) is CaseStatus.OPEN


@pytest.mark.rule("R29", "R30")
@pytest.mark.parametrize("kind", KINDS)
async def test_questions_of_one_kind_stand_beside_one_another(audit: Audit, kind: CaseKind) -> None:
    """Whoever complains may also wish to end: settling the one leaves the other open, in whatever order the facts come."""
    person, application, first = await opened(audit, kind)
    second = case_id(kind, person, 2, application)
    await audit.hear(person, 3, settled(person, application, kind, 2))
    await audit.hear(person, 2, asked(person, application, kind, 2))
    assert (await audit.status(first), await audit.status(second)) == (CaseStatus.OPEN, None)
    await audit.hear(person, 4, asked(person, application, kind, 3))
    assert await audit.status(first) is CaseStatus.OPEN
    await audit.hear(person, 5, settled(person, application, kind, 1))
    assert await audit.status(first) is CaseStatus.VOID
    assert await audit.status(case_id(kind, person, 3, application)) is CaseStatus.OPEN
