"""How often: calls are counted per class and caller in windows of one minute, in this process.

Our own because the field's library pays 200 µs a call for its sweeper threads; here all windows end together, so one clear sweeps.
"""

import math
import time
from collections import Counter
from enum import StrEnum

from common.refusals import RATE_LIMITED

WINDOW_SECONDS = 60.0


class Rate(StrEnum):
    """The class of a route."""

    CODE = "code"
    ENTRY = "entry"
    COMMAND = "command"
    UPLOAD = "upload"
    READ = "read"


RATES: dict[Rate, int] = {Rate.CODE: 10, Rate.ENTRY: 30, Rate.COMMAND: 120, Rate.UPLOAD: 60, Rate.READ: 1200}
"""Calls a minute per caller: an account where the token says which, else an address. Each replica counts its own."""


class RateLimiter:
    """`factor` multiplies every limit."""

    def __init__(self, factor: int = 1) -> None:
        self._limits = {rate: limit * factor for rate, limit in RATES.items()}
        self._counts: Counter[tuple[Rate, str]] = Counter()
        self._ends = 0.0

    def hit(self, rate: Rate, caller: str) -> None:
        """Count one call. Raises RATE_LIMITED with the seconds until the window ends."""
        now = time.monotonic()
        if now >= self._ends:
            self._counts.clear()
            self._ends = now + WINDOW_SECONDS
        self._counts[rate, caller] += 1
        if self._counts[rate, caller] > self._limits[rate]:
            raise RATE_LIMITED(seconds=math.ceil(self._ends - now))
