"""The invariant check finds each breach that is planted in cases, standings and ledger, and nothing after honest work (R27)."""

from datetime import timedelta
from typing import Any

import pytest
from audit.ledger.subscribers import LedgerSubscriber
from common.checks.run import run
from common.contracts.words import UnitStatus
from common.ids import new_id
from common.testing.checks import broken

from .conftest import Audit, case_id, officer
from .messages import requested, unit_changed
from .records import record

APPROVED: dict[str, dict[str, Any]] = {
    "status_follows_history": {"state.status": "VOID"},
    "case_placed": {"state.office": "520302"},
    "case_identified": {"state.application_id": "app_x"},
    "verdict_by_status": {"state.verdict": None},
}


async def decided_case(audit: Audit) -> str:
    """A recognition that an officer has approved and the owner applied."""
    unit = new_id("unt")
    await audit.hear(unit, 1, requested(unit))
    id = case_id("recognition", unit)
    assert (await audit.call("POST", f"/cases/{id}/approve", officer())).status_code == 200
    await audit.hear(unit, 2, unit_changed(unit, UnitStatus.RECOGNISED, case_id=id))
    assert await broken(audit.service) == []
    return id


@pytest.mark.rule("R27", "R14", "R20")
@pytest.mark.parametrize("invariant", APPROVED)
async def test_a_breach_in_a_case_is_found(audit: Audit, invariant: str) -> None:
    id = await decided_case(audit)
    await audit.deps.cases.store.collection.update_one({"_id": id}, {"$set": APPROVED[invariant]})
    assert await broken(audit.service) == [(invariant, f"cases/{id}")]


@pytest.mark.rule("R27", "R14")
async def test_a_decision_that_nobody_answers_and_a_case_that_nobody_asked_are_found(audit: Audit) -> None:
    unit, rows = new_id("unt"), audit.deps.cases.store.collection
    await audit.hear(unit, 1, requested(unit))
    id = case_id("recognition", unit)
    await audit.call("POST", f"/cases/{id}/approve", officer())
    assert await broken(audit.service) == []
    document = await rows.find_one({"_id": id})
    assert document is not None
    for line in (*document["history"], *document["pending"]):
        line["at" if "at" in line else "time"] -= timedelta(minutes=11)
    await rows.replace_one({"_id": id}, document)
    assert await broken(audit.service) == [("decision_answered", f"cases/{id}"), ("events_published", f"cases/{id}")]
    await rows.update_one({"_id": id}, {"$set": {"pending": []}})
    await audit.deps.cases.standings.collection.update_one({}, {"$set": {"state.waiting": False}})
    assert await broken(audit.service) == [("case_asked", f"cases/{id}"), ("decision_answered", f"cases/{id}")]


@pytest.mark.rule("R27", "R14")
async def test_a_subject_that_waits_without_a_case_is_found(audit: Audit) -> None:
    unit = new_id("unt")
    await audit.hear(unit, 1, requested(unit))
    await audit.deps.cases.store.collection.delete_many({})
    assert await broken(audit.service) == [("standing_has_case", f"standings/recognition:{unit}::")]


@pytest.mark.rule("R27", "R20")
async def test_a_chain_that_was_changed_and_an_event_that_is_missing_are_found(audit: Audit) -> None:
    topic, ledger = audit.service.settings.topic("applications"), audit.deps.ledger
    await LedgerSubscriber(ledger).take_in([record(0, "a", 1, topic=topic), record(1, "a", 2, topic=topic)])
    assert await broken(audit.service) == []
    await LedgerSubscriber(ledger).take_in([record(2, "b", 2, topic=topic)])
    assert await broken(audit.service) == [("events_complete", "alarms/gap:applications/b:1")]
    await ledger.mongo.collection("ledger").update_one({"event": "a:2"}, {"$set": {"value": "{}"}})
    assert ("chain_whole", "ledger/applications-0:000000000002") in await broken(audit.service)


@pytest.mark.rule("R27", "R20")
async def test_what_is_wrong_in_the_ledger_is_found_again_by_its_ids_however_much_it_is(audit: Audit) -> None:
    topic, ledger = audit.service.settings.topic("applications"), audit.deps.ledger
    await LedgerSubscriber(ledger).take_in([record(offset, f"late_{offset:03}", 2, topic=topic) for offset in range(101)])
    await LedgerSubscriber(ledger).take_in([record(101, "late_000", 1, topic=topic)])
    await ledger.mongo.collection("ledger").delete_one({"event": "late_050:2"})
    outcome = await run(audit.service.daily.checks, again=(0,))
    found = [(row["invariant"], row["row"], row["parts"]) for row in outcome.rows()]
    assert found[0] == ("chain_whole", "ledger/applications-0:000000000051", [])
    assert found[1:] == [
        ("events_complete", f"alarms/gap:applications/late_{number:03}:1", [f"late_{number:03}:1"]) for number in range(1, 101)
    ]
