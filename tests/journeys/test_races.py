"""What must be exact under any concurrency, through real HTTP with two replicas of the applications API."""

from collections import Counter

import pytest
from jianxi_local.caller import Json
from jianxi_local.people import Intern, Officer, Unit
from jianxi_local.town import Town

from ..conftest import at_once

SEATS = 5


@pytest.fixture
def crowd(request: pytest.FixtureRequest) -> int:
    """How many interns; the races of 500 are run by `--long` and by `--faults`, those on the store always."""
    return 500 if request.config.getoption("--long") else 100


def status_of(intern: Intern, posting_id: str) -> int:
    return intern.call("POST", "/me/applications", json={"posting_id": posting_id}).status_code


@pytest.mark.rule("G5")
def test_sixty_four_submissions_at_once_leave_exactly_ten_pending(town: Town, unit: Unit, nanming: Officer) -> None:
    posting_ids = at_once(lambda number: unit.publish(nanming, f"示例岗位{number}"), range(16))
    intern = town.ready_intern()
    answers = Counter(at_once(lambda posting_id: status_of(intern, posting_id), posting_ids * 4, width=64))
    assert answers == {201: 10, 409: 54}
    assert Counter(application["status"] for application in intern.applications()) == {"PENDING": 10}


@pytest.mark.rule("R8", "R9")
def test_however_many_interns_never_get_more_than_the_seats(town: Town, unit: Unit, nanming: Officer, crowd: int) -> None:
    posting_id = unit.publish(nanming, "示例热门岗位", headcount=SEATS)
    interns = at_once(lambda _: town.ready_intern(), range(crowd))
    ids = [application["id"] for application in at_once(lambda intern: intern.apply(posting_id), interns)]

    offered = Counter(at_once(lambda id: unit.call("POST", f"/units/me/applications/{id}/offer").status_code, ids, width=32))

    assert offered == {200: SEATS, 409: crowd - SEATS}
    assert len(everything(unit, posting_id, "OFFERED")) == SEATS
    assert len(everything(unit, posting_id, "PENDING")) == crowd - SEATS


@pytest.mark.rule("R2", "R8")
def test_accepting_several_offers_at_once_leaves_one_willing(town: Town, unit: Unit, nanming: Officer) -> None:
    posting_ids = at_once(lambda number: unit.publish(nanming, f"示例岗位{number}", headcount=1), range(8))
    intern = town.ready_intern()
    ids = [intern.apply(posting_id)["id"] for posting_id in posting_ids]
    for id in ids:
        unit.answer(id, "offer")

    answers = Counter(at_once(lambda id: intern.call("POST", f"/me/applications/{id}/accept").status_code, ids * 8, width=64))

    assert answers[200] == 1
    assert set(answers) == {200, 409}
    assert Counter(application["status"] for application in intern.applications()) == {"WILLING": 1, "UNWILLING": 7}
    another = town.ready_intern()
    freed = [application["posting_id"] for application in intern.applications() if application["status"] == "UNWILLING"]
    assert unit.answer(another.apply(freed[0])["id"], "offer")["status"] == "OFFERED"


@pytest.mark.rule("R20")
def test_the_same_key_sent_twenty_times_at_once_has_one_effect_and_one_answer(town: Town, unit: Unit, nanming: Officer) -> None:
    posting_id, intern, key = unit.publish(nanming), town.ready_intern(), town.new_key()
    answers = at_once(lambda _: intern.apply(posting_id, key=key), range(20), width=20)
    assert all(answer == answers[0] for answer in answers)
    assert [application["id"] for application in intern.applications()] == [answers[0]["id"]]


def everything(unit: Unit, posting_id: str, status: str) -> list[Json]:
    """All pages of the unit's list."""
    found: list[Json] = []
    after: dict[str, str] = {}
    while True:
        page = unit.get("/units/me/applications", posting_id=posting_id, status=status, limit=100, **after)
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}
