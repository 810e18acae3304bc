"""Mixed journeys by several clients at once, over interns and postings that they all want."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
from jianxi_local.caller import Refused
from jianxi_local.people import Intern, Officer, Unit

from .ledger import RecordedTown

CLIENTS = 6
FIRST_INTERNS = 10
POSTINGS = 8
HEADCOUNT = 2
OTHER = {"code": "other", "text": "示例理由"}


@dataclass
class Load:
    """Who and what there is to act on; interns join while it runs."""

    town: RecordedTown
    unit: Unit
    officer: Officer
    postings: list[str]
    interns: list[Intern] = field(default_factory=list)
    applications: list[tuple[Intern, str]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def work(self, seed: str, deeds: "dict[Deed, int]") -> None:
        """One client, until the end: one deed after the other, whatever the answers are."""
        chance = random.Random(seed)
        while not self.ended.is_set():
            deed = chance.choices(list(deeds), list(deeds.values()))[0]
            with contextlib.suppress(Refused, httpx2.TransportError, AssertionError):
                deed(self, chance)

    def apply(self, chance: random.Random) -> None:
        intern = chance.choice(self.interns)
        application = intern.apply(chance.choice(self.postings))
        self.applications.append((intern, application["id"]))

    def withdraw(self, chance: random.Random) -> None:
        self._by_intern(chance, "withdraw")

    def accept(self, chance: random.Random) -> None:
        self._by_intern(chance, "accept")

    def decline(self, chance: random.Random) -> None:
        self._by_intern(chance, "decline")

    def offer(self, chance: random.Random) -> None:
        self.unit.answer(self._one(chance)[1], "offer")

    def reject(self, chance: random.Random) -> None:
        self.unit.answer(self._one(chance)[1], "reject", reason=OTHER)

    def join(self, chance: random.Random) -> None:
        self.interns.append(self.town.ready_intern())

    def publish(self, chance: random.Random) -> None:
        self.unit.declare(f"示例岗位{chance.randrange(1000)}", headcount=HEADCOUNT)

    def _by_intern(self, chance: random.Random, answer: str) -> None:
        intern, id = self._one(chance)
        intern.answer(id, answer)

    def _one(self, chance: random.Random) -> tuple[Intern, str]:
        """Among the latest, so that clients meet."""
        if not self.applications:
            self.apply(chance)
        return chance.choice(self.applications[-40:])


Deed = Callable[[Load, random.Random], None]
DEEDS: dict[Deed, int] = {Load.apply: 40, Load.offer: 22, Load.withdraw: 24, Load.decline: 8, Load.accept: 3, Load.reject: 3}
"""With how often each is done; those that wait for facts from other services are done by one client alone."""
WAITING: dict[Deed, int] = {Load.join: 3, Load.publish: 1}


@contextmanager
def loading(town: RecordedTown, unit: Unit, officer: Officer, seed: str, clients: int = CLIENTS) -> Iterator[Load]:
    """The load of so many clients runs while the block does; it has really begun when the block begins."""
    with ThreadPoolExecutor(CLIENTS) as threads:
        postings = list(threads.map(lambda number: unit.publish(officer, f"示例抢手岗位{number}", headcount=HEADCOUNT), range(POSTINGS)))
        load = Load(town, unit, officer, postings)
        load.interns += threads.map(lambda _: town.ready_intern(), range(FIRST_INTERNS))
        working: list[Future[None]] = [
            threads.submit(load.work, f"{seed}-{number}", DEEDS if number else WAITING) for number in range(clients)
        ]
        try:
            time.sleep(1)
            yield load
        finally:
            load.ended.set()
        for client in working:
            client.result()
