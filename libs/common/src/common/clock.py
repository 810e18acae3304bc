"""The domain clock: the database server's time, so that all replicas agree, plus the offset of ``./jianxi clock``.

Deadlines, ages and histories use it. Tokens and leases use wall and monotonic time instead.
"""

import json
import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pymongo import AsyncMongoClient

from common.calendar import SHANGHAI
from common.store.mongo import Document

_LONGEST_TRIP_SECONDS = 0.5
_SAMPLES = 5
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Unlike the monotonic clock, the time since boot goes on while the machine is suspended."""


class Clock:
    """`now()` is cheap and synchronous; `synchronise()` samples the server and runs now and then."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._offset = _OffsetFile(offset_file) if offset_file else None
        self._server_minus_steady = time.time() - _steady()

    def now(self) -> datetime:
        """The domain instant in UTC, in whole milliseconds (what the database keeps)."""
        seconds = _steady() + self._server_minus_steady + (self._offset.seconds() if self._offset else 0)
        milliseconds = int(seconds * 1000)
        return datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)

    def today(self) -> date:
        """The calendar day in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()

    async def synchronise(self, client: AsyncMongoClient[Document]) -> None:
        """Sample the server's time, taking half the round trip off.

        A trip of over half a second is not believed: nobody can say when in it the server looked at its clock, be it that the
        network was slow, the connection new, or this process paused. Raises TimeoutError, and keeps to the last sample, when
        none of five was quick enough.
        """
        for _ in range(_SAMPLES):
            before = _steady()
            hello = await client.admin.command("hello")
            after = _steady()
            if after - before <= _LONGEST_TRIP_SECONDS:
                self._server_minus_steady = hello["localTime"].timestamp() - (before + after) / 2
                return
        raise TimeoutError("the round trip took too long to tell the time by")


def _steady() -> float:
    return time.clock_gettime(_STEADY)


class _OffsetFile:
    """Read again only when the file has changed: a stat per reading, so a moved clock holds at once in every process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = -1
        self._seconds = 0.0

    def seconds(self) -> float:
        try:
            changed = os.stat(self._path).st_mtime_ns
        except FileNotFoundError:
            return 0.0
        if changed != self._seen:
            self._seconds = float(json.loads(self._path.read_text())["offset_seconds"])
            self._seen = changed
        return self._seconds
