"""`./jianxi bench`: benchmark JX-6, see docs/performance.md. Runs on a platform of its own, on an otherwise idle machine."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from jianxi_local.bench import cross, figures, report, sizes
from jianxi_local.bench.course import Course
from jianxi_local.bench.cross import Cross
from jianxi_local.bench.growth import Growth
from jianxi_local.errors import LocalError
from jianxi_local.servers import Servers
from jianxi_local.stack import SERVICES

TIERS = ("core", "full")
ROLES = [f"{service}.{role}" for service in SERVICES for role in ("api", "worker")]
VARIANTS = ((), ("group-commit",), ("token-cache",), ("one-document",), ("one-document", "token-cache"))
Plan = Callable[..., Course]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="少量流程、一轮：看看能不能跑通，数字仅供参考")
    parser.add_argument("--tier", choices=TIERS, default="full", help="core：只有投递服务；full：经网关的整个平台（默认）")
    parser.add_argument("--runs", type=int, help="轮数，取中位数（默认 5，--quick 时为 1）")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--growth", action="store_true", help="一千、十万、一百万人时的流程，以及最长的列表（--quick：至五万人）")
    kinds.add_argument("--replicas", action="store_true", help="每个服务的每种角色一个进程，再各两个，比较两者")
    kinds.add_argument(
        "--variants", action="store_true", help="16 个流程同时进行：原样；不合并写入；不缓存令牌；每次写入为两个集合的事务；都不用"
    )
    kinds.add_argument("--cross-check", action="store_true", help="同样的请求由 wrk 和压测程序各发一遍，比较两者")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 when the gate voids a run."""
    courses = list(measured(arguments, arguments.runs or (1 if arguments.quick else 5)))
    for course in courses:
        print(report.table(course))
        if not course.findings:
            print(f"结果：{report.write(course)}")
    valid = [course for course in courses if not course.findings]
    if len(valid) > 1:
        print(report.beside(valid))
    return 0 if len(valid) == len(courses) else 1


def measured(arguments: argparse.Namespace, runs: int) -> list[Course]:
    """Whatever is to be compared, each after the other."""
    machine, quick, tier = figures.machine(), arguments.quick, arguments.tier
    if arguments.growth:
        counts = sizes.QUICK_CANDIDACIES if quick else sizes.CANDIDACIES
        return [measure(partial(Growth, tier="full", size=sizes.GROWTH, machine=machine, counts=counts), 1)]
    if arguments.cross_check:
        cross.wrk()
        return [measure(partial(Cross, tier=tier, size=sizes.CROSS, machine=machine, label="cross-check"), runs)]
    size = sizes.QUICK if quick else sizes.FULL
    course = partial(Course, tier=tier, size=size, machine=machine)
    if arguments.replicas:
        if tier == "core":
            raise LocalError("--replicas 经网关分配请求：请不要与 --tier core 同用。")
        return [measure(partial(course, scale=dict.fromkeys(ROLES, count), label=f"x{count}"), runs) for count in (1, 2)]
    if arguments.variants:
        course = partial(course, size=sizes.QUICK_VARIANTS if quick else sizes.VARIANTS)
        variants = [partial(course, without=without, label=f"without {' '.join(without) or 'nothing'}") for without in VARIANTS]
        rounds = [[measure(variant, 1) for variant in variants] for _ in range(runs)]
        return [together(courses) for courses in zip(*rounds, strict=True)]
    return [measure(course, runs)]


def together(courses: Sequence[Course]) -> Course:
    """The runs of all as runs of the first."""
    first, *others = courses
    for other in others:
        first.runs += other.runs
        first.findings += other.findings
    return first


def measure(plan: Plan, runs: int) -> Course:
    """On fresh servers, whose data lies on a disk: what is measured is durable. What could not be done to the end is void."""
    with tempfile.TemporaryDirectory(prefix="jianxi-bench-") as folder, Servers(Path(folder)) as servers:
        course = plan(folder=Path(folder), servers=servers, report=lambda step: print(step, flush=True))
        course.machine["servers"] = figures.versions(servers)
        try:
            course.run(runs)
        except LocalError as error:
            course.findings.append(str(error))
        return course
