"""The course of a benchmark: what is prepared once, and the phases of each of its runs."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from common.contracts.topics import APPLICATIONS, CASES, SEATS

from jianxi_local import check, without
from jianxi_local.bench import core, figures, gate, limit, load
from jianxi_local.bench.client import Client
from jianxi_local.bench.figures import Phase
from jianxi_local.bench.flows import Failed, Flow, Runner
from jianxi_local.bench.heard import Arrival, Heard
from jianxi_local.bench.limit import Limit
from jianxi_local.bench.meter import DRIVER, Meter, Used
from jianxi_local.bench.setting import HOT_SEATS, prepare
from jianxi_local.bench.settle import settle
from jianxi_local.bench.sizes import LOADS, SHARE_B, Size
from jianxi_local.errors import LocalError
from jianxi_local.servers import Servers
from jianxi_local.stack import SERVICES, Stack

QUICK_PASSWORDS = {"ARGON2_MEMORY_KIB": "1024", "ARGON2_TIME_COST": "1", "ARGON2_PARALLELISM": "1"}
PATIENCE_SECONDS = 60.0
Offer = Callable[[Runner, list[Flow]], Coroutine[Any, Any, float]]


@dataclass(frozen=True)
class Run:
    """L of the same minutes, commands that come alone, phases, seconds of flow C (0 where its posting cannot be published: core)."""

    limit: Limit
    lone: Phase | None
    phases: list[Phase]
    crowd_seconds: float


@dataclass
class Course:
    """`findings` is what voids it; `label` tells it from others of the same tier, `without` names choices of `jianxi_local.without`."""

    folder: Path
    servers: Servers
    tier: str
    size: Size
    machine: dict[str, Any]
    scale: Mapping[str, int] = field(default_factory=dict)
    without: Sequence[str] = ()
    label: str = ""
    report: Callable[[str], None] = lambda _: None
    closed: int = 0
    """Closed applications of one person who has many."""
    start_seconds: float = 0.0
    idle: Used = field(default_factory=lambda: Used({}, {}))
    resident_idle: dict[str, int] = field(default_factory=dict)
    resident_loaded: dict[str, int] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def run(self, runs: int) -> None:
        began = time.monotonic()
        with self._stack() as stack:
            self.start_seconds = time.monotonic() - began
            self.report(f"平台 {self.start_seconds:.1f} 秒就绪，正在准备 {self.interns(runs)} 名见习人员……")
            self.setting, self.meter, self.chance = (
                prepare(stack, self.interns(runs), self.closed),
                Meter.of(stack),
                random.Random("jianxi"),
            )
            settle(stack)
            with core.alone(stack) if self.alone else nullcontext(stack.gateway_url) as self.url:
                self._watch_idle()
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

    def _stack(self) -> Stack:
        launcher = without.launcher(self.without)
        return Stack(self.folder / "stack", servers=self.servers, scale=self.scale, settings=QUICK_PASSWORDS, launcher=launcher)

    def interns(self, runs: int) -> int:
        """So many fresh ones it takes."""
        return self.size.interns(runs)

    @property
    def idle_cpu(self) -> dict[str, float]:
        """Of each process while nobody asks for anything, in seconds a second."""
        return {name: cpu / self.size.idle_seconds for name, cpu in self.idle.cpu.items() if name != DRIVER}

    @property
    def alone(self) -> bool:
        """Whether applications runs by itself."""
        return self.tier == "core"

    def _watch_idle(self) -> None:
        before = self.meter.read()
        time.sleep(self.size.idle_seconds)
        self.idle, self.resident_idle = self.meter.read().since(before), self.meter.resident()

    def one_run(self, number: int) -> None:
        bound = limit.measure(self.servers, self.meter, self.size.limit, self.idle_cpu)
        self.report(f"第 {number} 轮：L = {bound.flows_per_second:.0f} 流程/秒，{1000 * bound.cpu_per_flow:.2f} CPU 毫秒")
        lone = self.phase("lone", self.size.lone, load.lone) if self.size.lone else None
        phases = [self.phase(f"C={width}", count, partial(load.closed, width=width)) for width, count in self.size.closed.items()]
        capacity = max(phase.rate for phase in phases)
        phases += [
            self.phase(f"{share:.0%}", self.size.opened, partial(load.open_, rate=share * capacity, chance=self.chance))
            for share in (LOADS if self.size.opened else ())
        ]
        for phase in phases:
            r, cpu = phase.ratios(bound)
            self.report(f"  {phase.name}：{phase.rate:.1f} 流程/秒（R {r:.2f}），{phase.cpu:.1f} CPU 毫秒（{cpu:.2f} × L）")
        self.runs.append(Run(bound, lone, phases, self._crowd() if self.size.crowd and not self.alone else 0.0))

    def phase(self, name: str, count: int, offer: Offer) -> Phase:
        flows = self._flows(count)
        with self.hear() as heard:
            before = self.meter.read()
            seconds = asyncio.run(self.with_runner(heard, lambda runner: offer(runner, flows)))
            self.settle()
            used = self.meter.read().since(before)
            self.judge(name, flows, heard)
        return figures.of(name, flows, seconds, heard, used)

    def _crowd(self) -> float:
        """Flow C."""
        place, interns = self.setting.hot_place(), self.setting.interns(self.size.crowd)
        with self.hear() as heard:
            began = time.monotonic()
            replies = asyncio.run(self.with_runner(heard, lambda runner: runner.crowd(interns, place, 64)))
            seconds = time.monotonic() - began
            granted = sum(reply.status < 300 for reply in replies)
            self.settle()
            self.judge("C", [], heard, lambda arrivals: gate.crowd_findings(arrivals, place.posting_id, granted, HOT_SEATS))
        return seconds

    def settle(self) -> None:
        settle(self.setting.stack, (core.OWNER,) if self.alone else SERVICES)

    def _flows(self, count: int) -> list[Flow]:
        places = self.setting.places
        return [Flow(one, self.chance.sample(places, 1 + (self.chance.random() < SHARE_B))) for one in self.setting.interns(count)]

    def hear(self) -> Heard:
        return Heard(self.servers.kafka_address, self.setting.stack.namespace, [topic.name for topic in (APPLICATIONS, SEATS, CASES)])

    def client(self) -> Client:
        return Client.of(self.url)

    async def with_runner(self, heard: Heard, work: Callable[[Runner], Coroutine[Any, Any, Any]]) -> Any:
        """LocalError when a command was refused, or what a flow waits for is not heard."""
        runner = (core.CoreRunner if self.alone else Runner)(self.client(), heard, self.setting)
        try:
            return await work(runner)
        except (Failed, TimeoutError, ExceptionGroup) as error:
            first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
            raise LocalError(f"流程没有走完：{first}") from error
        finally:
            runner.close()

    def judge(self, name: str, flows: list[Flow], heard: Heard, more: Callable[[list[Arrival]], list[str]] = lambda _: []) -> None:
        """Once everything has arrived, or nothing more will. `more` is what else may be found."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            arrivals = list(heard.arrivals)
            found = gate.findings(flows, arrivals, None if self.alone else gate.ledger_of(self.setting.stack, arrivals))
            found += more(arrivals)
            if not found or time.monotonic() > end:
                break
            time.sleep(0.2)
        self.findings += [f"{name}: {finding}" for finding in found]
