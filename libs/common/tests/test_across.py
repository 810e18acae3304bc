"""What is found across the databases: whoever waits for an officer is known to wait, and nobody else is (R27)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from common.checks.across import Asked, Databases, Kept
from common.checks.copies import COPIES, QUESTION_STANDS
from common.checks.run import run
from common.contracts.words import Check, Status
from common.ops.settings import DATABASES
from common.settings import Settings
from common.store.mongo import Mongo

KIND = {"objection": "objection", "lift": "lift", "end_request": "complaint", "complaint": "complaint"}
KIND |= {"reinstatement": "reinstatement", "release": "release", "silence": "silence"}
"""Of the case that each matter opens."""
CANDIDACY = "applications.candidacies/per_1"


class Stack:
    """The databases of all services."""

    def __init__(self, by_service: dict[str, Mongo]) -> None:
        self.databases = Databases(by_service)

    async def plant(self, place: str, id: str, *, speaking: bool = False, **state: Any) -> None:
        """A row; `speaking`: what its aggregate says last is not published yet."""
        service, _, collection = place.partition(".")
        document = {"_id": id, "state": state, "pending": [{"seq": 1}] if speaking else []}
        await self.databases.by_service[service].collection(collection).replace_one({"_id": id}, document, upsert=True)

    async def candidacy(self, *questions: dict[str, Any], status: Status = Status.REJECTED, speaking: bool = False) -> None:
        """Of per_1, with one application and these questions about it."""
        application = {"id": "app_1", "status": status, "questions": list(questions)}
        await self.plant("applications.candidacies", "per_1", speaking=speaking, intents=[], applications=[application])

    async def checked(self, *checks: Check) -> None:
        """per_1 has these intents, without applications."""
        intents = [{"version": number, "check": check} for number, check in enumerate(checks, 1)]
        await self.plant("applications.candidacies", "per_1", intents=intents, applications=[])

    async def stands(self, id: str, waiting: bool, version: int = 1) -> None:
        await self.plant("audit.standings", id, waiting=waiting, version=version)

    async def found(self) -> list[tuple[str, str]]:
        """Whose questions stand otherwise than their owner says, as (row, part)."""
        compared = [Kept(self.databases, copy.owner, (copy,)) for copy in COPIES if copy.invariant is QUESTION_STANDS]
        return [(row["row"], row["parts"][0]) for row in (await run(compared, ())).rows()]

    async def unasked(self) -> list[tuple[str, str]]:
        """What stands as waiting although nobody asks it, as (row, part)."""
        return [(row["row"], row["parts"][0]) for row in (await run([Asked(self.databases)], ())).rows()]


@pytest.fixture
async def stack(settings: Settings) -> AsyncIterator[Stack]:
    by_service = {name: Mongo(settings.mongo, settings.database(name)) for name in DATABASES}
    yield Stack(by_service)
    for mongo in by_service.values():
        await mongo.client.drop_database(mongo.database)
        await mongo.close()


@pytest.mark.rule("R27", "R3", "R6", "R17", "R29", "R30")
@pytest.mark.parametrize("matter", KIND)
async def test_a_question_that_nobody_hears_and_one_that_is_over_are_found(stack: Stack, matter: str) -> None:
    question: dict[str, Any] = {"matter": matter, "number": 2, "outcome": None}
    standing = f"{KIND[matter]}:per_1:app_1:2"
    await stack.candidacy(question)
    assert await stack.found() == [(CANDIDACY, f"audit.standings/{standing}")]
    await stack.stands(standing, True, 2)
    assert await stack.found() == []
    await stack.candidacy(question | {"outcome": "moved_on"})
    assert await stack.found() == [(CANDIDACY, f"audit.standings/{standing}")]
    await stack.stands(standing, False, 2)
    assert await stack.found() == []


@pytest.mark.rule("R27", "R14")
async def test_offices_that_wait_for_a_question_that_nobody_asks_are_found(stack: Stack) -> None:
    questions: list[dict[str, Any]] = [{"matter": matter, "number": 2, "outcome": None} for matter in {*KIND} - {"end_request"}]
    waiting = sorted(f"{kind}:per_1:app_1:2" for kind in {*KIND.values()})
    lost = [(f"audit.standings/{standing}", CANDIDACY) for standing in waiting]
    for standing in (*waiting, "eligibility:per_1:app_1:", "unemployment:per_1::"):
        await stack.stands(standing, True, 2)
    assert await stack.unasked() == lost, "there is no such candidacy"
    await stack.candidacy(*questions)
    assert await stack.unasked() == []
    await stack.candidacy(*(question for question in questions if question["matter"] != "lift"))
    assert await stack.unasked() == [("audit.standings/lift:per_1:app_1:2", CANDIDACY)], "one is gone"
    await stack.candidacy(*(question | {"number": 1} for question in questions))
    assert await stack.unasked() == lost, "they have other numbers"
    await stack.candidacy(*(question | {"outcome": "approved"} for question in questions))
    assert await stack.unasked() == lost, "they are over"
    await stack.candidacy(speaking=True)
    assert await stack.unasked() == [], "that they are over is still to be said"
    await stack.candidacy()
    for standing in waiting:
        await stack.stands(standing, False, 2)
    assert await stack.unasked() == []


@pytest.mark.rule("R27", "R13")
async def test_the_check_of_the_newest_intent_waits_until_it_is_decided(stack: Stack) -> None:
    found = [(CANDIDACY, "audit.standings/unemployment:per_1::")]
    await stack.checked(Check.NOT_NEEDED, Check.PASSED)
    assert await stack.found() == found, "nobody has heard of it"
    for check in (Check.CHECKING, Check.PASSED, Check.FAILED):
        await stack.checked(Check.NOT_NEEDED, check)
        for waiting in (False, True):
            await stack.stands("unemployment:per_1::", waiting)
            assert await stack.found() == found * (waiting is not (check is Check.CHECKING))
    await stack.checked(Check.FAILED, Check.NOT_NEEDED)
    assert await stack.found() == [], "an older intent may be looked at again where the newest needs no check"


@pytest.mark.rule("R27", "R31")
async def test_who_somebody_is_waits_for_an_officer_while_the_review_does(stack: Stack) -> None:
    await stack.plant("accounts.people", "per_1", review=None)
    assert await stack.found() == []
    for status in ("WAITING", "APPROVED", "DISAPPROVED", "WITHDRAWN"):
        await stack.plant("accounts.people", "per_1", review={"request": 2, "status": status})
        for waiting, version in ((status == "WAITING", 2), (status == "WAITING", 1), (status != "WAITING", 2)):
            await stack.stands("identity:per_1::", waiting, version)
            right = (waiting, version) == (status == "WAITING", 2)
            assert await stack.found() == [("accounts.people/per_1", "audit.standings/identity:per_1::")] * (not right)


@pytest.mark.rule("R27", "R14")
async def test_a_change_of_policy_waits_for_the_province_while_the_proposal_does(stack: Stack) -> None:
    for status in ("WAITING", "APPLIED", "TURNED_DOWN", "WITHDRAWN", "APPLYING"):
        await stack.plant("audit.proposals", "prp_1", status=status)
        for waiting in (True, False):
            await stack.stands("policy:prp_1::", waiting)
            right = status == "APPLYING" or waiting is (status == "WAITING")
            assert await stack.found() == [("audit.proposals/prp_1", "audit.standings/policy:prp_1::")] * (not right)


@pytest.mark.rule("R27", "G8")
@pytest.mark.parametrize(
    "status", [Status.WILLING, Status.APPROVED, Status.DISAPPROVED, Status.ONBOARDED, Status.ABSENT, Status.TERMINATED]
)
async def test_a_review_waits_while_the_application_does_and_what_is_still_to_be_said_is_waited_for(stack: Stack, status: Status) -> None:
    waits, standing = status is Status.WILLING, "eligibility:per_1:app_1:"
    await stack.candidacy(status=status)
    for waiting in (waits, not waits):
        await stack.stands(standing, waiting)
        assert await stack.found() == [(CANDIDACY, f"audit.standings/{standing}")] * (waiting is not waits)
    await stack.candidacy(status=status, speaking=True)
    assert await stack.found() == []


@pytest.mark.rule("R27", "R15", "R16")
async def test_units_and_postings_that_wait_are_compared_too(stack: Stack) -> None:
    await stack.plant("accounts.units", "unt_1", request=4, waiting=True)
    await stack.plant("postings.postings", "pst_1", status="SUBMITTED")
    await stack.stands("recognition:unt_1::", True, 4)
    await stack.stands("posting:pst_1::", True)
    assert await stack.found() == []
    await stack.plant("accounts.units", "unt_1", request=4, waiting=False)
    await stack.plant("postings.postings", "pst_1", status="RETURNED")
    expected = [("accounts.units/unt_1", "recognition:unt_1::"), ("postings.postings/pst_1", "posting:pst_1::")]
    assert await stack.found() == [(row, f"audit.standings/{standing}") for row, standing in expected]
