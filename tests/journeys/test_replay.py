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

GROUPS = ["accounts.facts", "applications.facts"]
THE_OTHERS = ["postings.facts", "audit.facts", "analytics.facts"]
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
    status, told = replay(stack, "applications.facts", "--compare")
    assert status == 1
    assert ["units", "1"] in [line.split()[::2] for line in told.splitlines()], told
    assert replay(stack, "applications.facts")[0] == 0
    assert applications["units"].find_one({"_id": unit.unit_id}) == whole


def test_an_unknown_group_is_refused_in_a_sentence(stack: Stack) -> None:
    assert replay(stack, "applications.nothing") == (2, "没有消费组 applications.nothing，可用：applications.facts。\n")
