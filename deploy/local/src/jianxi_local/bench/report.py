"""What people read of a benchmark, and the file that keeps it."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from jianxi_local.bench.course import Course
from jianxi_local.bench.cross import Cross
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
    if isinstance(course, Cross):
        return _cross(course)
    columns = [[run.phases[number] for run in course.runs] for number in range(len(course.runs[0].phases))]
    head = _row("", "流程/秒", "R", "CPU ms/流程", "÷L", "命令 p50", "p99", "p99.9", "事件 p50", "p99")
    phases = [head, *(_phase_line(phases, course) for phases in columns)]
    processes = ["每流程 CPU 毫秒（各进程）", *map(_process_line, columns)]
    return "\n\n".join("\n".join(part) for part in (_bounds(course), phases, processes, _rest(course)))


def _growth(course: Growth) -> str:
    ratios = {count: phase.ratios(bound) for count, (bound, phase) in course.grown.items()}
    first_r, first_cpu = ratios[min(ratios)]
    lines = [
        f"  {count:>9,} 人  {phase.rate:5.1f} 流程/秒  R {ratios[count][0]:.3f}（{ratios[count][0] / first_r:.2f}）"
        f"  {phase.cpu:6.1f} CPU 毫秒  ÷L {ratios[count][1]:.2f}（{ratios[count][1] / first_cpu:.2f}）"
        f"  命令 p99 {phase.command_ms['p99']:.0f} 毫秒"
        for count, (_, phase) in course.grown.items()
    ]
    lists = [f"  {what}：p50 {took['p50']:.1f}，p99 {took['p99']:.1f} 毫秒" for what, took in course.lists.items()]
    return "\n".join(["", "人数增长", *lines, "列表", *lists])


def _cross(course: Cross) -> str:
    """Medians over the runs."""
    lines = [
        f"  {what:<12}{median(asked.rate for asked, _ in all):8.0f} 次/秒  "
        + "  ".join(f"{p} {ms:6.1f}" for p, ms in _medians([asked.ms for asked, _ in all]).items())
        + f"  平台 CPU {median(cpu for _, cpu in all):.2f} 毫秒/次"
        for what, all in course.asked.items()
    ]
    return "\n".join(["", "同样的请求，16 个连接：wrk 与压测程序（毫秒）", *lines])


def _bounds(course: Course) -> list[str]:
    bounds = [run.limit for run in course.runs]
    rate, cpu = _spread([one.flows_per_second for one in bounds], 0), _spread([1000 * one.cpu_per_flow for one in bounds], 2)
    machine = course.machine
    about = f"{machine['cpu']}，{machine['cores']} 核，开始前负载 {machine['load_before']:.2f}"
    return [f"\n{about}；{course.tier} {course.label}，{len(course.runs)} 轮", f"L  {rate} 流程/秒，{cpu} CPU 毫秒/流程"]


def _process_line(phases: Sequence[Phase]) -> str:
    each = "  ".join(f"{name} {cpu:.2f}" for name, cpu in _medians([phase.cpu_ms for phase in phases]).items())
    return f"  {phases[0].name:<6}{each}  （压测程序 {median(phase.driver_cpu_ms for phase in phases):.2f} 不计）"


def _rest(course: Course) -> list[str]:
    written, idle = _medians([run.phases[-1].written for run in course.runs]), _percent(course)
    memory = {
        name: f"{rss / 2**20:.0f}→{course.resident_loaded[name] / 2**20:.0f} MB" for name, rss in sorted(course.resident_idle.items())
    }
    contested = _spread([run.crowd_seconds for run in course.runs], 1)
    return [
        *_lone(course),
        "每流程写盘 " + _each({name: f"{count / 1024:.0f} KiB" for name, count in written.items()}),
        f"就绪 {course.start_seconds:.1f} 秒；空闲 CPU 共 {sum(idle.values()):.1f}%："
        + _each({name: f"{p:.1f}%" for name, p in idle.items()}),
        "内存（空闲→负载后）" + _each(memory),
        *([f"抢手岗位：{course.size.crowd} 人争 {HOT_SEATS} 个名额，{contested} 秒"] if course.runs[0].crowd_seconds else []),
    ]


def _lone(course: Course) -> list[str]:
    """A line about the commands that came alone, where there were any."""
    each = [run.lone.command_ms for run in course.runs if run.lone]
    p50, p99 = ([ms[p] for ms in each] for p in ("p50", "p99"))
    return [f"平台静止时发出的一条命令：p50 {_spread(p50, 1)} 毫秒，p99 {_spread(p99, 1)}"] if each else []


def beside(courses: Sequence[Course]) -> str:
    """Each phase of one beside the others: CPU as a share of the first's, and by service."""
    lines = ["\n同样的工作，并列（中位数；CPU 毫秒/流程，括号内为与第一行之比）"]
    for number, first in enumerate(courses[0].runs[0].phases):
        lines.append(f"  {first.name}")
        whole = median(run.phases[number].cpu for run in courses[0].runs)
        for course in courses:
            phases = [run.phases[number] for run in course.runs]
            cpu, command = median(phase.cpu for phase in phases), _medians([phase.command_ms for phase in phases])
            each = "，".join(f"{name} {one:.1f}" for name, one in _medians([_by_service(phase.cpu_ms) for phase in phases]).items())
            lines.append(
                f"    {course.label:<30}{_spread([phase.rate for phase in phases], 1)} 流程/秒  CPU {cpu:.1f} ({cpu / whole:.2f})"
                f"  命令 p50 {command['p50']:.0f} p99 {command['p99']:.0f} 毫秒  {each}"
            )
    return "\n".join(lines)


def _by_service(cpu_ms: Mapping[str, float]) -> dict[str, float]:
    """All processes of a service together."""
    services = [name.partition(".")[0] for name in cpu_ms]
    return {one: sum(cpu for name, cpu in cpu_ms.items() if name.partition(".")[0] == one) for one in dict.fromkeys(services)}


def write(course: Course) -> Path:
    """The whole record as JSON."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{datetime.now(UTC):%Y-%m-%d}-{_kind(course)}.json"
    path.write_text(json.dumps(_record(course), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _kind(course: Course) -> str:
    label = course.label.replace(" ", "-")
    return "growth" if isinstance(course, Growth) else f"{course.tier}-{label}" if label else course.tier


def _record(course: Course) -> dict[str, Any]:
    runs = [
        {
            "limit": run.limit.__dict__,
            "lone": run.lone and run.lone.as_json(),
            "phases": {phase.name: {**phase.as_json(), **phase.beside(run.limit)} for phase in run.phases},
            "crowd_seconds": run.crowd_seconds,
        }
        for run in course.runs
    ]
    asked = (
        {what: [{**one.__dict__, "cpu_ms": cpu} for one, cpu in all] for what, all in course.asked.items()}
        if isinstance(course, Cross)
        else {}
    )
    grown = (
        {count: {**phase.as_json(), **phase.beside(bound), "limit": bound.__dict__} for count, (bound, phase) in course.grown.items()}
        if isinstance(course, Growth)
        else {}
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": course.machine, "tier": course.tier, "scale": dict(course.scale),
        "without": list(course.without), "start_seconds": course.start_seconds, "idle_cpu_percent": _percent(course),
        "resident_idle": course.resident_idle, "resident_loaded": course.resident_loaded, "runs": runs,
        "asked": asked, "grown": grown, "lists_ms": course.lists if isinstance(course, Growth) else {},
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


def _percent(course: Course) -> dict[str, float]:
    """CPU while nobody asks for anything, of a core."""
    return {name: 100 * share for name, share in course.idle_cpu.items()}
