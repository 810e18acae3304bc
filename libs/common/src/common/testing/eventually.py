"""The one way a test waits: until something holds, with a deadline and a useful message."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(probe: Callable[[], Awaitable[T]], *, within: float = 30.0, what: str = "") -> T:
    """Call `probe` until it returns something true, and return that. AssertionErrors in between count as not yet."""
    deadline = time.monotonic() + within
    while True:
        try:
            found = await probe()
        except AssertionError as error:
            found, last = None, str(error)
        else:
            last = f"last saw {found!r}"
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or probe.__name__}; {last}")
        await asyncio.sleep(0.02)
