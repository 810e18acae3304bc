"""Faults of the network, by proxies before the database, Kafka and the gateway, and by the kernel: cut, slow, replies lost."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from jianxi_local import spawn
from jianxi_local.proxy import Proxy, Way, Weather
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack

from ...conftest import QUICK_PASSWORDS, REPLICAS
from .. import figures
from .apart import DROP, REJECT, Network
from .conftest import Trial, Try_, arena

CUT_SECONDS = 5.0
FAST_SECONDS = 3.0
"""A command is answered by then, with 503 when it could not be carried out: the gateway waits 2.75 s (`gateway.upstreams`)."""
SLOW = Weather(delay=0.2, jitter=0.1, resets=0.002)
SLOW_SECONDS = 20.0
ROUND_TRIPS = 4
"""To the database, for most commands, one after the other: two for facts, the document, its write."""
HALF_SECONDS = ROUND_TRIPS * 2 * (SLOW.delay + SLOW.jitter)
"""A round trip takes 0.6 s at most, both ways together. What needs more of them is given up at the limit of F7."""
LOST, ROUNDS = 5, 3
MARKERS = {"database": (b"update", b"commitTransaction", b"insert"), "kafka": (b"-relay",), "door": (b"dempotency-", b"dempotency-")}


@dataclass
class Ways:
    """What stands between: the services and the database, the services and Kafka, the clients and the gateway on `port`."""

    database: Proxy
    kafka: Proxy
    door: Proxy
    port: int


@pytest.fixture(scope="module")
def ways(own_servers: Servers, network: Network | None) -> Iterator[Ways]:
    mongo, kafka = own_servers.mongo, own_servers.kafka
    assert mongo is not None
    assert kafka is not None
    port = spawn.free_port()
    listener = network.listener if network else loopback
    with (
        Proxy(mongo.port, listener=listener()) as database,
        Proxy(kafka.ports.detour_end, listener=listener(kafka.ports.detour)) as detour,
        Proxy(port) as door,
    ):
        yield Ways(database, detour, door, port)


@pytest.fixture(scope="module")
def trial(ways: Ways, own_servers: Servers, seed: str, pace: float, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try_]:
    settings = {"MONGO": f"mongodb://{ways.database.address}/?directConnection=true", "KAFKA": ways.kafka.address}
    stack = Stack(
        tmp_path_factory.mktemp("network"), servers=own_servers, scale=REPLICAS, settings=QUICK_PASSWORDS | settings, port=ways.port
    )
    with stack, arena(stack, seed, pace, f"http://{ways.door.address}") as begin:
        yield begin


def test_f7_database_and_kafka_are_cut_off(trial: Try_, ways: Ways, network: Network | None) -> None:
    with trial("F7") as under:
        slowest: dict[str, float] = {}
        for proxy in (ways.database, ways.kafka):
            for name, cut in cuts(proxy, network).items():
                began = time.monotonic()
                with cut:
                    under.pause(CUT_SECONDS, CUT_SECONDS)
                under.did()
                under.pause(CUT_SECONDS, CUT_SECONDS)
                meanwhile = [one for one in under.tries if one.at > began]
                slowest[name] = max(slowest.get(name, 0.0), figures.slowest(meanwhile, 1.0))
        told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest.items())
        under.other = f"every answer within: {told}"
        under.claim(f"answers within {FAST_SECONDS} s: {told}", lambda: max(slowest.values()) <= FAST_SECONDS)


def cuts(proxy: Proxy, network: Network | None) -> Mapping[str, AbstractContextManager[None]]:
    """What cuts the way through a proxy: itself, and the kernel before it where that is in a network of ours."""
    by_proxy = {"a silent proxy": turned(proxy, Way.SILENT), "a closed proxy": turned(proxy, Way.CLOSED)}
    return by_proxy | ({"DROP": network.cut(proxy.port, DROP), "REJECT": network.cut(proxy.port, REJECT)} if network else {})


@contextmanager
def turned(proxy: Proxy, way: Way) -> Iterator[None]:
    proxy.turn(Weather(way))
    yield
    proxy.turn(Weather())


def test_f8_the_network_is_slow_and_breaks_off(trial: Try_, ways: Ways) -> None:
    with trial("F8") as under:
        began = time.monotonic()
        for proxy in (ways.database, ways.kafka):
            proxy.turn(SLOW)
        under.pause(SLOW_SECONDS, SLOW_SECONDS)
        meanwhile = [one for one in under.tries if one.at > began]
        for proxy in (ways.database, ways.kafka):
            under.faults += proxy.faults
            proxy.turn(Weather())
        under.did()
        median, most = figures.slowest(meanwhile, 0.5), figures.slowest(meanwhile, 0.99)
        under.other = f"answers: half within {median:.1f} s, 99 % within {most:.1f} s"
        under.claim(f"half within {HALF_SECONDS:.1f} s: {median:.1f} s", lambda: median <= HALF_SECONDS)
        under.claim(f"99 % within {FAST_SECONDS} s: {most:.1f} s", lambda: most <= FAST_SECONDS)


def test_f15_replies_are_lost_after_the_deed(trial: Try_, ways: Ways) -> None:
    with trial("F15") as under:
        for _ in range(ROUNDS):
            for name, markers in MARKERS.items():
                for marker in markers:
                    lose(under, getattr(ways, name), marker)


def loopback(port: int = 0) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


def lose(under: Trial, proxy: Proxy, marker: bytes) -> None:
    """The replies to some of the next requests that contain the marker."""
    before = proxy.faults
    proxy.turn(Weather(lost_replies=LOST, marker=marker))
    under.pause(1, 1.5)
    proxy.turn(Weather())
    under.did()
    under.faults += proxy.faults - before - 1
