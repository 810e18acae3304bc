"""What people read of a benchmark, and the file that keeps it."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from jianxi_local.bench.course import Course, idle_percent
from jianxi_local.bench.figures import Phase
from jianxi_local.bench.growth import Growth
from jianxi_local.bench.setting import HOT_SEATS

FOLDER = Path("benchmarks") / "results"
SHOWN = 10


def table(course: Course) -> str:
    """Medians over the runs, with the range where there are several."""
    if course.findings:
        return "\n".join([f"本次测量作废，{len(course.findings)} 处不符：", *course.findings[:SHOWN]])
    if isinstance(course, Growth):
        return _growth(course)
    columns = [[run.phases[number] for run in course.runs] for number in range(len(course.runs[0].phases))]
    head = _row("", "流程/秒", "R", "CPU ms/流程", "÷L", "命令 p50", "p99", "p99.9", "事件 p50", "p99")
    phases = [head, *(_phase_line(phases, course) for phases in columns)]
    processes = ["每流程 CPU 毫秒（各进程）", *map(_process_line, columns)]
    return "\n\n".join("\n".join(part) for part in (_bounds(course), phases, processes, _rest(course)))


def _growth(course: Growth) -> str:
    first = course.grown[min(course.grown)].rate
    lines = [
        f"  {count:>9,} 人  {phase.rate:5.1f} 流程/秒（{phase.rate / first:.2f}）  {phase.cpu:6.1f} CPU 毫秒"
        f"  命令 p99 {phase.command_ms['p99']:.0f} 毫秒"
        for count, phase in course.grown.items()
    ]
    lists = [f"  {what}：p50 {took['p50']:.1f}，p99 {took['p99']:.1f} 毫秒" for what, took in course.lists.items()]
    return "\n".join(["", "人数增长", *lines, "列表", *lists])


def _bounds(course: Course) -> list[str]:
    bounds = [run.limit for run in course.runs]
    rate, cpu = _spread([one.flows_per_second for one in bounds], 0), _spread([1000 * one.cpu_per_flow for one in bounds], 2)
    machine = course.machine
    return [f"\n{machine['cpu']}，{machine['cores']} 核；{course.tier}，{len(course.runs)} 轮", f"L  {rate} 流程/秒，{cpu} CPU 毫秒/流程"]


def _process_line(phases: Sequence[Phase]) -> str:
    each = "  ".join(f"{name} {cpu:.2f}" for name, cpu in _medians([phase.cpu_ms for phase in phases]).items())
    return f"  {phases[0].name:<6}{each}  （压测程序 {median(phase.driver_cpu_ms for phase in phases):.2f} 不计）"


def _rest(course: Course) -> list[str]:
    written, idle = _medians([run.phases[-1].written for run in course.runs]), idle_percent(course)
    memory = {
        name: f"{rss / 2**20:.0f}→{course.resident_loaded[name] / 2**20:.0f} MB" for name, rss in sorted(course.resident_idle.items())
    }
    crowd = _spread([run.crowd_seconds for run in course.runs], 1)
    return [
        "每流程写盘 " + _each({name: f"{count / 1024:.0f} KiB" for name, count in written.items()}),
        f"就绪 {course.start_seconds:.1f} 秒；空闲 CPU 共 {sum(idle.values()):.1f}%："
        + _each({name: f"{p:.1f}%" for name, p in idle.items()}),
        "内存（空闲→负载后）" + _each(memory),
        *([] if course.alone else [f"抢手岗位：{course.size.crowd} 人争 {HOT_SEATS} 个名额，{crowd} 秒"]),
    ]


def beside(one: Course, two: Course) -> str:
    """CPU of a flow with two processes of each role, by that with one."""
    lines = ["\n每流程 CPU：两个进程与一个进程之比"]
    for number, phase in enumerate(one.runs[0].phases):
        few, many = (median(run.phases[number].cpu for run in course.runs) for course in (one, two))
        lines.append(f"  {phase.name:<6}{many / few:.2f}（{many:.1f} / {few:.1f} 毫秒）")
    return "\n".join(lines)


def write(course: Course) -> Path:
    """The whole record as JSON."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{datetime.now(UTC):%Y-%m-%d}-{_kind(course)}.json"
    path.write_text(json.dumps(_record(course), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _kind(course: Course) -> str:
    count = max(course.scale.values(), default=0)
    return "growth" if isinstance(course, Growth) else f"{course.tier}-x{count}" if count else course.tier


def _record(course: Course) -> dict[str, Any]:
    runs = [
        {
            "limit": run.limit.__dict__,
            "phases": {phase.name: {**phase.as_json(), **phase.beside(run.limit)} for phase in run.phases},
            "crowd_seconds": run.crowd_seconds,
        }
        for run in course.runs
    ]
    grown = {count: phase.as_json() for count, phase in course.grown.items()} if isinstance(course, Growth) else {}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": course.machine, "tier": course.tier, "scale": dict(course.scale),
        "start_seconds": course.start_seconds, "idle_cpu_percent": idle_percent(course),
        "resident_idle": course.resident_idle, "resident_loaded": course.resident_loaded, "runs": runs,
        "grown": grown, "lists_ms": course.lists if isinstance(course, Growth) else {},
    }  # fmt: skip


def _phase_line(phases: Sequence[Phase], course: Course) -> str:
    ratios = [phase.ratios(run.limit) for phase, run in zip(phases, course.runs, strict=True)]
    command, lag = _medians([phase.command_ms for phase in phases]), _medians([phase.lag_ms for phase in phases])
    return _row(
        phases[0].name,
        _spread([phase.rate for phase in phases], 1), _spread([r for r, _ in ratios], 2),
        _spread([phase.cpu for phase in phases], 1), _spread([cpu for _, cpu in ratios], 2),
        *(f"{command[p]:.1f}" for p in ("p50", "p99", "p99.9")), *(f"{lag[p]:.1f}" for p in ("p50", "p99")),
    )  # fmt: skip


def _row(*cells: str) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, (6, 20, 18, 18, 18, 8, 8, 8, 8, 8), strict=True)).rstrip()


def _spread(values: Sequence[float], digits: int) -> str:
    middle = f"{median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def _medians(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: median(row[name] for row in rows if name in row) for name in dict.fromkeys(name for row in rows for name in row)}


def _each(figures: Mapping[str, str]) -> str:
    return "，".join(f"{name} {value}" for name, value in figures.items())
