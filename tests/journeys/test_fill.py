"""Large sets are made by the services' own handlers: what is filled in small holds like anything else, and can be worked on."""

import pytest
from jianxi_local import check
from jianxi_local.caller import Caller
from jianxi_local.fill import Filled, Size, fill
from jianxi_local.people import until
from jianxi_local.stack import Stack
from jianxi_local.town import Town

SMALL = Size(queue=4, applicants=3, closed=2, postings=3, units=1)


@pytest.fixture(scope="module")
def filled(stack: Stack, town: Town, administrator: Caller) -> Filled:
    return fill(stack, town, administrator, SMALL, {})


def waiting(filled: Filled, kind: str) -> int:
    """How many cases are in the queue of its office."""
    (officer,) = filled.officers.values()
    return len(officer.get("/cases", kind=kind, limit=50)["items"])


@pytest.mark.rule("R14", "R27")
def test_what_is_filled_in_holds_and_is_worked_on(stack: Stack, town: Town, administrator: Caller, filled: Filled) -> None:
    until(lambda: waiting(filled, "eligibility") == SMALL.queue or None, "the reviews are in the queue")
    until(lambda: waiting(filled, "unemployment") == SMALL.queue + SMALL.applicants + 1 or None, "everybody's check is in the queue")
    assert check.findings(stack) == []
    applications = filled.unit.get("/units/me/applications", posting_id=filled.posting_id, status="PENDING", limit=50)["items"]
    assert len(applications) == SMALL.applicants
    offered = filled.unit.post(f"/units/me/applications/{applications[0]['id']}/offer")
    assert offered["status"] == "OFFERED"

    again = fill(stack, town, administrator, SMALL, {})
    assert waiting(again, "eligibility") == SMALL.queue, "filling again adds nothing"
