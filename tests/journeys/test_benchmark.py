"""The benchmark's gate and its patience on the running system: a run counts only when everything that was acknowledged is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from common.contracts.topics import TOPICS
from jianxi_local.bench import gate
from jianxi_local.bench.client import Client
from jianxi_local.bench.flows import Flow, Name, Runner
from jianxi_local.bench.heard import APPLICATION, Heard
from jianxi_local.bench.setting import Place, Setting
from jianxi_local.bench.settle import settle
from jianxi_local.caller import Json
from jianxi_local.errors import LocalError
from jianxi_local.people import Intern, Officer, Unit, until
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from pymongo import MongoClient
from pymongo.collection import Collection


@pytest.fixture
def candidacies(stack: Stack) -> Iterator[Collection[Json]]:
    with MongoClient[Json](stack.servers.mongo_address) as client:
        yield client[f"{stack.namespace}applications"]["candidacies"]


@contextmanager
def no_relay(stack: Stack) -> Iterator[None]:
    """Meanwhile no event of `applications` leaves its document."""
    workers = [psutil.Process(one.pid) for one in stack.processes if one.name.startswith("applications.worker.")]
    for worker in workers:
        worker.suspend()
    try:
        until(lambda: {worker.status() for worker in workers} == {psutil.STATUS_STOPPED} or None, "the workers stand still")
        yield
    finally:
        for worker in workers:
            worker.resume()


class Losing(Runner):
    """Hands in the file of the end, and takes the event of `victim`'s end off its document before a relay has seen it."""

    def __init__(self, client: Client, heard: Heard, setting: Setting, unit: Unit, victim: Intern, rows: Collection[Json]) -> None:
        super().__init__(client, heard, setting)
        self._setting, self._unit, self._victim, self._rows = setting, unit, victim, rows
        self.lost: Json = {}

    async def by_unit(self, flow: Flow, name: Name, application: str, place: Place, body: bytes = b"") -> None:
        if name is Name.TERMINATE:
            body = json.dumps({**json.loads(body), "documents": [self._unit.attach(application, "appraisal")]}).encode()
        if name is not Name.TERMINATE or flow.intern != self._victim.token:
            await super().by_unit(flow, name, application, place, body)
            return
        with no_relay(self._setting.stack):
            await super().by_unit(flow, name, application, place, body)
            self._take_away()

    def _take_away(self) -> None:
        person = self._rows.find_one({"_id": self._victim.id})
        assert person is not None
        self.lost = next(event for event in person["pending"] if event["seq"] == person["seq"])
        self._rows.update_one({"_id": self._victim.id}, {"$pull": {"pending": {"seq": self.lost["seq"]}}})


async def test_a_run_in_which_one_event_was_dropped_is_void_and_counts_once_it_is_told(
    stack: Stack, town: Town, unit: Unit, nanming: Officer, candidacies: Collection[Json]
) -> None:
    interns = [town.ready_intern(), town.ready_intern()]
    posting_id = unit.publish(nanming)
    people: list[Unit | Officer | Intern] = [unit, nanming, *interns]
    for one in people:
        one.log_in(one.login, town.password)  # tokens that last for the whole test
    setting = Setting(stack, town, unit, nanming, (), {}, officers={nanming.region: str(nanming.token)})
    flows = [Flow(str(intern.token), (Place(posting_id, str(unit.token)),)) for intern in interns]
    with Heard(stack.servers.kafka_address, stack.namespace, list(TOPICS)) as heard:
        client = Client.of(stack.gateway_url)
        runner = Losing(client, heard, setting, unit, interns[-1], candidacies)
        for flow in flows:
            await runner.run(flow)
        client.close()

        def found() -> list[str]:
            arrivals = list(heard.arrivals)
            return gate.findings(flows, arrivals, gate.ledger_of(stack, arrivals))

        (application,) = flows[-1].applications
        short = f"{(APPLICATION, application)}: {[str(status) for status in gate.WHOLE[:-1]]}"
        until(lambda: found() == [short] or None, "all but the one event is told")
        with pytest.raises(TimeoutError, match="TERMINATED"):
            await heard.until(APPLICATION, application, "TERMINATED", patience=0)
        candidacies.update_one({"_id": interns[-1].id}, {"$push": {"pending": runner.lost}})
        until(lambda: found() == [] or None, "the run counts")


def test_a_platform_has_settled_once_nothing_is_left_to_tell(stack: Stack, town: Town, unit: Unit, nanming: Officer) -> None:
    intern, posting_id = town.ready_intern(), unit.publish(nanming)
    with Heard(stack.servers.kafka_address, stack.namespace, list(TOPICS)) as heard:
        settle(stack, patience=60)
        with no_relay(stack):
            intern.apply(posting_id)
            with pytest.raises(LocalError, match=r"applications\.candidacies 待发布 1"):
                settle(stack, patience=0)
        settle(stack, patience=60)
        arrivals = until(lambda: [one for one in heard.arrivals if one.aggregate == intern.id] or None, "the independent consumer has it")
        assert set(gate.ledger_of(stack, arrivals).values()) == {1}
