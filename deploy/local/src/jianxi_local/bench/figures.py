"""The figures of one phase of a run, and of the machine."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import quantiles
from typing import Any

import psutil
from pymongo import MongoClient

from jianxi_local.bench.flows import Done, Flow
from jianxi_local.bench.heard import Heard
from jianxi_local.bench.limit import Limit
from jianxi_local.bench.meter import DRIVER, Used
from jianxi_local.download import KAFKA
from jianxi_local.servers import Servers

PERCENTILES = (50, 99, 99.9)
PACKAGES = ("aiohttp", "aiokafka", "confluent-kafka", "fastapi", "pydantic", "pymongo", "starlette", "uvicorn")


@dataclass(frozen=True)
class Phase:
    """So many flows in so many seconds. Times in ms, CPU in ms a flow, bytes a flow."""

    name: str
    flows: int
    seconds: float
    command_ms: dict[str, float]
    by_command_ms: dict[str, dict[str, float]]
    lag_ms: dict[str, float]
    cpu_ms: dict[str, float]
    written: dict[str, int]
    driver_cpu_ms: float

    @property
    def rate(self) -> float:
        return self.flows / self.seconds

    @property
    def cpu(self) -> float:
        """Of the whole system, without the driver."""
        return sum(self.cpu_ms.values())

    def ratios(self, limit: Limit) -> tuple[float, float]:
        """R, and the CPU of a flow by that of one of L."""
        return self.rate / limit.flows_per_second, self.cpu / (limit.cpu_per_flow * 1000)

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "flows_per_second": self.rate, "cpu_ms_per_flow": self.cpu}

    def beside(self, limit: Limit) -> dict[str, float]:
        r, cpu = self.ratios(limit)
        return {"R": r, "CPU_by_L": cpu}


def of(name: str, flows: Sequence[Flow], seconds: float, heard: Heard, used: Used) -> Phase:
    """Of flows that have ended, whose events have all been heard."""
    done = [one for flow in flows for one in flow.done]
    commands: dict[str, list[Done]] = {}
    for one in done:
        commands.setdefault(one.name, []).append(one)
    count = len(flows)
    return Phase(
        name=name,
        flows=count,
        seconds=seconds,
        command_ms=percentiles([one.reply.seconds for one in done]),
        by_command_ms={command: percentiles([one.reply.seconds for one in all]) for command, all in commands.items()},
        lag_ms=percentiles([lag for one in done if (lag := _lag(one, heard)) is not None]),
        cpu_ms={process: 1000 * cpu / count for process, cpu in used.cpu.items() if process != DRIVER},
        written={process: written // count for process, written in used.written.items() if written and process != DRIVER},
        driver_cpu_ms=1000 * used.cpu[DRIVER] / count,
    )


def machine() -> dict[str, Any]:
    """What the figures belong to; taken before anything is started."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return {
        "cpu": model, "cores": os.cpu_count(), "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "kernel": platform.release(), "python": platform.python_version(), "load_before": os.getloadavg()[0],
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }  # fmt: skip


def versions(servers: Servers) -> dict[str, str]:
    """Of the servers, as far as they tell."""
    with MongoClient[Any](servers.mongo_address) as client:
        return {"MongoDB": client.server_info()["version"], "Kafka": KAFKA.rpartition(":")[2] if servers.kafkas else "unknown"}


def _lag(one: Done, heard: Heard) -> float | None:
    """From the reply until the event was seen; 0 when it was seen before."""
    type, to = one.name.event
    arrival = heard.first(type, one.application, to)
    return max(0.0, arrival.at - one.reply.at) if arrival else None


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """In ms."""
    if len(seconds) < 2:
        return {f"p{p:g}": 1000 * seconds[0] for p in PERCENTILES} if seconds else {}
    cuts = quantiles(seconds, n=1000, method="inclusive")
    return {f"p{p:g}": 1000 * cuts[round(p * 10) - 1] for p in PERCENTILES}


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
