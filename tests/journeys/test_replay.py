"""F14: what services keep of one another, made anew from the first record, is what they have; what was damaged is whole again."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from jianxi_local.caller import Json
from jianxi_local.people import Officer, Unit, until
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from pymongo import MongoClient
from pymongo.database import Database

from ..conftest import at_once

GROUPS = ["accounts.cases", "applications.people"]
THE_OTHERS = [
    "accounts.applications", "accounts.reference", "postings.units", "postings.seats", "postings.reference",
    "applications.postings", "applications.units", "applications.reference", "audit.cases",
]  # fmt: skip
"""accounts.notices is none of them: its rows also keep when to look at them next."""


@pytest.fixture
def applications(stack: Stack) -> Iterator[Database[Json]]:
    with MongoClient[Json](stack.servers.mongo_address) as client:
        yield client[f"{stack.namespace}applications"]


def replay(stack: Stack, group: str, *options: str) -> tuple[int, str]:
    """The exit status, and what was printed."""
    service = group.partition(".")[0]
    command = [sys.executable, "-m", service, "--replay", group, *options]
    environment = stack.environment(service, stack.port)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def test_projections_made_anew_are_the_live_ones(
    stack: Stack, town: Town, unit: Unit, nanming: Officer, request: pytest.FixtureRequest
) -> None:
    intern = town.ready_intern()
    application = intern.apply(unit.publish(nanming))
    unit.answer(application["id"], "offer")
    groups = [*GROUPS, *(THE_OTHERS if request.config.getoption("--long") else ())]

    def compare(group: str) -> bool:
        """Once the live consumer has heard everything too."""
        return until(lambda: replay(stack, group, "--compare")[0] == 0 or None, f"{group} is the same made anew")

    assert all(at_once(compare, groups, width=2))


def test_a_damaged_projection_is_found_and_made_whole(stack: Stack, unit: Unit, applications: Database[Json]) -> None:
    whole = applications["units"].find_one({"_id": unit.unit_id})
    applications["units"].update_one({"_id": unit.unit_id}, {"$set": {"state.region": "000000"}})
    status, told = replay(stack, "applications.units", "--compare")
    assert (status, told.splitlines()[-1].split()[0]) == (1, "units")
    assert replay(stack, "applications.units")[0] == 0
    assert applications["units"].find_one({"_id": unit.unit_id}) == whole


def test_a_group_without_projections_or_unknown_is_refused_in_a_sentence(stack: Stack) -> None:
    assert replay(stack, "applications.cases") == (2, "消费组 applications.cases 没有可重建的投影，或主题中没有记录。\n")
    assert replay(stack, "applications.nothing")[1].startswith("没有消费组 applications.nothing，可用：applications.cases、")
