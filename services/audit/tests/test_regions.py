"""What an abolished region had belongs to its successor (R14)."""

import pytest
from audit.cases.handlers.case import follow_regions
from common.ids import new_id

from .conftest import Audit, case_id, officer
from .messages import requested


@pytest.mark.rule("R14")
async def test_the_open_cases_of_an_abolished_county_move_to_its_successor_once(audit: Audit) -> None:
    old, other = new_id("unt"), new_id("unt")
    await audit.hear(old, 1, requested(old, region="520202"))
    await audit.hear(other, 1, requested(other, region="520102"))
    for _ in range(2):
        await follow_regions(audit.deps.cases)
    moved, stayed = case_id("recognition", old), case_id("recognition", other)
    assert [(event["region"], event["to"]) for event in await audit.events(moved)] == [("520202", "OPEN"), ("520281", "OPEN")]
    assert len(await audit.events(stayed)) == 1
    queue = (await audit.call("GET", "/cases", officer("520281"))).json()["items"]
    assert [(case["id"], case["office"]) for case in queue] == [(moved, "520281")]
    assert (await audit.call("POST", f"/cases/{moved}/approve", officer("520281"))).json()["status"] == "DECIDING"
