"""What an intern sees before a deed is what then happens (R2)."""

import pytest
from applications.domain import gates
from applications.domain.candidacy import Candidacy
from applications.domain.facts import UnitFacts
from applications.domain.gates import Attempt, Goal
from applications.domain.preview import DEEDS, Preview, previews
from common.contracts.applications import ApplicationStatusChanged
from common.contracts.words import Status
from hypothesis import given
from hypothesis import strategies as st

from . import builders as b

pytestmark = pytest.mark.rule("R2")


def shown(candidacy: Candidacy, id: str = "app_1") -> dict[str, Preview]:
    return {preview.deed: preview for preview in previews(candidacy, id, b.REFERENCE, b.by(b.INTERN))}


def test_accepting_shows_what_it_ends_and_that_submissions_stop() -> None:
    candidacy = b.do(b.do(b.with_pending(4), "offer", "app_1").state, "offer", "app_2").state
    accept = shown(candidacy)["accept"]
    ends = [(before.id, before.status, after.status, after.reason and after.reason.code) for before, after in accept.others]
    assert ends == [
        ("app_2", Status.OFFERED, Status.UNWILLING, "superseded"),
        ("app_3", Status.PENDING, Status.WITHDRAWN, "superseded"),
        ("app_4", Status.PENDING, Status.WITHDRAWN, "superseded"),
    ]
    assert (accept.to, accept.blocked, accept.pending) == (Status.WILLING, True, 0)


def test_declining_shows_whether_one_may_apply_again() -> None:
    one = b.do(b.with_pending(3), "offer", "app_1").state
    assert (shown(one)["decline"].blocked, shown(one)["decline"].pending) == (False, 2)
    two = b.do(one, "offer", "app_2").state
    assert shown(two)["decline"].blocked


@pytest.mark.rule("R7", "R30")
def test_withdrawing_frees_a_place_of_the_ten_and_a_wish_to_be_released_changes_nothing_else() -> None:
    assert shown(b.with_pending(10))["withdraw"].pending == 9
    release = shown(b.in_status(Status.WILLING))["release"]
    assert (release.to, release.others, release.blocked) == (Status.WILLING, (), True)


@pytest.mark.rule("R13")
def test_accepting_shows_that_an_old_check_runs_again() -> None:
    late = b.NOON + 31 * b.DAY
    offered = b.do(b.submitted(b.checked(b.registered(b.youth_form())), at=late), "offer", at=late).state
    [accept, _] = previews(offered, "app_1", b.REFERENCE, b.by(b.INTERN, late))
    assert accept.rechecked


@pytest.mark.parametrize("status", Status)
def test_only_deeds_that_would_be_done_are_shown(status: Status) -> None:
    wanted = {
        Status.PENDING: {"withdraw"},
        Status.OFFERED: {"accept", "decline"},
        Status.WILLING: {"release"},
        Status.APPROVED: {"release"},
    }
    assert set(shown(b.in_status(status))) == wanted.get(status, set())


def test_a_late_answer_has_no_preview() -> None:
    offered = b.in_status(Status.OFFERED)
    assert previews(offered, "app_1", b.REFERENCE, b.by(b.INTERN, b.application(offered).due_at or b.NOON)) == ()


@given(
    st.lists(st.sampled_from(["offer", "reject", "withdraw", "wait"]), min_size=1, max_size=6),
    st.integers(0, 5),
    st.sampled_from(sorted(DEEDS)),
)
def test_the_preview_is_what_then_happens(fates: list[str], chosen: int, deed: str) -> None:
    candidacy = b.with_pending(len(fates))
    for number, fate in enumerate(fates, 1):
        candidacy = candidacy if fate == "wait" else b.do(candidacy, fate, f"app_{number}").state
    id = f"app_{1 + chosen % len(fates)}"
    preview = shown(candidacy, id).get(deed)
    if preview is None:
        return
    decision = b.do(candidacy, deed, id)
    after = decision.state
    changed = {one.id: one.status for one in after.applications if one.status is not candidacy.application(one.id).status}
    told = {then.id: then.status for _, then in preview.others}
    assert changed == {**told, **({id: preview.to} if preview.to is not candidacy.application(id).status else {})}
    assert {event.application_id for event in decision.events if isinstance(event, ApplicationStatusChanged)} == set(changed)
    goal = Goal(b.posting(9), UnitFacts(recognised=True))
    steps = {step.gate: step.result for step in gates.look(Attempt(after, b.PERSON, goal, b.TODAY, b.REFERENCE))}
    assert preview.blocked == (steps["free"] == "fail")
    assert preview.pending == len(after.in_status(Status.PENDING))
