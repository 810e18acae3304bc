"""What a change of policy would do to the open cases, told before it is made (programme §5).

Most numbers are read once, at the deed that they limit, and what was done stays as it was (R11); running terms keep their end.
The tables say of every number which it is; a test holds them against `Policy`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from common.calendar import midnight
from common.contracts.words import CaseKind, CaseStatus
from common.policy import PolicyEntry
from common.reference import Reference, ReferenceItem
from common.values import Value

SHOWN = 200
"""So many cases are listed; all are counted."""

TERMS: dict[str, tuple[frozenset[CaseStatus], str]] = {
    "review_working_days": (frozenset({CaseStatus.RETURNED}), "正在进行的期限不变；补正提交之后的办理期限按新规定计算"),
    "supplement_working_days": (frozenset({CaseStatus.OPEN, CaseStatus.CLAIMED}), "此后如退回补正，补正期限按新规定计算"),
}
"""By number of working days: cases in which status meet their next such term under the change."""

DECISIONS: dict[str, tuple[frozenset[CaseKind], str]] = {
    "recognition_years": (frozenset({CaseKind.RECOGNITION}), "批准时按新的年限确定认定有效期"),
    "evidence_recheck_days": (frozenset({CaseKind.ELIGIBILITY}), "审核时按新的天数判断失业登记信息是否须重新核查"),
    "once_only": (frozenset({CaseKind.ELIGIBILITY, CaseKind.REINSTATEMENT}), "决定时按新规定核对是否参加过见习"),
    "max_pending": (frozenset({CaseKind.REINSTATEMENT}), "恢复为待确认时按新的上限核对"),
    "months_max": (frozenset({CaseKind.LIFT}), "决定时按新的上限核对累计见习月数"),
    "lift_within_days": (frozenset({CaseKind.LIFT}), "决定时按新的天数核对"),
}
"""By number that a decision reads: the kinds of case that are decided by it."""

_AT_SUBMISSION = "以提交申请当日为准，已提交的申请和已开的审核不受影响（R11）"
_AT_DECLARATION = "在岗位提交审核时核对，已提交的岗位不受影响"
_BEGUN = "已经开始的期限不变，此后开始的按新规定计算"
_LATER = "办理中的事项不使用这一参数"
UNTOUCHED: dict[str, str] = {
    **dict.fromkeys(("age_min", "age_max", "graduate_months", "measured_at", "recommendation_form_allowed"), _AT_SUBMISSION),
    **dict.fromkeys(("months_min", "posting_share_of_staff", "interns_per_mentor"), _AT_DECLARATION),
    **dict.fromkeys(("answer_working_days", "unit_answer_working_days", "objection_working_days", "publicity_working_days"), _BEGUN),
    **dict.fromkeys(("onboard_report_working_days", "end_report_working_days"), _BEGUN),
    **dict.fromkeys(("reminder_working_days", "recognition_reminder_days", "termination_files"), _LATER),
    **dict.fromkeys(("subsidy_rate", "subsidy_rate_retained", "retained_share", "retention_bonus_fen", "insurance_cap_fen"), _LATER),
}
"""By number that no open case depends on: why not."""


class OpenCase(Value):
    """What a dry run needs to know of a case."""

    id: str
    kind: CaseKind
    status: CaseStatus
    region: str
    due_at: datetime


class AffectedCase(OpenCase):
    """`due_at` is the end of the running term, which stays. The next term, did it begin on the day of the dry run, would end at
    `due_after` instead of `due_before`; both are null where no term changes."""

    fields: tuple[str, ...]
    why: tuple[str, ...]
    due_before: datetime | None = None
    due_after: datetime | None = None


class Untouched(Value):
    field: str
    why: str


class DryRun(Value):
    """`day` is the first day of the change, today at the earliest. `affected` and `open` count by kind of case; `cases` are the first."""

    region: str
    day: date
    affected: dict[str, int]
    open: dict[str, int]
    cases: tuple[AffectedCase, ...]
    untouched: tuple[Untouched, ...]


def of_policy(entry: PolicyEntry, based_on: int, known: Reference, today: date, cases: Sequence[OpenCase]) -> DryRun:
    """The entry as the next version after `based_on`, with everything that is set now."""
    value = entry.model_dump(mode="json", exclude={"version"})
    after = known.with_items([ReferenceItem(kind="policy", key=entry.key, version=based_on + 1, value=value)])
    return _compare(entry.region, list(entry.changes), max(entry.effective, today), known, after, cases)


def _compare(region: str, fields: Sequence[str], day: date, before: Reference, after: Reference, cases: Sequence[OpenCase]) -> DryRun:
    """`fields` are those that the change sets. A county that sets one of them itself is not affected by its province."""

    @cache
    def changed(place: str) -> frozenset[str]:
        old, new = before.policy(place, day).model_dump(), after.policy(place, day).model_dump()
        return frozenset(name for name in old if name != "versions" and old[name] != new[name])

    found = [affected for case in cases if (affected := _affected(case, changed(case.region), day, before, after))]
    return DryRun(
        region=region,
        day=day,
        affected=dict(Counter(case.kind for case in found)),
        open=dict(Counter(case.kind for case in cases)),
        cases=tuple(found[:SHOWN]),
        untouched=tuple(Untouched(field=name, why=UNTOUCHED[name]) for name in fields if name in UNTOUCHED),
    )


def _affected(case: OpenCase, changed: frozenset[str], day: date, before: Reference, after: Reference) -> AffectedCase | None:
    terms = {name: why for name, (statuses, why) in TERMS.items() if name in changed and case.status in statuses}
    decisions = {name: why for name, (kinds, why) in DECISIONS.items() if name in changed and case.kind in kinds}
    if not terms and not decisions:
        return None
    found = {**terms, **decisions}
    affected = AffectedCase(**case.model_dump(), fields=tuple(found), why=tuple(found.values()))

    def end(known: Reference) -> datetime:
        days: int = getattr(known.policy(case.region, day), next(iter(terms)))
        return known.calendar.due_instant(midnight(day), days)

    return affected.but(due_before=end(before), due_after=end(after)) if terms else affected
