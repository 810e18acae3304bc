"""The clocks of some replicas are ten minutes off: timers fire once, and none early. Last of all, for it moves the clock of the system."""

import time
from datetime import datetime, timedelta

from jianxi_local.caller import Json
from jianxi_local.people import until
from pymongo import MongoClient

from .conftest import Trial, Try_
from .test_kafka import more_workers

OFF_SECONDS = (-600, 600)
OFF = "import time; real = time.time; time.time = lambda: real() + {}"
EARLY, WATCHED_SECONDS = timedelta(seconds=30), 5.0


def test_f11_the_clocks_of_replicas_are_off(trial: Try_) -> None:
    with trial("F11") as under:
        intern = under.town.ready_intern()
        id = intern.apply(under.unit.publish(under.officer, "示例岗位", headcount=1))["id"]
        under.unit.answer(id, "offer")
        due = datetime.fromisoformat(intern.application(id)["due_at"])
        with more_workers(under.stack, *(OFF.format(seconds) for seconds in OFF_SECONDS)):
            under.faults = len(OFF_SECONDS)
            under.stack.move_clock_to(due - EARLY)
            time.sleep(WATCHED_SECONDS)
            assert intern.application(id)["status"] == "OFFERED", "not early"
            under.stack.move_clock_to(due + EARLY)
            until(lambda: intern.application(id)["status"] == "UNWILLING" or None, "the offer is over")
            time.sleep(WATCHED_SECONDS)
        under.did()
        under.faults = len(OFF_SECONDS)
        under.before = len(under.town.ledger.tries)  # keys of more than a day ago are no longer kept
        ended = expiries(under, intern.id, id)
        under.other = f"the offer was over {len(ended)} ×, {(ended[0] - due).total_seconds():.1f} s after its due instant"
        assert len(ended) == 1
        assert ended[0] >= due


def expiries(under: Trial, person_id: str, id: str) -> list[datetime]:
    """When the offer expired, by the history of the candidacy."""
    with MongoClient[Json](under.stack.servers.mongo_address, tz_aware=True) as client:
        found = client[f"{under.stack.namespace}applications"]["candidacies"].find_one({"_id": person_id})
    assert found is not None
    return [entry["at"] for entry in found["history"] if entry["command"] == "expire" and entry.get("subject") == id]
