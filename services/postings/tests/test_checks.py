"""The invariant check finds each breach that is planted in a posting, exactly it, and nothing after honest work (R27)."""

from typing import Any

import pytest
from common.contracts.words import UnitStatus, Verdict
from common.testing.checks import broken

from .builders import decided
from .conftest import Zone

PUBLISHED: dict[str, dict[str, Any]] = {
    "status_follows_history": {"state.status": "CLOSED"},
    "revisions_counted": {"state.revision": 2},
    "review_due": {"state.offices": []},
    "approved_before_public": {"state.case_id": None},
    "state_readable": {"state.content.headcount": 0},
}


@pytest.mark.rule("R27", "R16", "G15")
@pytest.mark.parametrize("invariant", PUBLISHED)
async def test_a_breach_in_a_posting_is_found(zone: Zone, invariant: str) -> None:
    id = await zone.published()
    await zone.published()
    assert await broken(zone.service) == []
    await zone.parts.store.collection.update_one({"_id": id}, {"$set": PUBLISHED[invariant]})
    assert await broken(zone.service) == [(invariant, f"postings/{id}")]


@pytest.mark.rule("R27", "R15", "R18")
async def test_a_posting_open_without_a_recognised_unit_and_a_return_without_a_reason_are_found(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id, returned = await zone.published(user), await zone.submitted(user)
    await zone.hear(f"cas_{returned}", decided(returned, Verdict.DISAPPROVE))
    assert await broken(zone.service) == []
    await zone.parts.units.collection.update_one({"_id": user.unit_id}, {"$set": {"state.status": UnitStatus.REVOKED}})
    await zone.parts.store.collection.update_one({"_id": returned}, {"$set": {"state.reason_code": None}})
    assert await broken(zone.service) == [("return_explained", f"postings/{returned}"), ("unit_recognised", f"postings/{id}")]
