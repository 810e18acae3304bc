"""`./jianxi fill`: large sets for figures of queues and lists, made by the services' own handlers and stores (their modules `fill`).

Units, officers and approvals come through the door like anybody's. A filling that was broken off goes on where it was; filling again
with the same numbers adds nothing, with larger ones what is missing.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from common.ids import derived_id
from common.testing.crowd import Crowd

from jianxi_local import state
from jianxi_local.caller import Caller, Json, Refused
from jianxi_local.errors import LocalError
from jianxi_local.files import read_json
from jianxi_local.people import Officer
from jianxi_local.stack import Stack
from jianxi_local.town import Town

SEED = "jianxi-fill"
COUNTIES = ("520302", "520303", "520304", "520402")
AT_ONCE = 50
UNITS_AT_ONCE = 8
HEADCOUNT = 20
QUICK_PASSWORDS = {"JIANXI_ARGON2_MEMORY_KIB": "1024", "JIANXI_ARGON2_TIME_COST": "1", "JIANXI_ARGON2_PARALLELISM": "1"}
PATIENCE_SECONDS, PAUSE_SECONDS = 600.0, 0.2
TRIES = 3
"""A machine that is too busy for a command in time may break a filling off: it goes on where it was."""


@dataclass(frozen=True)
class Size:
    """`queue` reviews that wait, `applicants` at one posting, `closed` applications of one person, `candidates` who may apply,
    `postings` of all units together.

    The `units` are shared out over `COUNTIES` in turn; with fewer units than counties, the first counties have one each.
    """

    queue: int = 10_000
    applicants: int = 1_000
    closed: int = 50
    postings: int = 10_000
    units: int = 20
    candidates: int = 0


@dataclass(frozen=True)
class Filled:
    """Who reads what was made: by region the officer of each county that has units, and the user of the first unit.

    `places` are the postings with the users of their units; at the first of them, the first unit's, all applicants wait.
    """

    officers: Mapping[str, Officer]
    unit: Caller
    places: Sequence[Mapping[str, str]]

    @property
    def posting_id(self) -> str:
        return self.places[0]["posting_id"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--queue", type=int, default=Size.queue, help="等待资格审核的投递数（默认 %(default)s）")
    parser.add_argument("--applicants", type=int, default=Size.applicants, help="投递同一岗位的人数（默认 %(default)s）")
    parser.add_argument("--closed", type=int, default=Size.closed, help="同一人已结束的投递数（默认 %(default)s）")
    parser.add_argument("--postings", type=int, default=Size.postings, help="岗位数（默认 %(default)s）")


def run(arguments: argparse.Namespace) -> int:
    running = state.require_running()
    stack = Stack(state.directory())
    staff: list[dict[str, str]] = read_json(stack.directory / state.ACCOUNTS) or []
    known = next((one for one in staff if one["login"] == "admin"), None)
    if known is None:
        raise LocalError("没有示例账号：请先执行 ./jianxi up（不带 --sample none）。")
    town = Town(running["url"], stack.sms_file, stack.clock_file, SEED)
    size = Size(arguments.queue, arguments.applicants, arguments.closed, arguments.postings)
    servers = {f"JIANXI_{name.upper()}": running[name] for name in ("mongo", "kafka") if running.get(name)}
    try:
        administrator = town.visitor()
        administrator.log_in(known["login"], known["password"])
        fill(stack, town, administrator, size, servers, report=lambda step: print(step, flush=True))
    except Refused as error:
        raise LocalError(f"没有装完：{error}") from error
    finally:
        town.close()
    print("已装完。事项、通知和统计由各服务从消息中得出，可用 ./jianxi events lag 查看是否跟上。")
    return 0


def fill(
    stack: Stack, town: Town, administrator: Caller, size: Size, servers: Mapping[str, str], report: Callable[[str], None] = lambda _: None
) -> Filled:
    """Make what is missing. LocalError when a part of it fails."""
    counties = COUNTIES[: max(1, min(size.units, len(COUNTIES)))]
    officers = {region: _officer(town, administrator, region) for region in counties}
    with ThreadPoolExecutor(UNITS_AT_ONCE) as threads:
        unit = partial(_declarer, town)
        names = [f"fillunit{n}" for n in range(size.units)]
        declarers = list(threads.map(unit, [officers[counties[n % len(counties)]] for n in range(size.units)], names))
    each = max(1, size.postings // len(declarers))
    _python(stack, servers, "postings.fill", ["--count", str(each), "--headcount", str(HEADCOUNT)], json.dumps(declarers))
    places = [{**who, "posting_id": derived_id("pst", who["user_id"], f"fill:{n}")} for n in range(each) for who in declarers]
    for region, officer in officers.items():
        approve(officer, [place["posting_id"] for place in places if place["region"] == region])
    report(f"岗位 {len(places)} 个")
    enough = places[: size.queue // HEADCOUNT + len(declarers)]
    if len(enough) * HEADCOUNT < size.queue:
        raise LocalError(f"{len(places)} 个岗位不够 {size.queue} 人，请增加 --postings。")
    plain = [{name: place[name] for name in ("posting_id", "unit_id", "user_id")} for place in enough]
    crowds = {
        Crowd.QUEUE: size.queue,
        Crowd.APPLICANTS: size.applicants,
        Crowd.CLOSED: min(size.closed, 1),
        Crowd.CANDIDATES: size.candidates,
    }
    for crowd, count in crowds.items():
        if not count:
            continue
        _python(stack, {**servers, **QUICK_PASSWORDS}, "accounts.fill", ["--crowd", crowd, "--count", str(count)], town.password)
        options = ["--crowd", crowd, "--count", str(count), "--closed", str(size.closed)]
        _python(stack, servers, "applications.fill", options, json.dumps(plain))
        report(f"{crowd} {count} 人")
    return Filled(officers, town.logged_in("fillunit0"), places)


def approve(officer: Officer, posting_ids: Sequence[str]) -> None:
    """Many at once, as soon as their cases are open; what is decided already stays."""
    waiting = [derived_id("cas", "posting", id, "", "1") for id in posting_ids]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waiting:
        rows = [row for ids in _batches(waiting) for row in officer.post("/cases/bulk", {"deed": "approve", "ids": ids})["items"]]
        waiting = [row["id"] for row in rows if row["code"] == "not_found"]
        if waiting and time.monotonic() > deadline:
            raise LocalError(f"{len(waiting)} 个岗位的审核事项没有出现。")
        time.sleep(PAUSE_SECONDS if waiting else 0)


def _officer(town: Town, administrator: Caller, region: str) -> Officer:
    login = f"fill{region}"
    try:
        return Officer(town, login, region)
    except Refused:
        return town.officer(administrator, region, login)


def _declarer(town: Town, officer: Officer, login: str) -> Json:
    """A user of a recognised unit, as `postings.fill` reads one."""
    try:
        known = town.visitor().log_in(login, town.password)
        user_id, unit_id = known["actor_id"], known["unit_id"]
    except Refused:
        unit = town.recognised_unit("示例大量见习单位", officer, login)
        user_id, unit_id = unit.id, unit.unit_id
    return {"user_id": user_id, "unit_id": unit_id, "region": officer.region}


def _python(stack: Stack, settings: Mapping[str, str], module: str, options: Sequence[str], told: str) -> None:
    environment = {**stack.environment(module.partition(".")[0], 0), **settings}
    command = [sys.executable, "-m", module, *options]
    for _ in range(TRIES):
        done = subprocess.run(command, env=environment, input=f"{told}\n", capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
    words = [line for line in done.stderr.splitlines() if any(map(str.isalpha, line)) and "more exception" not in line]
    raise LocalError(f"{module} 没有装完：{''.join(words[-1:]).strip(' |')}")


def _batches(ids: Sequence[str]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), AT_ONCE):
        yield list(ids[start : start + AT_ONCE])
