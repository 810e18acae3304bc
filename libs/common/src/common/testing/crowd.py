"""Large sets of invented people: who they are, the same in every service, and how work about many is done at once.

The modules `fill` of the services make them with their own handlers and stores; nothing but a local platform is ever filled.
"""

from asyncio import TaskGroup
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from common.ids import derived_id
from common.settings import Settings
from common.testing.people import make_mobile, make_resident_id

WIDTH = 48
_FIRST_BIRTH = date(2004, 3, 1)
_PEOPLE_A_DAY = 1000


class Crowd(StrEnum):
    """What became of its people."""

    QUEUE = "queue"  # willing: their reviews wait for officers
    APPLICANTS = "applicants"  # they wait for a unit's answer
    CLOSED = "closed"  # one person each with many applications withdrawn

    def person_id(self, number: int) -> str:
        return derived_id("per", "fill", self, str(number))

    def resident_id(self, number: int) -> str:
        """Of a person of 22; another county for each crowd tells them apart."""
        days, serial = divmod(number, _PEOPLE_A_DAY)
        return make_resident_id(_FIRST_BIRTH + timedelta(days=days), f"52030{2 + self._place}", serial)

    def mobile(self, number: int) -> str:
        return make_mobile(10_000_000 * (1 + self._place) + number)

    @property
    def _place(self) -> int:
        return list(Crowd).index(self)


def require_local(settings: Settings) -> None:
    if settings.environment != "local":
        raise SystemExit("只有本机的平台才能装入虚构的人员。")


async def for_each(numbers: range, work: Callable[[int], Awaitable[None]], width: int = WIDTH) -> None:
    """`work` for every number, so many at once. The first failure ends all and is raised in an ExceptionGroup."""
    waiting = iter(numbers)

    async def lane(numbers: Iterator[int]) -> None:
        for number in numbers:
            await work(number)

    async with TaskGroup() as lanes:
        for _ in islice(numbers, width):
            lanes.create_task(lane(waiting))
