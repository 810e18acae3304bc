"""The whole system for the journeys: every service as processes of its own, two replicas where races matter, the gateway in front."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from jianxi_local import check, clock
from jianxi_local.caller import Caller
from jianxi_local.people import Officer, Unit
from jianxi_local.sample import create_first_administrator
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from jianxi_local.watch import Watch

A = TypeVar("A")
R = TypeVar("R")
NANMING, YUNYAN, PROVINCE = "520102", "520103", "520000"
TOPICS = ("units", "postings", "applications", "seats", "cases")
REPLICAS = {"applications.api": 2, "applications.worker": 2}
QUICK_PASSWORDS = {"ARGON2_MEMORY_KIB": "1024", "ARGON2_TIME_COST": "1", "ARGON2_PARALLELISM": "1"}


@pytest.fixture(scope="package")
def stack(servers: Servers, as_if: timedelta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("stack"), servers=servers, scale=REPLICAS, settings=QUICK_PASSWORDS)
    clock.move(stack.clock_file, as_if)
    with stack:
        yield stack
        assert check.findings(stack) == [], "after all that the journeys did, everything holds (R27)"


@pytest.fixture(scope="package")
def town(stack: Stack) -> Iterator[Town]:
    town = Town.of(stack)
    yield town
    town.close()


@pytest.fixture(scope="package")
def administrator(stack: Stack, town: Town) -> Caller:
    create_first_administrator(stack, "admin", town.password)
    return town.logged_in("admin")


@pytest.fixture(scope="package")
def auditor(town: Town, administrator: Caller) -> Caller:
    """An audit administrator."""
    town.enter_staff(administrator, "audit_admin", "auditor")
    return town.logged_in("auditor")


@pytest.fixture(scope="package")
def nanming(town: Town, administrator: Caller) -> Officer:
    return town.officer(administrator, NANMING)


@pytest.fixture(scope="package")
def yunyan(town: Town, administrator: Caller) -> Officer:
    return town.officer(administrator, YUNYAN)


@pytest.fixture(scope="package")
def province(town: Town, administrator: Caller) -> Officer:
    return town.officer(administrator, PROVINCE)


@pytest.fixture(scope="package")
def unit(town: Town, nanming: Officer) -> Unit:
    """A recognised unit in Nanming."""
    return town.recognised_unit("示例南明见习单位", nanming)


@pytest.fixture(scope="package")
def other_unit(town: Town, yunyan: Officer) -> Unit:
    """A recognised unit in Yunyan."""
    return town.recognised_unit("示例云岩见习单位", yunyan)


@pytest.fixture
def watch(stack: Stack) -> Iterator[Watch]:
    with Watch(stack.servers.kafka_address, stack.namespace, TOPICS) as watch:
        yield watch


def at_once(work: Callable[[A], R], each: Iterable[A], width: int = 16) -> list[R]:
    """The results of `work` for each, in order, made by `width` threads together."""
    with ThreadPoolExecutor(width) as threads:
        return list(threads.map(work, each))
