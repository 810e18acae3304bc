"""The disk is full for the database, then for Kafka: a limit on the size of files; where we may mount, also a disk without room."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from jianxi_local.people import until
from jianxi_local.server import Server
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack

from ...conftest import QUICK_PASSWORDS, REPLICAS
from .apart import MEGABYTES, Disks, full, granted
from .conftest import Trial, Try_, arena

LONGEST_SECONDS = 30.0
"""Until the load has made a server feel it: the database, which writes into its journal what it has room for, may take a while."""
PAUSE_SECONDS = 6.0
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture(scope="module")
def disks(tell: Callable[[str], None]) -> Iterator[Disks | None]:
    """None where the kernel grants none: then no more than files are limited."""
    with granted(lambda: Disks("mongo/data", "kafka/data"), "disks", tell) as disks:
        yield disks


@pytest.fixture(scope="module")
def servers(disks: Disks | None) -> Iterator[Servers]:
    with Servers(disks.directory, small=True) if disks else Servers.temporary() as servers:
        yield servers


@pytest.fixture(scope="module")
def trial(servers: Servers, seed: str, pace: float, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try_]:
    stack = Stack(tmp_path_factory.mktemp("disks"), servers=servers, scale=REPLICAS, settings=QUICK_PASSWORDS)
    with stack, arena(stack, seed, pace) as begin:
        yield begin


def test_f9_disks_are_full(trial: Try_, servers: Servers, disks: Disks | None) -> None:
    """What ends of it comes back on the same data once there is room, without repair."""
    shortages = {"no file may grow": no_file_grows} | ({f"full disk of {MEGABYTES} MB": disk_is_full} if disks else {})
    with trial("F9") as under:
        ended = {form: suffer(under, shortage, servers) for form, shortage in shortages.items()}
        under.other = "; ".join(f"{form}: {', '.join(names) or 'none'} ended" for form, names in ended.items())
        under.claim(f"each form is felt by both: {ended}", lambda: all(len(names) == 2 for names in ended.values()))


def suffer(under: Trial, shortage: Callable[[Server], AbstractContextManager[None]], servers: Servers) -> list[str]:
    """One server after the other runs short; tells which ended of it."""
    ended = []
    for server in (servers.mongo, servers.kafka):
        assert server is not None
        with shortage(server):
            end = time.monotonic() + LONGEST_SECONDS
            while server.running and time.monotonic() < end:
                time.sleep(0.1)
        ended += [] if server.running else [server.name]
        come_back(server)
        under.did()
        under.pause(PAUSE_SECONDS, PAUSE_SECONDS)
    return ended


@contextmanager
def no_file_grows(server: Server) -> Iterator[None]:
    """It may write to no file beyond its first byte."""
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    yield
    if server.running:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, UNLIMITED)


def disk_is_full(server: Server) -> AbstractContextManager[None]:
    return full(server.directory / "data")


def come_back(server: Server) -> None:
    if server.running:
        time.sleep(1)
    if not server.running:
        until(lambda: server.start() if not server.running else server, f"{server.name} is back")
