"""Large sets of invented people: who they are, the same in every service, and how work about many is done at once.

The modules `fill` of the services make them with their own handlers and stores; nothing but a local platform is ever filled.
"""

from asyncio import TaskGroup
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from enum import StrEnum

from common.clock import Clock
from common.ids import derived_id
from common.settings import Settings
from common.store.mongo import Mongo
from common.testing.people import make_mobile, make_resident_id

WIDTH = 48
_FIRST_BIRTH = date(2004, 3, 1)
_PEOPLE_A_DAY = 1000


class Crowd(StrEnum):
    """What became of its people."""

    QUEUE = "queue"  # willing: their reviews wait for officers
    APPLICANTS = "applicants"  # they wait for a unit's answer
    CLOSED = "closed"  # one person each with many applications withdrawn
    CANDIDATES = "candidates"  # graduates whose intent is registered: they may apply

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


@asynccontextmanager
async def local_database(settings: Settings, service: str) -> AsyncIterator[tuple[Mongo, Clock]]:
    """The database of a service and the domain clock, as its handlers need them. SystemExit on any platform but a local one."""
    if settings.environment != "local":
        raise SystemExit("只有本机的平台才能装入虚构的人员。")
    mongo, clock = Mongo(settings.mongo, settings.database(service)), Clock(settings.clock_file)
    try:
        await clock.synchronise(mongo.client)
        yield mongo, clock
    finally:
        await mongo.close()


async def for_each(numbers: range, work: Callable[[int], Awaitable[None]], width: int = WIDTH) -> None:
    """`work` for every number, so many at once. The first failure ends all and is raised in an ExceptionGroup."""
    waiting = iter(numbers)

    async def lane() -> None:
        for number in waiting:
            await work(number)

    async with TaskGroup() as lanes:
        for _ in range(min(width, len(numbers))):
            lanes.create_task(lane())
