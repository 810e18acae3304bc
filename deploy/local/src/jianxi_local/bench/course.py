"""The course of a benchmark: what is prepared once, and the phases of each of its runs."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from common.contracts.topics import TOPICS

from jianxi_local import check
from jianxi_local.bench import core, figures, gate, limit, load
from jianxi_local.bench.client import Client
from jianxi_local.bench.figures import Phase
from jianxi_local.bench.flows import Flow, Runner
from jianxi_local.bench.heard import Heard
from jianxi_local.bench.limit import Limit
from jianxi_local.bench.meter import DRIVER, Meter, Used
from jianxi_local.bench.setting import HOT_SEATS, prepare
from jianxi_local.bench.sizes import LOADS, SHARE_B, Size
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack

QUICK_PASSWORDS = {"ARGON2_MEMORY_KIB": "1024", "ARGON2_TIME_COST": "1", "ARGON2_PARALLELISM": "1"}
PATIENCE_SECONDS = 60.0
AFTERWARDS_SECONDS = 0.5
"""So long the consumers' work on the last flows is still counted."""
Offer = Callable[[Runner, list[Flow]], Coroutine[Any, Any, float]]


@dataclass(frozen=True)
class Run:
    """L of the same minutes, the phases, and the seconds of flow C (0 where its posting cannot be published: core)."""

    limit: Limit
    phases: list[Phase]
    crowd_seconds: float


@dataclass
class Course:
    """`findings` is what voids it."""

    folder: Path
    servers: Servers
    tier: str
    size: Size
    scale: Mapping[str, int]
    report: Callable[[str], None] = lambda _: None
    closed: int = 0
    """Closed applications of one person who has many."""
    machine: dict[str, Any] = field(default_factory=figures.machine)
    start_seconds: float = 0.0
    idle: Used = field(default_factory=lambda: Used({}, {}))
    resident_idle: dict[str, int] = field(default_factory=dict)
    resident_loaded: dict[str, int] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def run(self, runs: int) -> None:
        began = time.monotonic()
        with Stack(self.folder / "stack", servers=self.servers, scale=self.scale, settings=QUICK_PASSWORDS) as stack:
            self.start_seconds = time.monotonic() - began
            self.report(f"平台 {self.start_seconds:.1f} 秒就绪，正在准备 {self.interns(runs)} 名见习人员……")
            self.setting, self.meter, self.chance = (
                prepare(stack, self.interns(runs), self.closed),
                Meter.of(stack),
                random.Random("jianxi"),
            )
            self._watch_idle()
            with core.alone(stack) if self.alone else nullcontext(stack.gateway_url) as self.url:
                for number in range(1, runs + 1):
                    self.setting.begin()
                    if number == 1:
                        self.phase("warm", self.size.warm, partial(load.closed, width=16))
                    self.one_run(number)
            self.resident_loaded = self.meter.resident()
            self.end()

    def end(self) -> None:
        """What `./jianxi check` finds voids it."""
        if not self.alone:
            self.findings += [f"./jianxi check: {finding}" for finding in check.findings(self.setting.stack)]

    def interns(self, runs: int) -> int:
        """So many fresh ones it takes."""
        return self.size.interns(runs)

    @property
    def alone(self) -> bool:
        """Whether applications runs by itself."""
        return self.tier == "core"

    def _watch_idle(self) -> None:
        time.sleep(2)
        before = self.meter.read()
        time.sleep(self.size.idle_seconds)
        self.idle, self.resident_idle = self.meter.read().since(before), self.meter.resident()

    def one_run(self, number: int) -> None:
        bound = limit.measure(self.servers, self.meter, self.size.limit)
        self.report(f"第 {number} 轮：L = {bound.flows_per_second:.0f} 流程/秒，{1000 * bound.cpu_per_flow:.2f} CPU 毫秒")
        phases = [self.phase(f"C={width}", count, partial(load.closed, width=width)) for width, count in self.size.closed.items()]
        capacity = max(phase.rate for phase in phases)
        phases += [
            self.phase(f"{share:.0%}", self.size.opened, partial(load.open_, rate=share * capacity, chance=self.chance)) for share in LOADS
        ]
        for phase in phases:
            r, cpu = phase.ratios(bound)
            self.report(f"  {phase.name}：{phase.rate:.1f} 流程/秒（R {r:.2f}），{phase.cpu:.1f} CPU 毫秒（{cpu:.2f} × L）")
        self.runs.append(Run(bound, phases, 0.0 if self.alone else self._crowd()))

    def phase(self, name: str, count: int, offer: Offer) -> Phase:
        flows = self._flows(count)
        with self.hear() as heard:
            before = self.meter.read()
            seconds = asyncio.run(self.with_runner(heard, lambda runner: offer(runner, flows)))
            time.sleep(AFTERWARDS_SECONDS)
            used = self.meter.read().since(before)
            self.judge(name, flows, heard)
        return figures.of(name, flows, seconds, heard, used)

    def _crowd(self) -> float:
        """Flow C."""
        place, interns = self.setting.hot_place(), self.setting.interns(self.size.crowd)
        with self.hear() as heard:
            began = time.monotonic()
            asyncio.run(self.with_runner(heard, lambda runner: runner.crowd(interns, place, 64)))
            seconds = time.monotonic() - began
            self.judge("C", [], heard)
            self.findings += gate.too_many_offered(heard.arrivals, place.posting_id, HOT_SEATS)
        return seconds

    def _flows(self, count: int) -> list[Flow]:
        places = self.setting.places
        return [Flow(one, self.chance.sample(places, 1 + (self.chance.random() < SHARE_B))) for one in self.setting.interns(count)]

    def hear(self) -> Heard:
        return Heard(self.servers.kafka_address, self.setting.stack.namespace, list(TOPICS))

    def client(self) -> Client:
        address = urlsplit(self.url)
        return Client(str(address.hostname), address.port or 80)

    async def with_runner(self, heard: Heard, work: Callable[[Runner], Coroutine[Any, Any, Any]]) -> Any:
        client = self.client()
        kind = core.CoreRunner if self.alone else Runner
        try:
            return await work(kind(client, heard, self.setting))
        finally:
            client.close()

    def judge(self, name: str, flows: list[Flow], heard: Heard) -> None:
        """Once everything has arrived, or nothing more will."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            arrivals = list(heard.arrivals)
            found = gate.findings(flows, arrivals, None if self.alone else gate.ledger_of(self.setting.stack, arrivals))
            if not found or time.monotonic() > end:
                break
            time.sleep(0.2)
        self.findings += [f"{name}: {finding}" for finding in found]


def idle_percent(course: Course) -> dict[str, float]:
    """CPU of each process while nobody asks for anything, in percent of a core."""
    return {name: 100 * cpu / course.size.idle_seconds for name, cpu in course.idle.cpu.items() if name != DRIVER}
