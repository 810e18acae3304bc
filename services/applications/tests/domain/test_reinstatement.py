"""恢复 (R25)."""

from typing import Any

import pytest
from applications.domain import intent, submit
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from common.contracts.applications import IntentRecheckAsked
from common.contracts.words import Check, Status
from common.reasons import StatedReason

from . import builders as b

TARGETS = {
    Status.UNWILLING: Status.OFFERED, Status.REJECTED: Status.PENDING, Status.OFFERED: Status.PENDING,
    Status.DISAPPROVED: Status.WILLING, Status.ABSENT: Status.APPROVED,
}  # fmt: skip
SEAT = {Status.UNWILLING: True, Status.REJECTED: None, Status.OFFERED: False, Status.DISAPPROVED: True, Status.ABSENT: True}
"""Whether a seat is taken, freed, or neither."""


def mistaken(status: Status, candidacy: Candidacy | None = None) -> Candidacy:
    """With `app_1` in a status that may be reinstated; UNWILLING because the time ran out."""
    candidacy = candidacy or b.registered()
    if status is not Status.UNWILLING:
        return b.walked(candidacy, status)
    offered = b.walked(candidacy, Status.OFFERED)
    return b.do(offered, "expire", at=b.application(offered).due_at or b.NOON).state


def reinstate(candidacy: Candidacy, to: Status | None = None, days: int = 20, **given: Any) -> SeatedDecision:
    return b.reinstated(candidacy, "app_1", b.by(given.pop("officer", b.OFFICER), b.NOON + days * b.DAY), to, **given)


@pytest.mark.rule("R25", "R8", "R18", "R20")
@pytest.mark.parametrize("status", TARGETS)
def test_each_arrow_leads_back_with_its_reason_and_its_seat(status: Status) -> None:
    decision = reinstate(mistaken(status))
    [event], [line] = decision.events, decision.history
    assert (event.from_, event.to, event.reason_code, event.reinstated) == (status, TARGETS[status], "unit_mistake", True)  # type: ignore[attr-defined]
    assert (line.from_, line.to, line.reason_code, line.reason_text) == (status, TARGETS[status], "unit_mistake", b.MISTAKE.text)
    assert [move.take for move in decision.moves] == [take for take in [SEAT[status]] if take is not None]


@pytest.mark.rule("R25")
@pytest.mark.parametrize("status", TARGETS)
def test_no_other_target_is_reached(status: Status) -> None:
    candidacy = mistaken(status)
    for to in set(Status) - {TARGETS[status]}:
        with b.refused("reinstatement_target"):
            reinstate(candidacy, to)


@pytest.mark.rule("R25", "R18", "R23")
def test_a_reason_of_the_list_is_given() -> None:
    with b.refused("reason_unknown"):
        reinstate(mistaken(Status.REJECTED), reason=StatedReason(code="skills_do_not_fit"))


@pytest.mark.rule("R25", "R14")
def test_officers_of_the_county_its_city_and_the_province_reinstate_and_for_others_it_is_unknown() -> None:
    rejected = mistaken(Status.REJECTED)
    for region in ("520102", "520100", "520000"):
        assert reinstate(rejected, officer=b.OFFICER.but(region=region)).events
    for candidacy in (rejected, b.in_status(Status.PENDING)):
        for elsewhere in ("520103", "520300", None):
            with b.refused("unknown_application"):
                reinstate(candidacy, officer=b.OFFICER.but(region=elsewhere))


@pytest.mark.rule("R25")
def test_who_declined_or_chose_another_offer_is_not_offered_it_again() -> None:
    declined = b.in_status(Status.UNWILLING)
    both = b.do(b.do(b.with_pending(2), "offer", "app_1").state, "offer", "app_2").state
    for candidacy in (declined, b.do(both, "accept", "app_2").state):
        with b.refused("not_timed_out"):
            reinstate(candidacy)


@pytest.mark.rule("R25", "R5", "R7")
def test_an_offer_that_is_made_again_has_a_fresh_term_and_one_taken_back_has_none() -> None:
    offered = b.application(reinstate(mistaken(Status.UNWILLING)).state)
    at = b.NOON + 20 * b.DAY
    assert (offered.offered_at, offered.due_at) == (at, b.REFERENCE.calendar.due_instant(at, 5))
    assert offered.calendar_version == b.REFERENCE.calendar.version
    pending = b.application(reinstate(mistaken(Status.OFFERED)).state)
    assert (pending.offered_at, pending.due_at, pending.calendar_version) == (None, None, None)


@pytest.mark.rule("R25", "R4")
def test_a_rejection_after_the_reinstatement_needs_another_invitation() -> None:
    invited = b.do(b.in_status(Status.REJECTED), "reinvite").state
    again = b.do(reinstate(invited).state, "reject").state
    assert not b.application(again).reinvited
    with b.refused("reinvitation_needed"):
        b.submitted(again)


@pytest.mark.rule("R25", "G8")
def test_a_review_begins_anew_and_an_approval_keeps_its_case() -> None:
    willing = b.application(reinstate(mistaken(Status.DISAPPROVED)).state)
    assert (willing.case_id, willing.decided_at) == (None, None)
    absent = b.application(mistaken(Status.ABSENT))
    approved = b.application(reinstate(mistaken(Status.ABSENT)).state)
    assert (approved.case_id, approved.decided_at) == (absent.case_id, absent.decided_at)
    assert approved.decided_at is not None


@pytest.mark.rule("R25", "R13")
def test_a_review_that_begins_anew_asks_for_an_outdated_check_again() -> None:
    youth = b.checked(b.registered(b.youth_form()))
    decision = reinstate(mistaken(Status.DISAPPROVED, youth), days=40)
    assert isinstance(decision.events[-1], IntentRecheckAsked)
    assert decision.state.intents[-1].check is Check.CHECKING
    assert len(reinstate(mistaken(Status.DISAPPROVED, youth)).events) == 1


@pytest.mark.rule("R25", "G11", "R2", "R3")
@pytest.mark.parametrize("other", Status)
@pytest.mark.parametrize("status", TARGETS)
def test_what_else_of_the_intern_is_alive_forbids_it(status: Status, other: Status) -> None:
    beside = b.walked(b.registered(), other, 2)
    candidacy = mistaken(status).but(applications=(*mistaken(status).applications, *beside.applications))
    bound = {Status.WILLING, Status.APPROVED, Status.ONBOARDED, Status.TERMINATED}
    if TARGETS[status] in (Status.WILLING, Status.APPROVED):
        bound |= {Status.PENDING, Status.OFFERED}
    if other in bound:
        with b.refused("intern_bound"):
            reinstate(candidacy)
    else:
        assert reinstate(candidacy).events


@pytest.mark.rule("R25", "R3")
def test_where_policy_lets_people_take_part_again_a_former_internship_does_not_forbid_it() -> None:
    candidacy = mistaken(Status.REJECTED).but(
        applications=(*mistaken(Status.REJECTED).applications, *b.walked(b.registered(), Status.TERMINATED, 2).applications)
    )
    assert reinstate(candidacy, reference=b.with_policy(b.COUNTY, once_only=False)).events


@pytest.mark.rule("R25", "R4")
def test_a_second_application_to_the_same_posting_forbids_it_and_none_is_made_beside_the_reinstated_one() -> None:
    expired = mistaken(Status.UNWILLING)

    def again(candidacy: Candidacy) -> Candidacy:
        command = b.by(b.INTERN, b.NOON + 10 * b.DAY)
        return submit.submit(candidacy, "app_2", b.PERSON, b.posting(1), b.RECOGNISED, b.REFERENCE, command).state

    twice = again(expired)
    with b.refused("intern_bound"):
        reinstate(twice)
    withdrawn = b.do(twice, "withdraw", "app_2").state
    pending = reinstate(reinstate(withdrawn).state).state
    assert b.application(pending).status is Status.PENDING
    with b.refused("already_applied"):
        submit.submit(pending, "app_3", b.PERSON, b.posting(1), b.RECOGNISED, b.REFERENCE, b.by(b.INTERN))


@pytest.mark.rule("R25", "G5")
def test_no_more_than_ten_are_pending_after_a_reinstatement() -> None:
    rejected = b.do(b.with_pending(10), "reject").state
    assert len(reinstate(rejected).state.in_status(Status.PENDING)) == 10
    with b.refused("intern_pending_full"):
        reinstate(b.submitted(rejected, 11))


@pytest.mark.rule("R25", "R9")
def test_nothing_waits_again_at_a_posting_that_closes() -> None:
    for status in (Status.REJECTED, Status.OFFERED):
        with b.refused("posting_closed"):
            reinstate(mistaken(status), closing=True)


@pytest.mark.rule("R25", "R12")
@pytest.mark.parametrize("status", sorted(TARGETS.keys() - {Status.OFFERED}))
def test_after_a_change_of_category_only_a_pending_application_comes_back(status: Status) -> None:
    candidacy = intent.register(mistaken(status), b.youth_form(), b.PERSON, b.REFERENCE, b.by(b.INTERN)).state
    if TARGETS[status] is Status.PENDING:
        assert reinstate(candidacy).events
    else:
        with b.refused("category_changed"):
            reinstate(candidacy)
