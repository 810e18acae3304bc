"""Work that is driven by state: found in batches, done, until none is left."""

import asyncio
from collections.abc import Awaitable, Callable

from common.errors import Refusal

Found = list[tuple[str, str]]


async def exhaust(find: Callable[[], Awaitable[Found]], act: Callable[[str, str], Awaitable[None]]) -> bool:
    """Whether nothing is left. Ends without when a whole batch is refused: another replica has it in hand, or the next pass has."""

    async def attempt(one: tuple[str, str]) -> bool:
        try:
            await act(*one)
        except Refusal:
            return False
        return True

    while found := await find():
        if not any(await asyncio.gather(*map(attempt, found))):
            return False
    return True
