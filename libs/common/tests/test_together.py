"""What is asked for while as much as may be is under way travels together, and each gets its own answer."""

import asyncio
from collections.abc import Sequence

import pytest
from common.store.together import Together


class Work:
    """Doubles numbers, each batch once it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun: asyncio.Queue[list[int]] = asyncio.Queue()
        self.free = asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(numbers))
        self.begun.put_nowait(self.batches[-1])
        await self.free.wait()
        if 13 in numbers:
            raise ValueError("thirteen")
        return [2 * number for number in numbers]


async def test_what_waits_goes_as_one_and_each_gets_its_own_answer() -> None:
    work = Work()
    double = Together(work)
    early = [asyncio.create_task(double(1)), asyncio.create_task(double(2))]
    assert await work.begun.get() == [1, 2]
    second = asyncio.create_task(double(3))
    assert await work.begun.get() == [3]
    late = [asyncio.create_task(double(number)) for number in range(4, 9)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert work.batches == [[1, 2], [3]], "no more than two are under way"
    work.free.set()
    assert await asyncio.gather(*early, second, *late) == [2, 4, 6, 8, 10, 12, 14, 16]
    assert work.batches == [[1, 2], [3], [4, 5, 6, 7, 8]]


async def test_an_error_reaches_all_of_its_batch_and_nobody_else() -> None:
    work = Work()
    double = Together(work)
    work.free.set()
    with pytest.raises(ValueError, match="thirteen"):
        await asyncio.gather(double(13), double(1))
    assert await double(4) == 8


async def test_one_who_gives_up_leaves_the_others_their_answers() -> None:
    work = Work()
    double = Together(work)
    leaving, staying = asyncio.create_task(double(1)), asyncio.create_task(double(2))
    await work.begun.get()
    leaving.cancel()
    work.free.set()
    assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_those_who_ask_again_as_soon_as_they_are_answered_are_answered_again() -> None:
    """Also when all that was under way has just ended."""
    work = Work()
    double = Together(work)
    work.free.set()

    async def ask(first: int) -> int:
        return sum([await double(number) for number in range(first, first + 100)])

    async with asyncio.timeout(20):
        assert await asyncio.gather(*map(ask, range(20, 25))) == [2 * sum(range(first, first + 100)) for first in range(20, 25)]
