"""Fixtures of the whole suite: real MongoDB and Kafka, shared by a run; every test has a namespace of its own on them."""

import logging
import tomllib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from common.ids import new_id
from common.keys import Keys
from common.settings import Settings
from common.store.mongo import Mongo
from common.testing.plans import Plans
from hypothesis import settings as hypothesis_settings
from jianxi_local import clock
from jianxi_local.servers import Servers
from jianxi_local.stack import SERVICES
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent
SYSTEM = ("tests/journeys/", "tests/failures/", "tests/examples/")
PLANS = Plans(SERVICES)
OWN_SYSTEM = ("tests/journeys/test_turn_of_the_year.py",)
hypothesis_settings.register_profile("jianxi", deadline=None, derandomize=True)
hypothesis_settings.register_profile("long", deadline=None, max_examples=1000)
hypothesis_settings.load_profile("jianxi")
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--servers", choices=("embedded", "docker"), default="embedded", help="where MongoDB and Kafka run")
    parser.addoption("--long", action="store_true", help="properties by more examples, other ones each time; 10,000 histories")
    parser.addoption("--faults", action="store_true", help="the fault matrix (docs/reliability.md), in half an hour")
    parser.addoption("--seed", help="of the faults and the load; another one each time unless it is given")
    parser.addoption("--pace", type=float, default=1.0, help="lengthens (2) or shortens (0.5) the faults")
    parser.addoption("--as-if", default="+0d", help="run as if this much later: +7d, +40d, +400d")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of the whole system come first: they take longest."""
    items.sort(key=lambda item: item.path.relative_to(ROOT).parts[0] != "tests")


class ByStack(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist ships no types
    """Shares the suite among workers by file, all tests of the one running system together: each system starts once in a run."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "the system" if file.startswith(SYSTEM) and file not in OWN_SYSTEM else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByStack:
    return ByStack(config, log)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long"):
        hypothesis_settings.load_profile("long")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    states = [rule["state"] for rule in tomllib.loads((ROOT / "tests" / "rules.toml").read_text()).values()]
    counts = (f"{states.count(state)} {state}" for state in ("built", "main path", "not yet built"))
    terminalreporter.write_line(f"rules of the programme: {', '.join(counts)}")


@pytest.fixture(scope="session")
def as_if(request: pytest.FixtureRequest) -> timedelta:
    """How much later than now the run pretends to be."""
    return clock.parse_offset(request.config.getoption("--as-if"))


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """MongoDB and Kafka. With existing ones named by JIANXI_MONGO and JIANXI_KAFKA nothing is started."""
    if request.config.getoption("--servers") == "docker":
        from common.testing.containers import containers

        with containers() as (mongo, kafka), pytest.MonkeyPatch.context() as patch:
            patch.setenv("JIANXI_MONGO", mongo)
            patch.setenv("JIANXI_KAFKA", kafka)
            with Servers.temporary() as running, PLANS.watching(running.mongo_address):
                yield running
        return
    with Servers.temporary() as running, PLANS.watching(running.mongo_address):
        yield running


@pytest.fixture(autouse=True)
def answered_by_indexes() -> Iterator[None]:
    """What a test makes a service ask of the database is found by an index."""
    yield
    faults = PLANS.faults()
    assert not faults, "\n".join(faults)


@pytest.fixture
def namespace() -> str:
    """A prefix nobody else uses: databases and topics of one test."""
    return f"t{new_id('n')[-12:]}_"


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys made for this run: `common.testing.tokens.sign` signs tokens with them."""
    keys = Keys(tmp_path_factory.mktemp("keys"))
    keys.ensure()
    return keys


@pytest.fixture(scope="session")
def clock_file(as_if: timedelta, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Puts the domain clock of everything that runs as much later as asked."""
    file = tmp_path_factory.mktemp("clock") / "clock.json"
    clock.move(file, as_if)
    return file


@pytest.fixture
def settings(servers: Servers, namespace: str, keys: Keys, clock_file: Path) -> Settings:
    return Settings(
        environment="local",
        mongo=servers.mongo_address,
        kafka=servers.kafka_address,
        namespace=namespace,
        port=0,
        request_seconds=20,  # a machine that stands still for some seconds is no fault of what is tested
        token_public_key_file=keys.token_public,
        clock_file=clock_file,
    )


@pytest.fixture
async def mongo(settings: Settings) -> AsyncIterator[Mongo]:
    """A database of its own, dropped afterwards."""
    mongo = Mongo(settings.mongo, settings.database("test"))
    yield mongo
    await mongo.client.drop_database(mongo.database)
    await mongo.close()
