"""申请放弃 (R30)."""

import pytest
from applications.domain import onboarding, review
from applications.domain.allowed import allowed
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from common.contracts.applications import ReleaseAsked
from common.contracts.words import Status, Verdict
from common.reasons import StatedReason

from . import builders as b

WITHDREW = StatedReason(code="intern_withdrew")


def disapprove(candidacy: Candidacy, reason: StatedReason = WITHDREW) -> SeatedDecision:
    return review.decide(candidacy, "app_1", Verdict.DISAPPROVE, reason, "cas_1", b.REFERENCE, b.by(b.OFFICER))


def absent(candidacy: Candidacy, reason: StatedReason = WITHDREW) -> SeatedDecision:
    return onboarding.absent(candidacy, "app_1", reason, b.REFERENCE, b.by(b.UNIT))


@pytest.mark.rule("R30", "R20")
@pytest.mark.parametrize("status", [Status.WILLING, Status.APPROVED])
def test_the_wish_is_said_once_and_moves_nothing(status: Status) -> None:
    before = b.in_status(status)
    assert "release" in allowed(b.application(before), b.INTERN, b.NOON)
    decision = b.do(before, "release")
    assert decision.events == (
        ReleaseAsked(application_id="app_1", person_id=b.INTERN.id, unit_id="uni_1", region=b.COUNTY, status=status),
    )  # fmt: skip
    asked = b.application(decision.state)
    assert (asked.status, asked.release_asked_at, decision.moves) == (status, b.NOON, ())
    assert "release" not in allowed(asked, b.INTERN, b.NOON)
    assert b.do(decision.state, "release", at=b.NOON + b.DAY) == SeatedDecision(decision.state)


@pytest.mark.rule("R30", "G12", "R8")
def test_officer_or_unit_record_it_and_the_intern_may_apply_again() -> None:
    willing = b.do(b.in_status(Status.WILLING), "release").state
    approved = b.do(b.in_status(Status.APPROVED), "release").state
    for decision, status in ((disapprove(willing), Status.DISAPPROVED), (absent(approved), Status.ABSENT)):
        recorded = b.application(decision.state)
        assert (recorded.status, recorded.reason, recorded.release_asked_at) == (status, WITHDREW, None)
        assert [move.take for move in decision.moves] == [False]
        assert b.submitted(decision.state, 2)


@pytest.mark.rule("R30")
def test_nobody_withdraws_in_the_interns_name() -> None:
    for record, status in ((disapprove, Status.WILLING), (absent, Status.APPROVED)):
        with b.refused("release_not_asked"):
            record(b.in_status(status))
    assert disapprove(b.in_status(Status.WILLING), StatedReason(code="employed")).events


@pytest.mark.rule("R30")
def test_an_approval_that_comes_after_all_leaves_the_wish_to_the_unit_and_coming_ends_it() -> None:
    approved = b.do(b.do(b.in_status(Status.WILLING), "release").state, "approve").state
    assert b.application(approved).release_asked_at == b.NOON
    assert b.application(absent(approved).state).status is Status.ABSENT
    assert b.application(b.do(approved, "onboard").state).release_asked_at is None


@pytest.mark.rule("R30", "R25")
def test_after_a_reinstatement_the_wish_would_have_to_be_told_anew() -> None:
    for asked, record in ((Status.WILLING, disapprove), (Status.APPROVED, absent)):
        back = b.do(record(b.do(b.in_status(asked), "release").state).state, "reinstate").state
        assert (b.application(back).status, b.application(back).release_asked_at) == (asked, None)
