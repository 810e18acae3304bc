"""A cross-check of the driver: the same requests by wrk, which shares nothing with it, and by our own client."""

import asyncio
import itertools
import json
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from jianxi_local.bench.client import Client, Reply
from jianxi_local.bench.course import Course
from jianxi_local.bench.figures import percentiles
from jianxi_local.bench.flows import PREFIX, Flow, Runner
from jianxi_local.errors import LocalError

WIDTH, SECONDS = 16, 5
PEOPLE = 250
"""For each client: an application takes thirty notes."""
SCRIPT = Path(__file__).with_name("requests.lua")
NOTE = json.dumps({"note": "示例备注：测量用"}, ensure_ascii=False)


class Request(NamedTuple):
    method: str
    path: str
    token: str
    body: str = ""


@dataclass(frozen=True)
class Asked:
    """So many requests in so many seconds, of which so many failed; what each took in ms."""

    requests: int
    seconds: float
    failed: int
    ms: dict[str, float]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass
class Cross(Course):
    """`asked`: in each run by each client, what was asked, and CPU of the platform in ms a request."""

    asked: dict[str, list[tuple[Asked, float]]] = field(default_factory=dict)

    def interns(self, runs: int) -> int:
        return self.size.warm + runs * 2 * PEOPLE

    def one_run(self, number: int) -> None:
        """Interns read their applications, then a unit writes notes about these: commands that may be repeated without end."""
        place = self.setting.places[0]
        for who, ask in {"wrk": by_wrk, "client": by_client}.items():
            flows = [Flow(intern, (place,)) for intern in self.setting.interns(PEOPLE)]
            with self.hear() as heard:
                asyncio.run(self.with_runner(heard, partial(_submit_all, flows=flows)))
            reads = [Request("GET", f"{PREFIX}/me/applications", flow.intern) for flow in flows]
            paths = [f"{PREFIX}/units/me/applications/{flow.applications[0]}/notes" for flow in flows]
            notes = [Request("POST", path, place.unit, NOTE) for path in paths]
            for what, requests in (("GET", reads), ("POST", notes)):
                self.settle()
                before = self.meter.read()
                asked = ask(self.url, requests)
                cpu = 1000 * self.meter.read().since(before).cpu_of_the_system() / asked.requests
                self.asked.setdefault(f"{what} {who}", []).append((asked, cpu))
                self.report(f"  {what} {who}：{asked.rate:.0f} 次/秒，p50 {asked.ms['p50']:.1f} 毫秒，{cpu:.2f} CPU 毫秒/次")
                self.findings += [f"{what} {who}: {asked.failed} requests failed"] if asked.failed else []


def by_wrk(url: str, requests: Sequence[Request], seconds: int = SECONDS) -> Asked:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("".join(f"{' '.join(one)}\n" for one in requests))
        file.flush()
        command = [wrk(), "-t1", f"-c{WIDTH}", f"-d{seconds}s", "-s", str(SCRIPT), url, "--", file.name, secrets.token_hex(8)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Asked(**json.loads(done.stdout.splitlines()[-1]))


def by_client(url: str, requests: Sequence[Request], seconds: int = SECONDS) -> Asked:
    began = time.monotonic()
    replies = asyncio.run(_send(Client.of(url), requests, began + seconds))
    failed = sum(reply.status >= 300 for reply in replies)
    return Asked(len(replies), time.monotonic() - began, failed, percentiles([reply.seconds for reply in replies]))


async def _send(client: Client, requests: Sequence[Request], end: float) -> list[Reply]:
    """In turn, so many at once."""
    turns, replies = itertools.cycle(requests), []

    async def lane() -> None:
        while time.monotonic() < end:
            method, path, token, body = next(turns)
            key = "" if method == "GET" else secrets.token_hex(16)
            replies.append(await client.send(method, path, token, key, body.encode()))

    await asyncio.gather(*(lane() for _ in range(WIDTH)))
    client.close()
    return replies


async def _submit_all(runner: Runner, flows: Sequence[Flow]) -> None:
    width = asyncio.Semaphore(WIDTH)

    async def one(flow: Flow) -> Any:
        async with width:
            return await runner.submit(flow, flow.places[0])

    await asyncio.gather(*map(one, flows))


def wrk() -> str:
    """The program. LocalError when it is not installed."""
    found = shutil.which("wrk")
    if found is None:
        raise LocalError("没有安装 wrk：请先安装（Debian/Ubuntu：apt-get install wrk）。")
    return found
