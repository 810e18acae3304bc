"""One system for the faults, with servers of its own, and the trial that every row is."""

import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import pytest
from jianxi_local.people import Officer, Unit
from jianxi_local.sample import create_first_administrator
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack

from ...conftest import NANMING, QUICK_PASSWORDS, REPLICAS
from .. import evidence, figures
from ..ledger import RecordedTown, Try
from ..load import CLIENTS, loading
from .apart import Network, granted

DRAINED_SECONDS = 30.0


@dataclass
class Trial:
    """One row at work: its chance, and what it has done to the system. `pace` scales its durations."""

    row: str
    stack: Stack
    town: RecordedTown
    officer: Officer
    unit: Unit
    chance: random.Random
    pace: float
    before: int
    faults: int = 0
    last: float = field(default_factory=time.monotonic)
    other: str = ""
    claims: list[tuple[str, Callable[[], bool]]] = field(default_factory=list)

    def pause(self, least: float, most: float) -> None:
        time.sleep(self.chance.uniform(least, most) * self.pace)

    def did(self) -> None:
        """One more fault, which has just ended."""
        self.faults += 1
        self.last = time.monotonic()

    def claim(self, what: str, holds: Callable[[], bool]) -> None:
        """What this row promises besides: judged with the rest once all is drained, before its figures are written."""
        self.claims.append((what, holds))

    @property
    def tries(self) -> list[Try]:
        """Of this row, which began after `before` others."""
        return self.town.ledger.tries[self.before :]


class Try_(Protocol):
    """Begins a row, under the load of so many clients."""

    def __call__(self, row: str, clients: int = CLIENTS) -> AbstractContextManager[Trial]: ...


@pytest.fixture(scope="session")
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A line for whoever runs the matrix."""
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    return lambda line: reporter.write_line(f"\n{line}")


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest, tell: Callable[[str], None]) -> str:
    chosen = request.config.getoption("--seed") or secrets.token_hex(3)
    tell(f"faults by seed {chosen}: repeat with --seed {chosen}")
    return str(chosen)


@pytest.fixture(scope="session")
def pace(request: pytest.FixtureRequest) -> float:
    return float(request.config.getoption("--pace"))


@pytest.fixture(scope="package")
def network(tell: Callable[[str], None]) -> Iterator[Network | None]:
    """None where the kernel grants none: then proxies alone cut."""
    with granted(Network, "network", tell) as network:
        yield network


@pytest.fixture(scope="package")
def own_servers(network: Network | None) -> Iterator[Servers]:
    with Servers.temporary(failpoints=True, detour_host=network.address if network else "127.0.0.1") as servers:
        yield servers


@pytest.fixture(scope="package")
def stack(own_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("faults"), servers=own_servers, scale=REPLICAS, settings=QUICK_PASSWORDS) as stack:
        yield stack


@pytest.fixture(scope="package")
def trial(stack: Stack, seed: str, pace: float) -> Iterator[Try_]:
    with arena(stack, seed, pace) as begin:
        yield begin


@contextmanager
def arena(stack: Stack, seed: str, pace: float, url: str = "") -> Iterator[Try_]:
    """Rows under load on a stack: at the end of each everything is drained, compared and written down. `url`: another way to its door."""
    town = RecordedTown(url or stack.gateway_url, stack.sms_file, stack.clock_file, f"{seed}-{secrets.token_hex(4)}")
    create_first_administrator(stack, "admin", town.password)
    officer = town.officer(town.logged_in("admin"), NANMING)
    unit = town.recognised_unit("示例见习单位", officer)

    def begin(row: str, clients: int = CLIENTS) -> AbstractContextManager[Trial]:
        chance = random.Random(f"{seed}-{row}")
        return _trial(Trial(row, stack, town, officer, unit, chance, pace, len(town.ledger.tries)), seed, clients)

    yield begin
    town.close()


@contextmanager
def _trial(trial: Trial, seed: str, clients: int) -> Iterator[Trial]:
    with loading(trial.town, trial.unit, trial.officer, f"{seed}-{trial.row}", clients):
        began = time.monotonic()
        yield trial
        trial.pause(1, 2)
        ended = time.monotonic()
    evidence.drain(trial.stack, 2 * DRAINED_SECONDS)
    drained = time.monotonic() - max(trial.last, ended)
    found = evidence.verdict(trial.stack, trial.tries)
    told = "; ".join(filter(None, [f"pace {trial.pace:g}", trial.other]))
    row = figures.of(trial.row, trial.faults, trial.tries, found, (began, ended), drained, told, seed)
    assert found.clean, found
    assert drained <= DRAINED_SECONDS
    assert [what for what, holds in trial.claims if not holds()] == []
    figures.write(row)
