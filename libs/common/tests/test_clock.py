"""The domain clock: the server's time plus the offset of a local stack."""

import itertools
import json
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from common import clock as clock_module
from common.clock import Clock
from common.store.mongo import Mongo


class Server:
    """Answers `hello` with a time of its own."""

    def __init__(self, now: datetime) -> None:
        self.admin = self
        self._now = now

    async def command(self, name: str) -> dict[str, Any]:
        assert name == "hello"
        return {"localTime": self._now}


def moved_to(file: Path, seconds: float) -> None:
    """A later change of the file than any before."""
    file.write_text(json.dumps({"offset_seconds": seconds}))


async def at(now: datetime) -> Clock:
    clock = Clock()
    await clock.synchronise(Server(now))  # type: ignore[arg-type]
    return clock


async def test_the_servers_time_is_the_time_whatever_this_machine_believes() -> None:
    server = datetime(2031, 5, 1, 12, tzinfo=UTC)
    clock = await at(server)
    assert timedelta(0) <= clock.now() - server < timedelta(seconds=2)


async def test_a_sample_that_took_too_long_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process was paused between the server's answer and its own reading."""
    server = datetime(2031, 5, 1, 12, tzinfo=UTC)
    clock = await at(server)
    trip = itertools.count(1000.0, 0.6)
    with monkeypatch.context() as patch:
        patch.setattr(clock_module, "_steady", lambda: next(trip))
        with pytest.raises(TimeoutError):
            await clock.synchronise(Server(server + timedelta(days=1)))  # type: ignore[arg-type]
    assert timedelta(0) <= clock.now() - server < timedelta(seconds=2)


async def test_after_a_slow_trip_another_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime(2031, 5, 2, 12, tzinfo=UTC)
    clock = await at(later - timedelta(days=1))
    trips = iter([1000.0, 1000.6, 1000.7, 1000.8])
    with monkeypatch.context() as patch:
        patch.setattr(clock_module, "_steady", lambda: next(trips))
        await clock.synchronise(Server(later))  # type: ignore[arg-type]
        patch.setattr(clock_module, "_steady", lambda: 1000.75)
        assert clock.now() == later


async def test_time_goes_on_while_the_machine_is_suspended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the monotonic clock of Linux stands still, and the time since boot does not."""
    server = datetime(2031, 5, 1, 12, tzinfo=UTC)
    clock = await at(server)
    real = time.clock_gettime
    monkeypatch.setattr(time, "clock_gettime", lambda which: real(which) + (3600 if which == time.CLOCK_BOOTTIME else 0))
    assert timedelta(hours=1) <= clock.now() - server < timedelta(hours=1, seconds=2)


async def test_the_real_server_and_this_machine_agree_here(mongo: Mongo) -> None:
    clock = Clock()
    await clock.synchronise(mongo.client)
    assert abs(clock.now().timestamp() - time.time()) < 1


async def test_instants_are_utc_in_whole_milliseconds_and_never_run_back() -> None:
    clock = await at(datetime(2026, 3, 2, tzinfo=UTC))
    instants = [clock.now() for _ in range(100)]
    assert all(instant.microsecond % 1000 == 0 and instant.tzinfo is UTC for instant in instants)
    assert instants == sorted(instants)


@pytest.mark.rule("R5")
async def test_the_day_is_the_day_in_shanghai() -> None:
    assert (await at(datetime(2026, 3, 1, 15, 59, tzinfo=UTC))).today() == date(2026, 3, 1)
    assert (await at(datetime(2026, 3, 1, 16, 0, tzinfo=UTC))).today() == date(2026, 3, 2)


def test_a_moved_clock_holds_at_once_and_only_while_there_is_an_offset(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = Clock(file)
    here = clock.now()
    for days in (8, 40):
        moved_to(file, days * 86_400)
        assert timedelta(0) <= clock.now() - here - timedelta(days=days) < timedelta(seconds=5)
    file.unlink()
    assert clock.now() - here < timedelta(seconds=10)
