"""Growth: the same flows on a thousand, a hundred thousand and a million candidacies, and the longest lists people read."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from common.contracts.words import CaseKind, CaseStatus, Role, Status
from common.decision import Actor
from common.testing.crowd import Crowd
from pymongo import MongoClient

from jianxi_local.bench import clones, load
from jianxi_local.bench.client import Client
from jianxi_local.bench.course import Course
from jianxi_local.bench.figures import Phase, percentiles
from jianxi_local.bench.flows import PREFIX

CANDIDACIES = (1_000, 100_000, 1_000_000)
APPLICANTS, QUEUE, POSTINGS = 1_000, 10_000, 10_000
READS, PAGES = 200, 100
WIDTH = 16
CLOSED = 50


@dataclass
class Growth(Course):
    """`grown`: the phase of each number of candidacies; `lists`: how long each list took, in ms."""

    closed: int = CLOSED
    counts: Sequence[int] = CANDIDACIES
    flows: int = 300
    grown: dict[int, Phase] = field(default_factory=dict)
    lists: dict[str, dict[str, float]] = field(default_factory=dict)

    def interns(self, runs: int) -> int:
        return self.size.warm + len(self.counts) * self.flows + self.size.crowd

    def one_run(self, number: int) -> None:
        there = self.size.warm
        for count in self.counts:
            self._grow(there, count)
            there = count
            self.grown[count] = self.phase(f"{count:,}", self.flows, partial(load.closed, width=WIDTH))
            self.report(f"{count:,} 人：{self.grown[count].rate:.1f} 流程/秒，{self.grown[count].cpu:.1f} CPU 毫秒")
        self._read_lists()

    def _grow(self, there: int, count: int) -> None:
        """Candidacies that have ended, and the cases of their reviews."""
        ended = {"state.applications.status": Status.TERMINATED}
        decided = {"state.kind": CaseKind.ELIGIBILITY, "state.status": CaseStatus.DECIDED}
        numbers = range(there, count)
        with MongoClient[Any](self.servers.mongo_address) as client:
            rows = partial(clones.collection, client, self.setting.stack)
            clones.multiply(rows("applications.candidacies"), ended, numbers)
            clones.multiply(rows("audit.cases"), decided, numbers, by="state.subject")

    def _read_lists(self) -> None:
        place, interns = self.setting.hot_place(), self.setting.interns(self.size.crowd)
        with self.hear() as heard:
            asyncio.run(self.with_runner(heard, lambda runner: runner.crowd(interns, place, WIDTH, accept=True)))
            self.judge("C", [], heard)
        waiting = {"state.applications": {"$elemMatch": {"posting_id": place.posting_id, "status": Status.PENDING}}}
        opened = {"state.kind": CaseKind.ELIGIBILITY, "state.status": CaseStatus.OPEN}
        with MongoClient[Any](self.servers.mongo_address) as client:
            rows = partial(clones.collection, client, self.setting.stack)
            clones.multiply(rows("applications.candidacies"), waiting, range(APPLICANTS))
            clones.multiply(rows("audit.cases"), opened, range(QUEUE))
            clones.multiply(rows("postings.postings"), {"state.status": "PUBLISHED"}, range(POSTINGS), own=clones.POSTINGS)
        (officer,) = [token for region, token in self.setting.officers.items() if region == self.setting.hot_unit.region]
        closed = self.setting.sign(Actor(id=Crowd.CLOSED.person_id(0), role=Role.INTERN))
        applicants = f"/units/me/applications?{urlencode({'posting_id': place.posting_id, 'limit': 100})}"
        self._time(f"单位的 {APPLICANTS:,} 份投递，每页 100", lambda client: client.read(f"{PREFIX}{applicants}", place.unit))
        self._time(f"{CLOSED} 条已结束的投递", lambda client: client.read(f"{PREFIX}/me/applications", closed))
        search = f"/postings?{urlencode({'q': '测试', 'limit': 20})}"
        self._time(f"{POSTINGS:,} 个岗位中按文字查找", lambda client: client.read(f"{PREFIX}{search}", closed))
        self._time(f"{QUEUE:,} 件事项的第 1 页", lambda client: client.read(f"{PREFIX}/cases?limit=50", officer))
        far = asyncio.run(self._far(officer))
        self._time(f"{QUEUE:,} 件事项的第 {PAGES} 页", lambda client: client.read(far, officer))

    async def _far(self, officer: str) -> str:
        """The path of the hundredth page."""
        client, path = self.client(), f"{PREFIX}/cases?limit=50"
        for _ in range(PAGES - 1):
            following = (await client.read(path, officer)).json()["next"]
            path = f"{PREFIX}/cases?{urlencode({'limit': 50, 'after': following})}"
        client.close()
        return path

    def _time(self, what: str, read: Callable[[Client], Any]) -> None:
        async def reading() -> list[float]:
            client, seconds = self.client(), []
            for _ in range(READS):
                reply = await read(client)
                assert reply.status == 200, reply.body[:300]
                seconds.append(reply.seconds)
            client.close()
            return seconds

        began = time.monotonic()
        self.lists[what] = percentiles(asyncio.run(reading()))
        self.report(
            f"{what}：p50 {self.lists[what]['p50']:.1f} 毫秒，p99 {self.lists[what]['p99']:.1f}（{time.monotonic() - began:.0f} 秒）"
        )
