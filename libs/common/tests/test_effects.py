"""The table of effects in itself (R28); the services test their sides of it."""

from typing import Any

import pytest
from common.contracts.applications import ApplicationStatusChanged, CaseAsked, CaseSettled, IntentRecheckAsked
from common.contracts.effects import EFFECTS, Effects, effects_of, templates
from common.contracts.tables import effects_page
from common.contracts.words import CaseKind, Role, Status

pytestmark = pytest.mark.rule("R28")


def change(from_: Status | None, to: Status, by: Role, **more: Any) -> ApplicationStatusChanged:
    rest = {"category": "graduate", "age_band": "18_24", "education": "bachelor", "intent_version": 1, "resume_version": 1}
    ids = {"application_id": "app_1", "person_id": "per_1", "posting_id": "pst_1", "unit_id": "unt_1", "region": "520102"}
    return ApplicationStatusChanged.model_validate({**rest, **ids, "from_": from_, "to": to, "actor_role": by, **more})


@pytest.mark.parametrize("row", EFFECTS, ids=lambda row: f"{row.from_}-{row.to}-{row.by}-{row.reason}")
def test_every_change_finds_its_own_row_and_no_other(row: Effects) -> None:
    said = change(row.from_, row.to, row.by, reason_code=row.reason or "other", reinstated=row.reinstated)
    assert effects_of(said) is row


@pytest.mark.parametrize(
    "said",
    [
        change(Status.REJECTED, Status.OFFERED, Role.UNIT),
        change(Status.PENDING, Status.OFFERED, Role.INTERN),
        change(Status.OFFERED, Status.UNWILLING, Role.INTERN, reason_code="timeout"),
        change(Status.REJECTED, Status.PENDING, Role.OFFICER),
    ],
    ids=["no arrow", "the wrong party", "another's reason", "not as a reinstatement"],
)
def test_a_change_that_the_table_lacks_is_an_error(said: ApplicationStatusChanged) -> None:
    with pytest.raises(KeyError):
        effects_of(said)


def test_notices_go_to_those_who_did_not_act_under_keys_that_name_the_change() -> None:
    assert all(row.tells and row.by not in row.tells for row in EFFECTS)
    keys = set(templates())
    assert {"application.pending.unit", "application.pending.reinstated.intern", "application.unwilling.timeout.unit"} <= keys
    assert "application.withdrawn.posting_closed.unit" not in keys


def test_only_a_review_asks_for_the_unemployment_check_again() -> None:
    reviewed = [row for row in EFFECTS if row.opens]
    assert all(row.to is Status.WILLING and IntentRecheckAsked in row.may_say for row in reviewed)
    assert {IntentRecheckAsked, CaseSettled}.isdisjoint(effects_of(change(None, Status.PENDING, Role.INTERN)).may_say)


def test_what_may_be_said_follows_from_the_cases_that_may_open_and_settle() -> None:
    kinds = (CaseKind.UNEMPLOYMENT, CaseKind.SILENCE, CaseKind.REINSTATEMENT)
    row = Effects(Status.OFFERED, Status.UNWILLING, Role.SYSTEM, may_open=kinds, may_settle=(CaseKind.SILENCE,))
    assert row.may_say == (IntentRecheckAsked, CaseAsked, CaseSettled)


def test_the_page_prints_every_row() -> None:
    lines = [line for line in effects_page().splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(EFFECTS)
    assert any("OFFERED 确认通过 | WILLING 确认意愿 | intern" in line and "may: `unemployment`" in line for line in lines)
    assert all(f"`{key}`" in effects_page() for key in templates())
    assert f"`{CaseKind.ELIGIBILITY}`" in effects_page()
