"""The proxy of the fault tests breaks a connection as a network does."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest
from jianxi_local.proxy import Proxy, Way, Weather


class Echo(socketserver.BaseRequestHandler):
    heard: list[bytes]

    def handle(self) -> None:
        while piece := self.request.recv(1000):
            self.heard.append(piece)
            self.request.sendall(piece)


@pytest.fixture
def heard() -> list[bytes]:
    return []


@pytest.fixture
def proxy(heard: list[bytes]) -> Iterator[Proxy]:
    kind = type("Kind", (Echo,), {"heard": heard})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), kind) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with Proxy(server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()
        thread.join()


def ask(proxy: Proxy, text: bytes, *, patience: float = 10.0) -> bytes:
    """The reply; empty when the connection was reset, perhaps while it was made."""
    try:
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=patience) as connection:
            connection.sendall(text)
            return connection.recv(1000)
    except (ConnectionResetError, BrokenPipeError):
        return b""


def test_in_fair_weather_everything_passes(proxy: Proxy) -> None:
    assert ask(proxy, b"hello") == b"hello"
    assert proxy.faults == 0


def test_a_slow_way_takes_its_time_in_both_directions(proxy: Proxy) -> None:
    proxy.turn(Weather(delay=0.1))
    began = time.monotonic()
    assert ask(proxy, b"hello") == b"hello"
    assert time.monotonic() - began >= 0.2


def test_a_silent_way_says_nothing_until_it_opens(proxy: Proxy, heard: list[bytes]) -> None:
    proxy.turn(Weather(way=Way.SILENT))
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=0.3) as connection:
        connection.sendall(b"hello")
        with pytest.raises(TimeoutError):
            connection.recv(1000)
        assert heard == []
        proxy.turn(Weather())
        connection.settimeout(10)
        assert connection.recv(1000) == b"hello"


def test_a_closed_way_resets_what_is_open_and_takes_none(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as connection:
        connection.sendall(b"hello")
        assert connection.recv(1000) == b"hello"
        proxy.turn(Weather(way=Way.CLOSED))
        with pytest.raises(ConnectionResetError):
            connection.recv(1000)
    assert ask(proxy, b"hello") == b""


def test_a_lost_reply_belongs_to_a_request_that_arrived(proxy: Proxy, heard: list[bytes]) -> None:
    proxy.turn(Weather(lost_replies=1, marker=b"accept"))
    assert ask(proxy, b"read") == b"read"
    assert ask(proxy, b"accept") == b""
    assert ask(proxy, b"accept") == b"accept"
    assert heard == [b"read", b"accept", b"accept"]
    assert proxy.faults == 1
