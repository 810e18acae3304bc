"""The disk is full for the database, then for Kafka: the kernel lets them write no further, by a limit on the size of files."""

import resource
import time

import pytest
from jianxi_local.people import until
from jianxi_local.server import Server
from jianxi_local.servers import Servers

from .conftest import Trial, Try_

FULL_SECONDS = 6.0
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="this kernel cannot limit another process")
def test_f9_disks_are_full(trial: Try_, own_servers: Servers) -> None:
    """What ends of it comes back on the same data once there is room, without repair."""
    with trial("F9") as under:
        ended = []
        for server in (own_servers.mongo, own_servers.kafka):
            assert server is not None
            fill(under, server)
            ended += [] if server.running else [server.name]
            give_room(server)
            under.did()
            under.pause(FULL_SECONDS, FULL_SECONDS)
        under.other = f"ended for want of room: {', '.join(ended) or 'none'}"


def fill(under: Trial, server: Server) -> None:
    """It may write to no file beyond its first byte."""
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    end = time.monotonic() + FULL_SECONDS * under.pace
    while server.running and time.monotonic() < end:
        time.sleep(0.1)


def give_room(server: Server) -> None:
    if server.running:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, UNLIMITED)
        time.sleep(1)
    if not server.running:
        until(lambda: server.start() if not server.running else server, f"{server.name} is back")
