"""The verbs that run the platform, on real servers and with stand-ins for the services."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from jianxi_local import spawn
from jianxi_local.errors import LocalError
from jianxi_local.files import read_json
from jianxi_local.stack import parse_scale, replicas

NoneLeft = Callable[[], Awaitable[bool]]


class Command:
    """./jianxi with a state directory of its own."""

    def __init__(self, directory: Path, stand_ins: Path) -> None:
        self.state = directory / "state"
        outside = {name: value for name, value in os.environ.items() if name not in ("JIANXI_MONGO", "JIANXI_KAFKA")}
        self._env = outside | {"JIANXI_STATE_DIR": str(self.state), "PYTHONPATH": str(stand_ins)}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "jianxi_local", *arguments]
        return subprocess.run(command, env=self._env, capture_output=True, text=True, timeout=90, check=False)


@pytest.fixture
def jianxi(tmp_path: Path, stand_ins: Path) -> Command:
    return Command(tmp_path, stand_ins)


async def test_the_platform_starts_tells_and_stops(jianxi: Command, none_left: NoneLeft) -> None:
    port = spawn.free_port()
    url = f"http://127.0.0.1:{port}"
    up = jianxi("up", "--sample=none", "--detach", f"--port={port}", "--scale=applications.worker=2")
    assert (up.returncode, up.stderr) == (0, "")
    assert url in up.stdout
    assert "./jianxi down" in up.stdout

    again = jianxi("up")
    assert again.returncode == 0
    assert "已在运行" in again.stdout
    assert url in again.stdout

    status = jianxi("status")
    assert status.returncode == 0
    for name in ("accounts.all.1", "applications.api.1", "applications.worker.1", "applications.worker.2", "gateway.all.1"):
        assert name in status.stdout

    scaled = jianxi("scale", "applications.api=2", "applications.worker=1")
    assert (scaled.returncode, scaled.stderr) == (0, "")
    assert "applications.api.2" in scaled.stdout
    assert "applications.worker.2" not in scaled.stdout
    assert [len(urls) for urls in read_json(jianxi.state / "upstreams.json").values()] == [1, 1, 2, 1, 1]

    assert "+8d" in jianxi("clock", "8d").stderr
    assert "8 days" in jianxi("clock", "+8d").stdout
    assert read_json(jianxi.state / "clock.json") == {"offset_seconds": 8 * 86400}
    assert oct((jianxi.state / "keys" / "token_private.pem").stat().st_mode)[-3:] == "600"

    assert jianxi("down").returncode == 0
    await none_left()
    assert jianxi("status").returncode == 1
    assert jianxi("clock").returncode == 1


async def test_after_a_kill_nothing_is_left_and_it_starts_again_on_the_same_data(jianxi: Command, none_left: NoneLeft) -> None:
    port = spawn.free_port()
    jianxi("up", "--sample=none", "--detach", f"--port={port}")
    os.kill(read_json(jianxi.state / "running.json")["pid"], signal.SIGKILL)
    await none_left()
    assert jianxi("status").returncode == 1
    assert jianxi("up", "--sample=none", "--detach", f"--port={port}").returncode == 0
    assert jianxi("down").returncode == 0
    await none_left()


async def test_a_busy_port_is_one_sentence(jianxi: Command, none_left: NoneLeft) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        up = jianxi("up", f"--port={port}")
    assert up.returncode == 1
    assert str(port) in up.stderr
    assert up.stderr.count("\n") == 1
    await none_left()


def test_a_scaled_service_has_roles_of_its_own() -> None:
    assert replicas("audit", {"applications.worker": 2}) == [("audit", "all", 1)]
    assert replicas("applications", {"applications.worker": 2}) == [
        ("applications", "api", 1),
        ("applications", "worker", 1),
        ("applications", "worker", 2),
    ]


@pytest.mark.parametrize(
    "text", ["", "applications=2", "gateway.api=2", "nothing.api=2", "audit.worker=0", "audit.worker=-1", "audit.worker="]
)
def test_a_scale_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(LocalError, match=r"applications\.worker=3"):
        parse_scale(text)
