"""The quick forms of the fault matrix: a service is killed in the middle of a journey, Kafka goes away for a while."""

import itertools
import os
import signal
import time
import urllib.request

import pytest
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, until
from jianxi_local.program import Process
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from jianxi_local.watch import Watch

from ..conftest import at_once

KAFKA_AWAY_SECONDS = 5.0
SERVICES = ("accounts.all.1", "postings.all.1", "applications.api.1", "applications.worker.1", "audit.all.1", "gateway.all.1")


def kill(stack: Stack, name: str) -> int:
    """SIGKILL; the supervisor starts it again. The process id that is no more."""
    pid = stack.process(name).pid
    os.kill(pid, signal.SIGKILL)
    return pid


def until_back(stack: Stack, name: str, killed: int) -> None:
    process = stack.process(name)
    until(lambda: (process.pid != killed and process.health("/readyz") == 200) or None, f"{name} is back")


@pytest.mark.rule("R20")
@pytest.mark.parametrize("victims", [SERVICES[:3], SERVICES[3:]])
def test_a_journey_completes_though_a_service_is_killed_at_every_step(
    stack: Stack, watch: Watch, town: Town, unit: Unit, nanming: Officer, victims: tuple[str, str, str]
) -> None:
    first, second, third = victims
    posting_id, intern = unit.publish(nanming), town.ready_intern()
    killed = kill(stack, first)
    application = intern.apply(posting_id)
    until_back(stack, first, killed)
    unit.answer(application["id"], "offer")
    killed = kill(stack, second)
    willing = intern.answer(application["id"], "accept")
    nanming.approve(eligibility_case(intern, willing))
    until_back(stack, second, killed)
    intern.await_status(application["id"], "APPROVED")
    killed = kill(stack, third)
    unit.onboard(application["id"])
    until_back(stack, third, killed)

    watch.expect(lambda seen: seen.subject == intern.id and seen.data.get("to") == "ONBOARDED", "the last step is told")
    told = {seen.id: seen for seen in watch.seen if seen.topic == "applications" and seen.subject == intern.id}
    steps = [seen.data["to"] for seen in sorted(told.values(), key=lambda seen: seen.seq) if "to" in seen.data]
    assert steps == ["PENDING", "OFFERED", "WILLING", "APPROVED", "ONBOARDED"]
    assert sorted(seen.seq for seen in told.values()) == list(range(1, len(told) + 1))
    assert [line["to"] for line in intern.application(application["id"])["history"]] == steps


def test_while_kafka_is_away_commands_go_on_and_their_events_follow(
    stack: Stack, servers: Servers, watch: Watch, town: Town, unit: Unit, nanming: Officer
) -> None:
    if servers.kafka is None:
        pytest.skip("JIANXI_KAFKA names a server that is not ours to stop")
    posting_id = unit.publish(nanming)
    interns = at_once(lambda _: town.ready_intern(), range(20), width=5)
    before = told(watch)

    servers.kafka.stop()
    done = commands_for(KAFKA_AWAY_SECONDS, interns, posting_id)
    workers = {process.name for process in stack.processes if process.program.role == "worker"}
    until(lambda: failing(stack, "/readyz") == workers or None, "the workers alone are not ready")
    until(lambda: failing(stack, "/livez") == set() or None, "all are alive: no restart would help")
    away = 'jianxi_dependency_up{dependency="kafka",service="gateway"} 0.0'
    until(lambda: away in metrics_of(stack.process("gateway.all.1")) or None, "the gateway says that its Kafka is away")
    servers.kafka.start()

    until(lambda: set(done) <= told(watch) or None, "all events follow")
    assert len(set(done)) == len(done) > len(interns)
    assert told(watch) - before == set(done)


def failing(stack: Stack, path: str) -> set[str]:
    """The processes that do not answer 200."""
    return {process.name for process in stack.processes if process.health(path) != 200}


def metrics_of(process: Process) -> list[str]:
    with urllib.request.urlopen(f"{process.program.url}/metrics", timeout=5) as answer:
        return answer.read().decode().splitlines()  # type: ignore[no-any-return]


def commands_for(seconds: float, interns: list[Intern], posting_id: str) -> list[tuple[str, str]]:
    """Interns apply and withdraw in turn for so long: (application, status) of each command."""
    done = []
    end = time.monotonic() + seconds
    for intern in itertools.cycle(interns):
        id = intern.apply(posting_id)["id"]
        intern.answer(id, "withdraw")
        done += [(id, "PENDING"), (id, "WITHDRAWN")]
        if time.monotonic() > end:
            break
    return done


def told(watch: Watch) -> set[tuple[str, str]]:
    return {(seen.data["application_id"], seen.data["to"]) for seen in watch.seen if seen.type == "application.status_changed.v1"}
