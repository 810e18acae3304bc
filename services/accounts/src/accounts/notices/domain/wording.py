"""The words of a notice: a template of the package, filled in with what its facts name (R21)."""

import string
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from common.calendar import SHANGHAI, local_date, midnight
from common.reasons import Reasons
from common.values import Value
from pydantic import Field

from accounts.notices.data import load
from accounts.notices.domain.notice import Group

MATTERS = {
    "recognition": "单位认定",
    "posting": "岗位审核",
    "unemployment": "失业登记核查",
    "eligibility": "资格审核",
    "identity": "身份核验",
    "objection": "异议",
    "reinstatement": "恢复投递",
    "lift": "解除限制",
    "release": "放弃申请",
    "complaint": "终止或投诉",
    "silence": "单位未处理事项",
    "policy": "政策修改",
}
NEEDS: dict[str, frozenset[str]] = {
    "posting": frozenset({"posting_id"}),
    "unit": frozenset({"unit_id"}),
    "reason": frozenset({"reason", "scope"}),
    "due": frozenset({"due"}),
    "due_short": frozenset({"due"}),
    "start": frozenset({"start"}),
    "end": frozenset({"end"}),
    "days": frozenset({"days"}),
    "months": frozenset({"months"}),
    "matter": frozenset({"matter"}),
}
"""Every name a template may use, and the facts that fill it in."""
FILLED_LATER = {"posting_id": "application_id", "unit_id": "application_id", "region": "application_id"}
"""Facts that follow from another one by what is known of the application."""


class Wording(Value):
    """`sms` is the text of a short message (None: none is sent): it names nothing private."""

    title: str
    body: str
    sms: str | None = None


class Template(Wording):
    """`variants` say the same of a special case, chosen by the fact `variant`."""

    group: Group
    variants: dict[str, Wording] = Field(default_factory=dict)

    def wording(self, facts: Mapping[str, str]) -> Wording:
        return self.variants.get(facts.get("variant", ""), self)


class Names(Value):
    """What postings and units are called."""

    postings: dict[str, str] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)


@cache
def templates() -> dict[str, Template]:
    """All templates by key: ``application.offered.intern``."""
    return {key: Template.model_validate({"group": group, **content}) for group in Group for key, content in load(group).items()}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def words(facts: Mapping[str, str], names: Names, reasons: Reasons) -> dict[str, str]:
    """What each name stands for; what is not known yet is said in general."""
    due = facts.get("due")
    return {
        "posting": names.postings.get(facts.get("posting_id", ""), "见习岗位"),
        "unit": names.units.get(facts.get("unit_id", ""), "见习单位"),
        "reason": _reason(facts, reasons),
        "due": _until(due, "{0.year}年{0.month}月{0.day}日") if due else "规定期限",
        "due_short": _until(due, "{0.month}月{0.day}日") if due else "规定期限",
        "start": _day(facts.get("start")),
        "end": _day(facts.get("end")),
        "days": facts.get("days", ""),
        "months": facts.get("months", ""),
        "matter": MATTERS.get(facts.get("matter", ""), "办理事项"),
    }


def _reason(facts: Mapping[str, str], reasons: Reasons) -> str:
    code = facts.get("reason", "")
    scopes = facts.get("scope", "").split(",")
    scope = next((scope for scope in scopes if code in reasons.by_scope.get(scope, {})), scopes[0])
    return reasons.label(scope, code) or "见办理详情"


def _until(due: str, form: str) -> str:
    """A term ends at 24:00 of its last day, as a rule."""
    instant = datetime.fromisoformat(due)
    day = local_date(instant)
    if instant == midnight(day):
        return f"{form.format(date.fromordinal(day.toordinal() - 1))}24:00"
    return f"{form.format(day)}{instant.astimezone(SHANGHAI):%H:%M}"


def _day(text: str | None) -> str:
    return "{0.year}年{0.month}月{0.day}日".format(date.fromisoformat(text)) if text else "约定日期"
