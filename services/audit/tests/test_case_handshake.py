"""Officer decides → DECIDING → the owner's own event closes the case, or re-opens it, or it was for nothing."""

import pytest
from common.contracts.applications import DecisionRefused
from common.contracts.words import CaseStatus, Category, Check, PostingStatus, Role, Status, UnitStatus
from common.decision import Actor
from common.ids import derived_id, new_id

from .conftest import Audit, officer
from .messages import application_changed, checked, intent, posting_changed, requested, unit_changed


def case_id(kind: str, subject: str, version: int = 1, application: str = "") -> str:
    return derived_id("cas", kind, subject, application, str(version))


async def status(audit: Audit, id: str) -> CaseStatus | None:
    case = await audit.deps.cases.store.get(id)
    return case.status if case else None


@pytest.mark.rule("R15")
async def test_recognition_goes_from_request_to_decided(audit: Audit) -> None:
    unit, id = (unit := new_id("unt")), case_id("recognition", unit)
    await audit.hear(unit, 1, requested(unit))
    decided = await audit.call("POST", f"/cases/{id}/approve", officer())
    assert decided.status_code == 200, decided.text
    assert (decided.json()["status"], decided.json()["verdict"]) == ("DECIDING", "approve")
    await audit.hear(unit, 2, unit_changed(unit, UnitStatus.RECOGNISED, case_id=id))
    assert await status(audit, id) is CaseStatus.DECIDED
    said = await audit.events(id)
    assert [(event["from"], event["to"], event["verdict"]) for event in said] == [
        (None, "OPEN", None),
        ("OPEN", "DECIDING", "approve"),
        ("DECIDING", "DECIDED", "approve"),
    ]
    assert said[1]["officer_region"] == "520102"
