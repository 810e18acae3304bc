"""The guide from intent to termination, over HTTP and the decisions of officers."""

import pytest
from common.contracts.words import Status

from .conftest import ME, UNIT, Programme


@pytest.mark.rule("G3", "G4", "G6", "G7", "G8", "G9", "G10", "G14")
async def test_an_internship_goes_from_intent_to_termination(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit)
    id = await programme.submit(intern, posting_id)
    await programme.bring(intern, unit, id, Status.ONBOARDED)
    file = await programme.upload(f"{UNIT}/{id}/documents", unit, kind="appraisal")
    ending = {
        "kind": "early",
        "end": "2026-11-02",
        "retained": False,
        "reason": {"code": "personal"},
        "documents": [{"id": file["id"], "kind": "appraisal"}],
    }
    ended = await programme.do("POST", f"{UNIT}/{id}/terminate", unit, ending)
    assert (ended["status"], ended["status_name"], ended["reason"]["label"]) == ("TERMINATED", "终止", "个人原因")
    assert await programme.steps(intern.id, id) == ["PENDING", "OFFERED", "WILLING", "APPROVED", "ONBOARDED", "TERMINATED"]
    shown = await programme.do("GET", f"{ME}/{id}", intern)
    assert [(line["from_status"], line["to"], line["by"]) for line in shown["history"]] == [
        (None, "PENDING", "intern"),
        ("PENDING", "OFFERED", "unit"),
        ("OFFERED", "WILLING", "intern"),
        ("WILLING", "APPROVED", "officer"),
        ("APPROVED", "ONBOARDED", "unit"),
        (None, "handed in", "unit"),
        ("ONBOARDED", "TERMINATED", "unit"),
    ]
    assert (await programme.seats(posting_id)).holders == ()
