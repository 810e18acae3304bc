"""`./jianxi bench`: benchmark JX-6, see docs/performance.md. Runs on a platform of its own, on an otherwise idle machine."""

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from jianxi_local.bench import report, sizes
from jianxi_local.bench.course import Course
from jianxi_local.bench.growth import Growth
from jianxi_local.servers import Servers
from jianxi_local.stack import SERVICES

TIERS = ("core", "full")
ROLES = [f"{service}.{role}" for service in SERVICES for role in ("api", "worker")]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="少量流程、一轮：看看能不能跑通，数字仅供参考")
    parser.add_argument("--tier", choices=TIERS, default="full", help="core：只有投递服务；full：经网关的整个平台（默认）")
    parser.add_argument("--growth", action="store_true", help="一千、十万、一百万人时的流程，以及最长的列表（--quick：至五万人）")
    parser.add_argument("--replicas", action="store_true", help="每个服务的每种角色一个进程，再各两个，比较两者")
    parser.add_argument("--runs", type=int, help="轮数，取中位数（默认 5，--quick 时为 1）")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 when the gate voids a run."""
    size = sizes.QUICK if arguments.quick else sizes.FULL
    runs = arguments.runs or (1 if arguments.quick else 5)
    if arguments.growth:
        counts = sizes.QUICK_CANDIDACIES if arguments.quick else sizes.CANDIDACIES
        courses: list[Course] = [measure(partial(Growth, tier="full", size=sizes.GROWTH, scale={}, counts=counts), 1)]
    else:
        scales = [dict.fromkeys(ROLES, count) for count in (1, 2)] if arguments.replicas else [{}]
        courses = [measure(partial(Course, tier=arguments.tier, size=size, scale=scale), runs) for scale in scales]
    for course in courses:
        print(report.table(course))
        if not course.findings:
            print(f"结果：{report.write(course)}")
    if arguments.replicas:
        print(report.beside(*courses))
    return 1 if any(course.findings for course in courses) else 0


def measure(course: Callable[..., Course], runs: int) -> Course:
    """On fresh servers, whose data lies on a disk: what is measured is durable."""
    with tempfile.TemporaryDirectory(prefix="jianxi-bench-") as folder, Servers(Path(folder)) as servers:
        made = course(folder=Path(folder), servers=servers, report=lambda step: print(step, flush=True))
        made.run(runs)
        return made
