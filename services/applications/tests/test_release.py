"""An intern asks to be released over HTTP (R30): both parties see it, and it is recorded as withdrawn only then."""

import pytest
from common.contracts.words import Status, Verdict

from .conftest import ME, UNIT, Programme
from .domain.builders import NOON

WITHDREW = {"reason": {"code": "intern_withdrew"}}


@pytest.mark.rule("R30", "R20", "R8")
async def test_the_wish_of_an_approved_intern_is_seen_by_the_unit_which_records_it(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, posting_id := await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.APPROVED)
    await programme.refused("release_not_asked", 409, "POST", f"{UNIT}/{id}/absent", unit, WITHDREW)
    asked = await programme.do("POST", f"{ME}/{id}/release", intern)
    assert (asked["status"], "release" in asked["commands"]) == ("APPROVED", False)
    for path, who in ((f"{ME}/{id}", intern), (f"{UNIT}/{id}", unit)):
        shown = await programme.do("GET", path, who)
        assert shown["release_asked_at"].startswith(f"{NOON:%Y-%m-%dT%H}")
        assert (shown["history"][-1]["deed"], shown["history"][-1]["by"]) == ("申请放弃", "intern")
    said = (await programme.said(intern.id))[-1]
    assert (said["type"], said["application_id"], said["status"]) == ("application.release_asked.v1", id, "APPROVED")
    await programme.do("POST", f"{ME}/{id}/release", intern)
    assert (await programme.said(intern.id))[-1] == said
    absent = await programme.do("POST", f"{UNIT}/{id}/absent", unit, WITHDREW)
    assert (absent["reason"]["label"], absent["release_asked_at"]) == ("见习人员申请放弃", None)
    assert await programme.holders(posting_id) == []
    assert await programme.submit(intern, posting_id)


@pytest.mark.rule("R30", "G8")
async def test_the_officers_case_records_the_wish_of_a_willing_intern_and_nobody_elses(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.refused("wrong_status", 409, "POST", f"{ME}/{id}/release", intern)
    await programme.bring(intern, unit, id, Status.WILLING)
    await programme.decide(intern, id, Verdict.DISAPPROVE, reason_code="intern_withdrew")
    assert (await programme.said(intern.id))[-1]["reason_code"] == "release_not_asked"
    await programme.do("POST", f"{ME}/{id}/release", intern)
    await programme.decide(intern, id, Verdict.DISAPPROVE, reason_code="intern_withdrew")
    assert await programme.steps(intern.id, id) == ["PENDING", "OFFERED", "WILLING", "DISAPPROVED"]
