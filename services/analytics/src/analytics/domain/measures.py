"""The measures: what each counts, over which histories, and the sentence that defines it. Each is a pure function of a group."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from common.contracts.words import EndKind, Status

from analytics.domain.history import Journey, OpenCase, Posting, Seats

Figures: TypeAlias = dict[str, int | float | None]
_HOUR = timedelta(hours=1)


class Source(StrEnum):
    """What a measure is drawn from."""

    APPLICATIONS = "applications"
    CASES = "cases"
    POSTINGS = "postings"


@dataclass(frozen=True)
class Measure:
    """`figures` names and explains the columns in their order; `counted` are those that count people or applications."""

    id: str
    title: str
    definition: str
    source: Source
    figures: Mapping[str, str]
    counted: frozenset[str]
    of: Callable[[Sequence[Any], datetime], Figures]


def funnel(journeys: Sequence[Journey], _: datetime) -> Figures:
    reached = [journey.reached for journey in journeys]
    counts: Figures = {name: sum(status in each for each in reached) for name, status in _STAGES.items()}
    counts |= {name: sum(journey.status is status for journey in journeys) for name, status in _OUTCOMES.items()}
    return counts


def stage_hours(journeys: Sequence[Journey], _: datetime) -> Figures:
    found: Figures = {}
    for name, status in _WAITS.items():
        hours = _hours(journeys, status)
        found |= {f"{name}_count": len(hours), f"{name}_median": _median(hours), f"{name}_p90": _p90(hours)}
    return found


def unit_answer(journeys: Sequence[Journey], _: datetime) -> Figures:
    answered = [_span(journey, Status.PENDING) for journey in journeys if journey.reached & {Status.OFFERED, Status.REJECTED}]
    hours = [span for span in answered if span is not None]
    waiting = sum(journey.status is Status.PENDING for journey in journeys)
    return {"answered": len(hours), "waiting": waiting, "hours_median": _median(hours), "hours_p90": _p90(hours)}


def onboarding(journeys: Sequence[Journey], _: datetime) -> Figures:
    onboarded = sum(Status.ONBOARDED in journey.reached for journey in journeys)
    absent = sum(journey.status is Status.ABSENT for journey in journeys)
    ended = [journey for journey in journeys if journey.status is Status.TERMINATED]
    completed = sum(journey.end_kind is EndKind.COMPLETED for journey in ended)
    retained = sum(journey.retained for journey in ended)
    return {
        "onboarded": onboarded,
        "absent": absent,
        "onboarding_rate": _rate(onboarded, onboarded + absent),
        "ended": len(ended),
        "completed": completed,
        "early": len(ended) - completed,
        "retained": retained,
        "retention_rate": _rate(retained, len(ended)),
    }


def open_cases(cases: Sequence[OpenCase], as_of: datetime) -> Figures:
    ages = [(as_of - case.opened_at) / timedelta(days=1) for case in cases]
    overdue = sum(case.due_at is not None and case.due_at <= as_of for case in cases)
    return {
        "open": len(cases),
        "overdue": overdue,
        "days_to_3": sum(age < 3 for age in ages),
        "days_3_to_7": sum(3 <= age < 7 for age in ages),
        "days_7_to_30": sum(7 <= age < 30 for age in ages),
        "days_30_on": sum(age >= 30 for age in ages),
    }


def fill_rate(postings: Sequence[tuple[Posting, Seats]], _: datetime) -> Figures:
    seats = sum(seats.headcount for _, seats in postings)
    taken = sum(seats.taken for _, seats in postings)
    return {"postings": len(postings), "seats": seats, "taken": taken, "fill_rate": _rate(taken, seats)}


_STAGES = {
    "submitted": Status.PENDING, "offered": Status.OFFERED, "willing": Status.WILLING,
    "approved": Status.APPROVED, "onboarded": Status.ONBOARDED, "ended": Status.TERMINATED,
}  # fmt: skip
_OUTCOMES = {
    "rejected": Status.REJECTED, "unwilling": Status.UNWILLING, "disapproved": Status.DISAPPROVED,
    "absent": Status.ABSENT, "withdrawn": Status.WITHDRAWN,
}  # fmt: skip
_WAITS = {"unit": Status.PENDING, "intern": Status.OFFERED, "review": Status.WILLING, "onboarding": Status.APPROVED}
_WAIT_LABELS = {"unit": "待单位确认", "intern": "待本人确认", "review": "待审核", "onboarding": "待上岗"}
_FIGURE_LABELS = {"count": "件数", "median": "时长中位数（小时）", "p90": "时长90分位（小时）"}

MEASURES: dict[str, Measure] = {
    measure.id: measure
    for measure in (
        Measure(
            "funnel",
            "投递漏斗",
            "每条投递计一次，计入它到达过的每一阶段；被恢复撤销的步骤不计。未通过、无意愿、撤回等按目前状态计。",
            Source.APPLICATIONS,
            {
                "submitted": "投递", "offered": "确认通过", "willing": "确认意愿", "approved": "确认审核通过", "onboarded": "确认上岗",
                "ended": "终止", "rejected": "确认不通过", "unwilling": "确认无意愿", "disapproved": "确认审核不通过",
                "absent": "确认未到岗", "withdrawn": "撤回",
            },
            frozenset({*_STAGES, *_OUTCOMES}),
            funnel,
        ),
        Measure(
            "stage-hours",
            "各阶段时长",
            "已离开该阶段的投递，自最近一次进入该阶段至离开的自然小时数；仍在该阶段的不计。中位数与90分位按最近秩计算。",
            Source.APPLICATIONS,
            {f"{stage}_{figure}": f"{label}：{text}" for stage, label in _WAIT_LABELS.items() for figure, text in _FIGURE_LABELS.items()},
            frozenset(f"{stage}_count" for stage in _WAITS),
            stage_hours,
        ),
        Measure(
            "unit-answer",
            "单位答复时长",
            "单位已答复（确认通过或不通过）的投递，自投递（或再次待确认）至答复的自然小时数；待确认的另计件数。",
            Source.APPLICATIONS,
            {"answered": "已答复", "waiting": "待确认", "hours_median": "时长中位数（小时）", "hours_p90": "时长90分位（小时）"},
            frozenset({"answered", "waiting"}),
            unit_answer,
        ),
        Measure(
            "onboarding",
            "上岗率与留用率",
            "上岗率＝确认上岗÷（确认上岗＋确认未到岗）；留用率＝留用÷已终止。异议成立后更正的，按更正后计；恢复撤销的不计。",
            Source.APPLICATIONS,
            {
                "onboarded": "确认上岗", "absent": "未到岗", "onboarding_rate": "上岗率", "ended": "已终止", "completed": "期满",
                "early": "提前终止", "retained": "留用", "retention_rate": "留用率",
            },
            frozenset({"onboarded", "absent", "ended", "completed", "early", "retained"}),
            onboarding,
        ),
        Measure(
            "open-cases",
            "在办与超期事项",
            "统计时点尚未办结的事项；超期指当前期限已过；历时自立案（重新立案的自最近一次）起按自然日计。",
            Source.CASES,
            {
                "open": "在办", "overdue": "超期", "days_to_3": "3日内", "days_3_to_7": "3至7日", "days_7_to_30": "7至30日",
                "days_30_on": "30日以上",
            },
            frozenset({"open", "overdue", "days_to_3", "days_3_to_7", "days_7_to_30", "days_30_on"}),
            open_cases,
        ),
        Measure(
            "fill-rate",
            "岗位名额使用率",
            "目前发布中的岗位：已占用名额÷招收人数。为当前数，不按过去的时点回溯。",
            Source.POSTINGS,
            {"postings": "岗位", "seats": "招收人数", "taken": "已占用", "fill_rate": "使用率"},
            frozenset({"taken"}),
            fill_rate,
        ),
    )
}  # fmt: skip


def people_behind(source: Source, figures: Figures, count: int) -> int:
    """How many persons a row tells about: applications and cases are theirs, of postings those who hold a seat."""
    return int(figures["taken"] or 0) if source is Source.POSTINGS else count


def _hours(journeys: Iterable[Journey], status: Status) -> list[float]:
    return [span for journey in journeys if (span := _span(journey, status)) is not None]


def _span(journey: Journey, status: Status) -> float | None:
    """Hours in the status, the last time it was left."""
    spans = [(stay.until - stay.since) / _HOUR for stay in journey.stays if stay.status is status and stay.until is not None]
    return spans[-1] if spans else None


def _median(hours: Sequence[float]) -> float | None:
    return round(statistics.median_low(hours), 2) if hours else None


def _p90(hours: Sequence[float]) -> float | None:
    """By nearest rank: the smallest that at least nine in ten do not exceed."""
    return round(sorted(hours)[-(-len(hours) * 9 // 10) - 1], 2) if hours else None


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
