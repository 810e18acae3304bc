"""Three nodes of MongoDB and of Kafka: elections, nodes killed, two of three gone."""

import time
from collections.abc import Iterator

import pytest
from jianxi_local.caller import Json
from jianxi_local.people import until
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from ...conftest import QUICK_PASSWORDS, REPLICAS
from .. import figures
from .conftest import Trial, Try_, arena

NODES = 3
ELECTIONS, ELECTION_SECONDS = 6, 5.0
"""Each comes so long after there was a primary again: of itself a new one is elected only after ten seconds."""
KILLS = 4
GONE_SECONDS = 5.0
GAP_SECONDS = 15.0


@pytest.fixture(scope="module")
def three() -> Iterator[Servers]:
    with Servers.temporary(nodes=NODES) as servers:
        if len(servers.mongos) < NODES or len(servers.kafkas) < NODES:
            pytest.skip("JIANXI_MONGO or JIANXI_KAFKA names servers that are not ours to stop")
        yield servers


@pytest.fixture(scope="module")
def trial(three: Servers, seed: str, pace: float, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try_]:
    directory = tmp_path_factory.mktemp("replicas")
    with Stack(directory, servers=three, scale=REPLICAS, settings=QUICK_PASSWORDS) as stack, arena(stack, seed, pace) as begin:
        yield begin


def primary(servers: Servers) -> int:
    """The port of the primary, waited for."""

    def probe() -> int | None:
        with MongoClient[Json](servers.mongo_address, serverSelectionTimeoutMS=1000) as client:
            try:
                return int(str(client.admin.command("hello")["primary"]).rpartition(":")[2])
            except (PyMongoError, KeyError):
                return None

    return until(probe, "there is a primary")


def test_f4_the_primary_steps_down_every_five_seconds(trial: Try_, three: Servers) -> None:
    """By turns it hands over to another, and (`force`) leaves it to the others to find out that there is none."""
    with trial("F4") as under:
        began = len(under.tries)
        for number in range(ELECTIONS):
            port = primary(three)
            time.sleep(ELECTION_SECONDS)
            with MongoClient[Json]("127.0.0.1", port, directConnection=True) as client:
                client.admin.command("replSetStepDown", 10, force=number % 2 == 1)
            under.did()
        primary(three)
        time.sleep(ELECTION_SECONDS)
        tries = under.tries[began:]
        gap = figures.longest_gap(tries, tries[0].at, tries[-1].at)
        under.claim(f"no gap over {GAP_SECONDS} s: {gap:.1f} s", lambda: gap <= GAP_SECONDS)


def test_f5_nodes_are_killed_and_two_of_three_are_gone(trial: Try_, three: Servers) -> None:
    with trial("F5") as under:
        for number in range(KILLS):
            one = (
                next(mongo for mongo in three.mongos if mongo.port == primary(three))
                if number % 2 == 0
                else under.chance.choice(three.kafkas)
            )
            one.kill()
            under.pause(GONE_SECONDS, 2 * GONE_SECONDS)
            one.start()
            under.did()
        lose_two(under, three)
        under.other = "4 nodes one by one, then two of three mongod"


def lose_two(under: Trial, three: Servers) -> None:
    """Nothing can be written then; what was acknowledged before is there afterwards."""
    gone = under.chance.sample(three.mongos, 2)
    for mongo in gone:
        mongo.kill()
        under.did()
    under.pause(GONE_SECONDS, GONE_SECONDS)
    for mongo in gone:
        mongo.launch()
    for mongo in gone:
        mongo.await_ready()
    under.did()
    under.faults -= 1
