"""What a change of policy would do to the open cases, told before it is made (programme §5)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from audit.reference.domain.dry_run import DECISIONS, SHOWN, TERMS, UNTOUCHED, OpenCase, of_policy
from common.contracts.words import CaseKind, CaseStatus, Role
from common.decision import Actor
from common.ids import new_id
from common.policy import Policy, PolicyEntry
from common.reference import Reference, ReferenceItem

from .conftest import Audit, case_id, officer
from .messages import application_changed, requested

KNOWN = Reference.sample()
DUE = datetime(2026, 12, 1, 16, tzinfo=UTC)
TODAY = datetime(2026, 11, 24).date()


def case(kind: CaseKind, status: CaseStatus = CaseStatus.OPEN, region: str = "520102") -> OpenCase:
    return OpenCase(id=new_id("cas"), kind=kind, status=status, region=region, due_at=DUE)


def entry(region: str = "520000", effective: str = "2026-12-01", **changes: Any) -> PolicyEntry:
    return PolicyEntry(region=region, effective=datetime.fromisoformat(effective).date(), version=1, changes=changes)


def test_every_number_of_the_policy_is_explained_and_none_twice() -> None:
    tables = [TERMS.keys(), DECISIONS.keys(), UNTOUCHED.keys()]
    assert sum(map(len, tables)) == len(set().union(*tables))
    assert set().union(*tables) == Policy.model_fields.keys() - {"versions"}


@pytest.mark.rule("R15")
@pytest.mark.parametrize("field", DECISIONS)
def test_a_number_that_a_decision_reads_affects_the_open_cases_of_its_kinds(field: str) -> None:
    value: Any = {"once_only": False, "recognition_years": 2}.get(field, 7)
    cases = [case(kind) for kind in CaseKind]
    found = of_policy(entry(**{field: value}), 0, KNOWN, TODAY, cases)
    assert set(found.affected) == DECISIONS[field][0]
    assert {(shown.fields, shown.why, shown.due_before) for shown in found.cases} == {((field,), (DECISIONS[field][1],), None)}
    assert sum(found.open.values()) == len(cases)


@pytest.mark.rule("R10")
def test_a_longer_term_leaves_the_running_one_and_shows_the_next() -> None:
    running, returned = case(CaseKind.RECOGNITION), case(CaseKind.RECOGNITION, CaseStatus.RETURNED)
    (shown,) = of_policy(entry(review_working_days=6), 0, KNOWN, TODAY, [running, returned]).cases
    assert (shown.id, shown.due_at) == (returned.id, DUE)
    assert (shown.due_before, shown.due_after) == (datetime(2026, 12, 8, 16, tzinfo=UTC), datetime(2026, 12, 9, 16, tzinfo=UTC))


@pytest.mark.rule("R11")
def test_what_is_measured_at_submission_affects_no_open_case_and_says_so() -> None:
    found = of_policy(entry(age_max=23, graduate_months=12), 0, KNOWN, TODAY, [case(CaseKind.ELIGIBILITY)])
    assert (found.affected, found.open) == ({}, {"eligibility": 1})
    assert [line.field for line in found.untouched] == ["age_max", "graduate_months"]
    assert all("R11" in line.why for line in found.untouched)


def test_a_county_that_sets_the_number_itself_is_not_affected_by_its_province() -> None:
    own = {"region": "520103", "effective": "2026-01-01", "changes": {"recognition_years": 5}}
    known = KNOWN.with_items([ReferenceItem(kind="policy", key="520103:2026-01-01", version=1, value=own)])
    here, there = case(CaseKind.RECOGNITION), case(CaseKind.RECOGNITION, region="520103")
    assert [shown.id for shown in of_policy(entry(recognition_years=2), 0, known, TODAY, [here, there]).cases] == [here.id]


def test_a_change_that_changes_nothing_there_affects_nothing() -> None:
    assert of_policy(entry(recognition_years=3), 0, KNOWN, TODAY, [case(CaseKind.RECOGNITION)]).affected == {}


def test_all_are_counted_and_the_first_are_listed() -> None:
    found = of_policy(entry(recognition_years=2), 0, KNOWN, TODAY, [case(CaseKind.RECOGNITION) for _ in range(SHOWN + 5)])
    assert (found.affected["recognition"], len(found.cases)) == (SHOWN + 5, SHOWN)


async def test_over_http_the_open_cases_of_the_region_are_named_and_nothing_is_entered(audit: Audit) -> None:
    admin = Actor(id="stf_admin", role=Role.SYSTEM_ADMIN)
    unit, elsewhere = new_id("unt"), new_id("unt")
    await audit.hear(unit, 1, requested(unit))
    await audit.hear(elsewhere, 1, requested(elsewhere, region="520302"))
    await audit.hear(person := new_id("per"), 1, application_changed(person, new_id("app")))
    change = {"region": "520100", "effective": "2099-01-01", "changes": {"recognition_years": 2, "age_max": 23}, "note": "示例"}
    for who in (admin, officer("520000")):
        answer = await audit.call("POST", "/policy/dry-run", who, change)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert (found["affected"], found["open"]) == ({"recognition": 1}, {"recognition": 1, "eligibility": 1})
        assert [shown["id"] for shown in found["cases"]] == [case_id("recognition", unit)]
    assert (await audit.call("GET", "/proposals", admin)).json()["items"] == []
    assert (await audit.call("POST", "/policy/dry-run", Actor(id="per_1", role=Role.INTERN), change)).status_code == 403
    entered = (await audit.call("PUT", "/policy", admin, change)).json()
    assert entered["affected"] == {"recognition": 1}
