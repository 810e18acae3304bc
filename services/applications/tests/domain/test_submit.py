"""The gates of a submission (G2, G4, G5, G11, G12, R3, R4, R9, R11, R13)."""

from datetime import UTC, date, datetime

import pytest
from applications.domain import status as table
from applications.domain import submit, unit_answer
from applications.domain.candidacy import Candidacy
from applications.domain.facts import PersonFacts, UnitFacts
from common.contracts.words import Diploma, PostingStatus, Role, Status, Verdict
from common.errors import Refusal

from . import builders as b


def test_a_submission_is_pending_and_keeps_what_was_measured_on_its_day() -> None:
    application = b.application(b.submitted(b.registered()))
    assert application.status is Status.PENDING
    assert (application.intent_version, application.resume_version) == (1, 1)
    assert (application.age_band, application.education, application.adult_on) == ("18_24", "bachelor", date(2021, 5, 20))
    assert application.policy_versions == ("520000:2022-01-01:1",)
    assert {line.rule: line.result for line in application.eligibility} == dict.fromkeys(
        ("diploma", "once_only", "employment", "licence", "consent"), "pass"
    )


@pytest.mark.rule("G2", "G4")
def test_each_missing_step_is_named() -> None:
    candidacy = b.registered()
    with b.refused("real_name_needed"):
        b.submitted(candidacy, person=PersonFacts(resume_version=1))
    with b.refused("resume_needed"):
        b.submitted(candidacy, person=b.PERSON.but(resume_version=None))
    with b.refused("intent_needed"):
        b.submitted(Candidacy(person_id=b.INTERN.id))


def test_only_an_intern_submits() -> None:
    for role in set(Role) - {Role.INTERN}:
        with b.refused("wrong_role"):
            submit.submit(b.registered(), "app_1", b.PERSON, b.posting(), b.RECOGNISED, b.REFERENCE, b.by(b.ACTORS[role]))


@pytest.mark.rule("G5")
def test_the_eleventh_pending_application_is_refused_and_a_withdrawal_makes_room() -> None:
    ten = b.with_pending(10)
    with b.refused("too_many_pending"):
        b.submitted(ten, 11)
    nine = b.do(ten, "withdraw", "app_3").state
    assert len(b.submitted(nine, 11).in_status(Status.PENDING)) == 10


@pytest.mark.rule("G11", "G12")
@pytest.mark.parametrize("status", Status)
def test_what_another_application_allows(status: Status) -> None:
    candidacy = b.in_status(status)
    if status is Status.TERMINATED:
        with b.refused("once_only"):
            b.submitted(candidacy, 2)
    elif status in table.BLOCKING:
        with b.refused("blocked_by_application"):
            b.submitted(candidacy, 2)
    else:
        assert b.application(b.submitted(candidacy, 2), 2).status is Status.PENDING


@pytest.mark.rule("R3")
def test_a_finished_internship_blocks_for_life() -> None:
    years_later = datetime(2030, 3, 1, 4, tzinfo=UTC)
    with b.refused("once_only"):
        b.submitted(b.in_status(Status.TERMINATED), 2, at=years_later)


@pytest.mark.rule("R3", "G11")
def test_where_policy_does_not_ask_for_once_only_a_finished_internship_blocks_nothing() -> None:
    lenient = b.with_policy(b.COUNTY, once_only=False)

    def submit_second(candidacy: Candidacy) -> Candidacy:
        return submit.submit(candidacy, "app_2", b.PERSON, b.posting(2), b.RECOGNISED, lenient, b.by(b.INTERN)).state

    second = b.application(submit_second(b.in_status(Status.TERMINATED)), 2)
    assert {line.rule: line.why for line in second.eligibility}["once_only"] == "may_take_part_again"
    with b.refused("blocked_by_application"):
        submit_second(b.in_status(Status.ONBOARDED))


def again(candidacy: Candidacy, at: datetime = b.NOON + b.DAY) -> Candidacy:
    """The same person once more to pos_1."""
    return submit.submit(candidacy, "app_again", b.PERSON, b.posting(), b.RECOGNISED, b.REFERENCE, b.by(b.INTERN, at)).state


@pytest.mark.rule("R4")
@pytest.mark.parametrize("status", [Status.UNWILLING, Status.ABSENT, Status.WITHDRAWN])
def test_the_same_posting_is_free_again_after(status: Status) -> None:
    assert again(b.in_status(status)).application("app_again").status is Status.PENDING


@pytest.mark.rule("R4")
def test_the_same_posting_twice_at_a_time_is_refused() -> None:
    with b.refused("already_applied"):
        again(b.in_status(Status.PENDING))


@pytest.mark.rule("R4")
def test_after_a_rejection_the_unit_must_invite_again() -> None:
    rejected = b.in_status(Status.REJECTED)
    with b.refused("reinvitation_needed"):
        again(rejected)
    invited = unit_answer.reinvite(rejected, "app_1", b.by(b.UNIT)).state
    assert again(invited).application("app_again").status is Status.PENDING
    assert unit_answer.reinvite(invited, "app_1", b.by(b.UNIT)).state == invited


@pytest.mark.rule("R4")
def test_after_a_disapproval_the_intent_must_be_newer_than_the_decision() -> None:
    disapproved = b.in_status(Status.DISAPPROVED)
    with b.refused("intent_not_renewed"):
        again(disapproved)
    renewed = b.renewed(disapproved, b.graduate_form(major="法学"), b.NOON + b.HOUR)
    assert again(renewed).application("app_again").intent_version == 2


@pytest.mark.rule("R9", "G15")
def test_a_posting_takes_applications_from_publication_to_the_end_of_its_deadline() -> None:
    candidacy = b.registered()
    last_minute = datetime(2026, 11, 10, 15, 59, tzinfo=UTC)
    assert b.submitted(candidacy, at=last_minute, deadline=date(2026, 11, 10)).applications
    with b.refused("posting_deadline_passed"):
        b.submitted(candidacy, at=datetime(2026, 11, 10, 16, 0, tzinfo=UTC), deadline=date(2026, 11, 10))
    with b.refused("posting_paused"):
        b.submitted(candidacy, status=PostingStatus.PAUSED)
    for status in set(PostingStatus) - {PostingStatus.PUBLISHED, PostingStatus.PAUSED}:
        with b.refused("posting_closed"):
            b.submitted(candidacy, status=status)
    with b.refused("posting_closed"):
        b.submitted(candidacy, closing=True)


@pytest.mark.rule("G15")
def test_a_unit_without_recognition_gets_no_applications() -> None:
    with b.refused("unit_not_recognised"):
        submit.submit(
            b.registered(), "app_1", b.PERSON, b.posting(), UnitFacts(recognised=False), b.REFERENCE, b.by(b.INTERN)
        )  # fmt: skip


@pytest.mark.rule("R13")
def test_a_failed_check_stops_new_submissions_and_leaves_pending_ones() -> None:
    checking = b.submitted(b.registered(b.youth_form()), 1)
    failed = b.checked(checking, Verdict.DISAPPROVE)
    assert b.application(failed).status is Status.PENDING
    with b.refused("unemployment_check_failed"):
        b.submitted(failed, 2)


@pytest.mark.rule("R11")
def test_who_is_not_eligible_is_told_every_rule() -> None:
    employed = b.graduate_form().declarations.but(not_employed=False)
    with pytest.raises(Refusal) as refused:
        b.submitted(b.registered(b.graduate_form(declarations=employed)))
    assert refused.value.code == "not_eligible"
    assert "您声明目前已就业" in refused.value.detail
    assert [finding["line"]["result"] for finding in refused.value.facts["findings"]] == ["pass", "pass", "fail", "pass", "pass"]


@pytest.mark.rule("G13")
def test_only_a_graduate_without_the_diploma_owes_it() -> None:
    forms = {b.graduate_form(): Diploma.HELD, b.owing_form(): Diploma.OWED, b.youth_form(): Diploma.HELD}
    for form, state in forms.items():
        assert b.application(b.submitted(b.registered(form))).diploma.state is state
