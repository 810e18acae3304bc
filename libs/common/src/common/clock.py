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


class Clock:
    """`now()` is cheap and synchronous; `synchronise()` samples the server and runs now and then."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._offset = _OffsetFile(offset_file) if offset_file else None
        self._server_minus_monotonic = time.time() - time.monotonic()

    def now(self) -> datetime:
        """The domain instant in UTC, in whole milliseconds (what the database keeps)."""
        seconds = time.monotonic() + self._server_minus_monotonic + (self._offset.seconds() if self._offset else 0)
        milliseconds = int(seconds * 1000)
        return datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)

    def today(self) -> date:
        """The calendar day in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()

    async def synchronise(self, client: AsyncMongoClient[Document]) -> None:
        """Sample the server's time, taking half the round trip off."""
        before = time.monotonic()
        hello = await client.admin.command("hello")
        after = time.monotonic()
        self._server_minus_monotonic = hello["localTime"].timestamp() - (before + after) / 2


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
