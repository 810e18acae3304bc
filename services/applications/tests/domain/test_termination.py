"""终止 (G10, R17)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from applications.domain import termination
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from common.contracts.words import EndKind, Status
from common.reasons import StatedReason

from . import builders as b

PLANNED_END = date(2027, 5, 1)
LAST_DAY = datetime(2027, 5, 1, 4, tzinfo=UTC)


def terminate(candidacy: Candidacy | None = None, at: datetime = b.NOON, **changes: Any) -> SeatedDecision:
    candidacy = candidacy or b.in_status(Status.ONBOARDED)
    return termination.terminate(candidacy, "app_1", b.early(**changes), b.REFERENCE, b.by(b.UNIT, at))


def completed(at: datetime = LAST_DAY, **changes: Any) -> SeatedDecision:
    return terminate(at=at, **{"kind": EndKind.COMPLETED, "end": PLANNED_END, "reason": None, **changes})


@pytest.mark.rule("G10", "R17")
def test_an_early_end_says_kind_reason_date_and_files() -> None:
    decision = terminate(reason=StatedReason(code="personal", text="示例：返校深造"))
    [event] = decision.events
    assert (event.end_kind, event.end, event.retained, event.reason_code) == (EndKind.EARLY, b.TODAY, False, "personal")  # type: ignore[attr-defined]
    assert b.application(decision.state).documents == (b.APPRAISAL,)


@pytest.mark.rule("R8", "R17")
def test_a_completed_internship_keeps_its_seat() -> None:
    decision = completed()
    assert decision.moves == ()
    assert b.application(decision.state).holds_seat
    assert not b.application(terminate().state).holds_seat


@pytest.mark.rule("R17", "R18")
def test_an_early_end_needs_a_reason_from_the_list() -> None:
    with b.refused("reason_needed"):
        terminate(reason=None)
    with b.refused("reason_unknown"):
        terminate(reason=StatedReason(code="did_not_come"))


@pytest.mark.rule("R17")
def test_the_end_lies_between_the_start_and_today() -> None:
    for end in (date(2026, 11, 1), date(2026, 11, 3)):
        with b.refused("end_date"):
            terminate(end=end)
    with b.refused("not_completed"):
        terminate(at=LAST_DAY - b.DAY, kind=EndKind.COMPLETED, end=date(2027, 4, 30))


@pytest.mark.rule("R17")
def test_what_policy_requires_is_attached() -> None:
    with pytest.raises(Exception, match="termination_files_missing") as caught:
        terminate(documents=())
    assert "鉴定表" in caught.value.detail  # type: ignore[attr-defined]


@pytest.mark.rule("R17")
def test_retention_goes_with_the_date_of_the_contract() -> None:
    for retained, contract_date in ((True, None), (False, date(2027, 5, 2)), (True, date(1, 1, 1)), (True, b.TODAY - b.DAY)):
        with b.refused("contract_date"):
            completed(retained=retained, contract_date=contract_date)
    for contract_date in (b.TODAY, date(2027, 5, 2)):
        internship = b.application(completed(retained=True, contract_date=contract_date).state).internship
        assert internship is not None
        assert (internship.retained, internship.contract_date) == (True, contract_date)
