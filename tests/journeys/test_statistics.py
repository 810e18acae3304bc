"""The statistics against a direct count over the services' databases, after many interns went many ways."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from analytics.rebuild import RebuildSettings, rebuild
from common.contracts.words import CaseStatus, Status
from jianxi_local.caller import Caller, Json
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, until
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from pymongo import MongoClient

from ..conftest import PROVINCE, at_once

FLOWS, LONG_FLOWS, OPENINGS, MOST_PLACES = 40, 2000, 4, 999
FUNNEL = {
    "submitted": Status.PENDING, "offered": Status.OFFERED, "willing": Status.WILLING, "approved": Status.APPROVED,
    "onboarded": Status.ONBOARDED, "ended": Status.TERMINATED,
}  # fmt: skip
WAYS: dict[str, tuple[str, ...]] = {
    "waiting": (), "withdrawn": ("withdrawn",), "rejected": ("rejected",), "offered": ("offered",),
    "declined": ("offered", "declined"), "accepted": ("offered", "accepted"),
    "disapproved": ("offered", "accepted", "disapproved"), "approved": ("offered", "accepted", "approved"),
    "absent": ("offered", "accepted", "approved", "absent"), "onboarded": ("offered", "accepted", "approved", "onboarded"),
}  # fmt: skip
"""What happens to an application, by how it ends."""
Database = Callable[[str], Any]


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    """The database of a service."""
    client: MongoClient[Json] = MongoClient(stack.servers.mongo_address)
    yield lambda service: client[f"{stack.namespace}{service}"]
    client.close()


@pytest.fixture
def analyst(town: Town, administrator: Caller) -> Caller:
    login = f"analyst{random.randrange(10**9)}"
    town.enter_staff(administrator, "analyst", login, PROVINCE)
    return town.logged_in(login)


def walk(intern: Intern, posting_id: str, unit: Unit, officer: Officer, end: str) -> None:
    """One application up to this end."""
    application = intern.apply(posting_id)
    id = application["id"]

    def decide(approves: bool) -> None:
        case_id = eligibility_case(intern, application)
        officer.approve(case_id) if approves else officer.disapprove(case_id, "other", "示例理由")
        intern.await_status(id, "APPROVED" if approves else "DISAPPROVED")

    steps: dict[str, Callable[[], object]] = {
        "withdrawn": lambda: intern.answer(id, "withdraw"),
        "rejected": lambda: unit.answer(id, "reject", reason={"code": "other", "text": "示例理由"}),
        "offered": lambda: unit.answer(id, "offer"),
        "declined": lambda: intern.answer(id, "decline"),
        "accepted": lambda: intern.answer(id, "accept"),
        "disapproved": lambda: decide(False),
        "approved": lambda: decide(True),
        "absent": lambda: unit.answer(id, "absent", reason={"code": "did_not_come"}),
        "onboarded": lambda: unit.onboard(id),
    }
    for step in WAYS[end]:
        steps[step]()


@pytest.mark.rule("R32", "R25")
def test_the_statistics_are_a_direct_count_over_the_databases(
    stack: Stack, town: Town, unit: Unit, nanming: Officer, analyst: Caller, database: Database, request: pytest.FixtureRequest
) -> None:
    flows = LONG_FLOWS if request.config.getoption("--long") else FLOWS
    posting_ids = [unit.publish(nanming, f"示例统计岗位{number}", headcount=min(flows, MOST_PLACES)) for number in range(OPENINGS)]

    def flow(number: int) -> None:
        dice = random.Random(number)
        walk(town.ready_intern(), dice.choice(posting_ids), unit, nanming, dice.choice(list(WAYS)))

    at_once(flow, range(flows), width=8)

    def told() -> Json | None:
        """Both anew: what was decided last may still be on its way to its case."""
        shown = statistics(analyst)
        return shown if shown == directly(database) else None

    until(told, "the statistics are what the owners' documents say")
    settings = RebuildSettings(mongo=stack.servers.mongo_address, kafka=stack.servers.kafka_address, namespace=stack.namespace)
    done = asyncio.run(rebuild(settings))
    assert (done.unreadable, done.events > flows) == (0, True)
    assert statistics(analyst) == directly(database)


def statistics(analyst: Caller) -> Json:
    """What analytics says of the province, as far as a direct count can tell it too."""
    lines = {measure: analyst.get(f"/statistics/{measure}")["lines"][0]["figures"] for measure in ("funnel", "open-cases", "fill-rate")}
    return {
        "reached": {name: lines["funnel"][name] for name in FUNNEL},
        "open": lines["open-cases"]["open"],
        "seats": {name: lines["fill-rate"][name] for name in ("postings", "seats", "taken")},
    }


def directly(database: Database) -> Json:
    """The same, counted in the documents of their owners: histories of candidacies, cases, postings and seats."""
    reached: Counter[Status] = Counter()
    for row in database("applications")["candidacies"].find({}, {"history": 1, "state.applications": 1}):
        for application in row["state"]["applications"]:
            reached.update(way([line for line in row["history"] if line.get("subject") == application["id"]]))
    published = [
        row["_id"] for row in database("postings")["postings"].find({"state.status": {"$in": ["PUBLISHED", "PAUSED"]}}, {"_id": 1})
    ]
    seats = [row["state"] for row in database("applications")["seats"].find({"_id": {"$in": published}})]
    finished = [CaseStatus.DECIDED.value, CaseStatus.VOID.value]
    return {
        "reached": {name: disclosed(reached[status]) for name, status in FUNNEL.items()},
        "open": disclosed(database("audit")["cases"].count_documents({"state.status": {"$nin": finished}})),
        "seats": {
            "postings": len(published),
            "seats": sum(one["headcount"] for one in seats),
            "taken": sum(len(one["holders"]) for one in seats),
        },
    }


def way(history: list[Json]) -> set[Status]:
    """The statuses that count: a reinstatement takes back what came after the status it returns to (R25)."""
    kept: list[Status] = []
    for line in history:
        if line.get("to") not in set(Status):
            continue
        to = Status(line["to"])
        if to in kept and line.get("from_") not in (None, to):
            kept = kept[: kept.index(to)]
        kept.append(to)
    return set(kept)


def disclosed(count: int) -> int | None:
    """As a reader outside the county sees it (R32)."""
    return None if 0 < count < 5 else count
