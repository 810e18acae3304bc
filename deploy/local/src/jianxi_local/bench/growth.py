"""Growth: the same flows on a thousand, a hundred thousand and a million candidacies, and the longest lists people read."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from common.contracts.words import Role, Status
from common.decision import Actor
from common.store.mongo import Document
from common.testing.crowd import Crowd
from pymongo import MongoClient

from jianxi_local.bench import clones, limit, load
from jianxi_local.bench.clones import Family
from jianxi_local.bench.course import Course
from jianxi_local.bench.family import Key
from jianxi_local.bench.figures import Phase, percentiles
from jianxi_local.bench.flows import PREFIX
from jianxi_local.bench.limit import Limit
from jianxi_local.bench.setting import HOT_SEATS, Place
from jianxi_local.bench.sizes import CANDIDACIES

CANDIDACY, POSTING, SEATS = "applications.candidacies", "postings.postings", "applications.seats"
APPLICANTS, QUEUE, POSTINGS, CLOSED = 1_000, 10_000, 10_000, 50
READS, PAGES, ON_A_PAGE = 500, 100, 50
FLOWS = 500
WIDTH = 16


@dataclass
class Growth(Course):
    """`grown`: L of the same minutes and the phase, of each number of candidacies; `lists`: how long each list took, in ms.

    Everything is looked through before the last growth, which adds more of the same copies and nothing else:
    at a million that alone would take longer than all the rest.
    """

    closed: int = CLOSED
    counts: Sequence[int] = CANDIDACIES
    grown: dict[int, tuple[Limit, Phase]] = field(default_factory=dict)
    lists: dict[str, dict[str, float]] = field(default_factory=dict)

    def interns(self, runs: int) -> int:
        return self.size.warm + len(self.counts) * FLOWS + self.size.crowd + HOT_SEATS

    def one_run(self, number: int) -> None:
        ended = self._originals({"state.applications.status": Status.TERMINATED})
        *fewer, most = self.counts
        for count in fewer:
            self._grow(ended, count)
        applied = self._make_lists()
        self._look_through()
        self._grow(ended, most)
        self._read_lists(applied)

    def end(self) -> None:
        """Looked through before."""

    def _grow(self, ended: Sequence[Family], count: int) -> None:
        """Candidacies that have ended, and all that is kept of them, down to the disk; then flows among them."""
        began = time.monotonic()
        with self._client() as client:
            there = self._rows(client, CANDIDACY).estimated_document_count()
            clones.multiply(client, self.setting.stack, ended, range(there, count))
            client.admin.command("fsync")
        self.report(f"{max(there, count):,} 人，装入用时 {time.monotonic() - began:.0f} 秒")
        bound = limit.measure(self.servers, self.meter, self.size.limit, self.idle_cpu)
        self.setting.begin()
        phase = self.phase(f"{count:,}", FLOWS, partial(load.closed, width=WIDTH))
        self.grown[count] = bound, phase
        r, cpu = phase.ratios(bound)
        self.report(f"{count:,} 人：{phase.rate:.1f} 流程/秒（R {r:.3f}），{phase.cpu:.1f} CPU 毫秒（{cpu:.2f} × L）")

    def _make_lists(self) -> Place:
        """Applicants at the place that is returned, a queue of reviews each with the seat it is about, and postings."""
        applied, reviewed = self.setting.hot_place(), self.setting.hot_place()
        self._crowd_at(applied, self.size.crowd, accept=False)
        self._crowd_at(reviewed, HOT_SEATS, accept=True)
        waiting = self._originals(_at(applied, Status.PENDING))
        review = [(POSTING, reviewed.posting_id), (SEATS, reviewed.posting_id), *self._keys(CANDIDACY, _at(reviewed, Status.WILLING))]
        places = [[(POSTING, place.posting_id), (SEATS, place.posting_id)] for place in self.setting.places]
        stack = self.setting.stack
        with self._client() as client:
            clones.multiply(client, stack, waiting, range(APPLICANTS - self.size.crowd))
            clones.multiply(client, stack, clones.families(client, stack, [review]), range(QUEUE // HOT_SEATS))
            clones.multiply(client, stack, clones.families(client, stack, places), range(POSTINGS))
        return applied

    def _crowd_at(self, place: Place, count: int, *, accept: bool) -> None:
        interns = self.setting.interns(count)
        with self.hear() as heard:
            asyncio.run(self.with_runner(heard, lambda runner: runner.crowd(interns, place, WIDTH, accept=accept)))
            self.judge("C", [], heard)

    def _look_through(self) -> None:
        began = time.monotonic()
        super().end()
        self.report(f"./jianxi check：{len(self.findings)} 处不符（{time.monotonic() - began:.0f} 秒）")

    def _originals(self, which: Document) -> list[Family]:
        """Of the candidacies that fit, each with all that is kept of it."""
        with self._client() as client:
            return clones.families(client, self.setting.stack, [[key] for key in self._keys(CANDIDACY, which)])

    def _keys(self, place: str, which: Document) -> list[Key]:
        with self._client() as client:
            return [(place, row["_id"]) for row in self._rows(client, place).find(which, {"_id": 1}).sort("_id", 1)]

    def _client(self) -> MongoClient[Document]:
        return MongoClient(self.servers.mongo_address)

    def _rows(self, client: MongoClient[Document], place: str) -> Any:
        return clones.collection(client, self.setting.stack, place)

    def _read_lists(self, applied: Place) -> None:
        self.setting.begin()
        officer = self.setting.officers[self.setting.hot_unit.region]
        closed = self.setting.sign(Actor(id=Crowd.CLOSED.person_id(0), role=Role.INTERN))
        applicants = urlencode({"posting_id": applied.posting_id, "limit": 100})
        search = urlencode({"q": "测试", "limit": 20})
        self._time(f"单位的 {APPLICANTS:,} 份投递，每页 100", f"{PREFIX}/units/me/applications?{applicants}", applied.unit)
        self._time(f"{CLOSED} 条已结束的投递", f"{PREFIX}/me/applications", closed)
        self._time(f"{POSTINGS:,} 个岗位中按文字查找", f"{PREFIX}/postings?{search}", closed)
        self._time(f"{QUEUE:,} 件事项的第 1 页", f"{PREFIX}/cases?limit={ON_A_PAGE}", officer)
        self._time(f"{QUEUE:,} 件事项的第 {PAGES} 页", asyncio.run(self._far(officer)), officer)

    async def _far(self, officer: str) -> str:
        """The path of the hundredth page."""
        client, path = self.client(), f"{PREFIX}/cases?limit={ON_A_PAGE}"
        for _ in range(PAGES - 1):
            following = (await client.read(path, officer)).json()["next"]
            path = f"{PREFIX}/cases?{urlencode({'limit': ON_A_PAGE, 'after': following})}"
        client.close()
        return path

    def _time(self, what: str, path: str, token: str) -> None:
        async def reading() -> list[float]:
            client, seconds = self.client(), []
            for _ in range(READS):
                reply = await client.read(path, token)
                assert reply.status == 200, reply.body[:300]
                seconds.append(reply.seconds)
            client.close()
            return seconds

        self.lists[what] = took = percentiles(asyncio.run(reading()))
        self.report(f"{what}：p50 {took['p50']:.1f} 毫秒，p99 {took['p99']:.1f}")


def _at(place: Place, status: Status) -> Document:
    return {"state.applications": {"$elemMatch": {"posting_id": place.posting_id, "status": status}}}
