"""Programs are kept running, and none outlives its supervisor."""

import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from common.testing.eventually import eventually
from jianxi_local import spawn, supervisor
from jianxi_local.errors import LocalError
from jianxi_local.files import read_json
from jianxi_local.program import Program
from jianxi_local.supervisor import Supervisor

NoneLeft = Callable[[], Awaitable[bool]]


@pytest.fixture
def make(tmp_path: Path, stand_ins: Path) -> Callable[..., Program]:
    """A stand-in program with its own port, or one with other code."""

    def program(service: str, code: str = "") -> Program:
        port = spawn.free_port()
        argv = (sys.executable, "-c", code) if code else (sys.executable, str(stand_ins / f"{service}.py"))
        env = os.environ | {"JIANXI_PORT": str(port), "STUCK": str(tmp_path / "stuck")}
        return Program(service, "all", 1, port, argv, env, tmp_path / f"{service}.log")

    return program


@pytest.fixture
def two(tmp_path: Path, make: Callable[..., Program]) -> Iterator[Supervisor]:
    """Accounts behind a gateway, running."""
    running = Supervisor([[make("accounts")], [make("gateway")]], tmp_path / "processes.json")
    running.start()
    yield running
    running.stop()


async def test_a_killed_program_comes_back_on_its_port(two: Supervisor, tmp_path: Path) -> None:
    accounts = two.processes[0]
    killed = accounts.pid
    os.kill(killed, signal.SIGKILL)

    async def back() -> bool:
        return accounts.pid != killed and accounts.health("/readyz") == 200

    await eventually(back)
    assert accounts.restarts == 1

    async def listed() -> bool:
        return [line["pid"] for line in read_json(tmp_path / "processes.json")] == [process.pid for process in two.processes]

    await eventually(listed)


async def test_one_that_says_it_is_stuck_is_replaced(tmp_path: Path, make: Callable[..., Program], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LIVENESS_SECONDS", 0.1)
    running = Supervisor([[make("accounts")]], tmp_path / "processes.json")
    running.start()
    try:
        (tmp_path / "stuck").touch()

        async def replaced() -> bool:
            return running.processes[0].restarts > 0

        await eventually(replaced)
    finally:
        running.stop()


async def test_its_first_layer_grows_and_shrinks_and_who_has_left_does_not_come_back(
    two: Supervisor, make: Callable[..., Program], tmp_path: Path
) -> None:
    accounts, more = two.processes[0], make("audit")
    seen: list[list[int]] = []
    two.scale([accounts.program, more], lambda: seen.append([process.health("/readyz") for process in two.processes]))
    assert [process.name for process in two.processes] == ["accounts.all.1", "audit.all.1", "gateway.all.1"]
    two.scale([more], lambda: seen.append([accounts.health("/readyz")]))
    assert seen == [[200, 200, 200], [200]]
    assert [line["name"] for line in read_json(tmp_path / "processes.json")] == ["audit.all.1", "gateway.all.1"]
    assert not accounts.running


async def test_one_more_that_cannot_start_leaves_all_as_it_was(two: Supervisor, make: Callable[..., Program]) -> None:
    before = two.processes
    with pytest.raises(LocalError, match=r"audit\.all\.1"):
        two.scale([before[0].program, make("audit", "raise SystemExit('示例')")], lambda: pytest.fail("nobody is to be told"))
    assert two.processes == before


async def test_stopping_leaves_nothing(two: Supervisor, tmp_path: Path, none_left: NoneLeft) -> None:
    two.stop()
    await none_left()
    assert not (tmp_path / "processes.json").exists()


async def test_one_that_ignores_the_request_to_leave_is_killed(
    tmp_path: Path, make: Callable[..., Program], none_left: NoneLeft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    running = Supervisor([[make("audit", deaf + (tmp_path / "stand_ins" / "audit.py").read_text())]], tmp_path / "processes.json")
    running.start()
    running.stop()
    await none_left()


async def test_one_that_cannot_start_fails_the_start_with_its_last_words(
    tmp_path: Path, make: Callable[..., Program], none_left: NoneLeft
) -> None:
    broken = make("postings", "raise SystemExit('the key file is missing')")
    with pytest.raises(LocalError, match=r"postings\.all\.1.*the key file is missing"):
        Supervisor([[make("accounts"), broken]], tmp_path / "processes.json").start()
    await none_left()


def test_a_free_port_is_none_that_linux_gives_to_outgoing_connections_and_another_each_time() -> None:
    ports = [spawn.free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    assert set(ports) <= set(range(1024, 32_768))
