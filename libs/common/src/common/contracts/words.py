"""The words of the programme that messages and services share: one name per idea, with the term people read (`label`).

`docs/glossary.md` prints them.
"""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word that stands for itself in messages."""

    label: str

    def __new__(cls, word: str, label: str = "") -> Self:
        new = str.__new__(cls, word)
        new._value_, new.label = word, label
        return new


class Role(Word):
    INTERN = "intern", "见习人员"
    UNIT = "unit", "见习单位"
    OFFICER = "officer", "人社经办人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    ANALYST = "analyst", "统计分析"
    VISITOR = "visitor", "访客"  # anybody, before log-in
    SYSTEM = "system", "系统"  # the clock and the services themselves


class Permission(Word):
    """What a user of a unit may do (R24)."""

    MANAGE_USERS = "manage_users", "管理账号"
    MANAGE_POSTINGS = "manage_postings", "管理岗位"
    ANSWER_APPLICANTS = "answer_applicants", "答复投递"
    REPORT_INTERNSHIPS = "report_internships", "报告上岗与终止"


class Status(Word):
    """Status of an application (programme §2)."""

    PENDING = "PENDING", "待确认"
    OFFERED = "OFFERED", "确认通过"
    REJECTED = "REJECTED", "确认不通过"
    WILLING = "WILLING", "确认意愿"
    UNWILLING = "UNWILLING", "确认无意愿"
    APPROVED = "APPROVED", "确认审核通过"
    DISAPPROVED = "DISAPPROVED", "确认审核不通过"
    ONBOARDED = "ONBOARDED", "确认上岗"
    ABSENT = "ABSENT", "确认未到岗"
    TERMINATED = "TERMINATED", "终止"
    WITHDRAWN = "WITHDRAWN", "撤回"


OFFICIAL: dict[Status, str] = {status: status.label for status in Status}
"""The guide's own term for each status."""


class Category(Word):
    GRADUATE = "graduate", "离校2年内高校毕业生"
    YOUTH = "youth", "16–24岁失业青年"


class Check(Word):
    """State of the unemployment check of an intent (R13)."""

    NOT_NEEDED = "NOT_NEEDED", "无需核查"
    CHECKING = "CHECKING", "核查中"
    PASSED = "PASSED", "通过"
    FAILED = "FAILED", "未通过"


class Diploma(Word):
    """State of the diploma an application's intern owes (G13)."""

    HELD = "HELD", "已持有"  # attached at intent; nothing owed
    OWED = "OWED", "待补交"
    DELIVERED = "DELIVERED", "已补交，待单位接收"
    ACCEPTED = "ACCEPTED", "已接收"
    REFUSED = "REFUSED", "已退回"


class UnitStatus(Word):
    REGISTERED = "REGISTERED", "已注册"
    REQUESTED = "REQUESTED", "认定中"
    RECOGNISED = "RECOGNISED", "已认定"
    REFUSED = "REFUSED", "认定未通过"
    SUSPENDED = "SUSPENDED", "已暂停"
    REVOKED = "REVOKED", "已取消"
    EXPIRED = "EXPIRED", "已到期"


class PostingStatus(Word):
    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待审核"
    RETURNED = "RETURNED", "退回修改"
    PUBLISHED = "PUBLISHED", "已发布"
    PAUSED = "PAUSED", "已暂停"
    CLOSING = "CLOSING", "关闭中"
    CLOSED = "CLOSED", "已关闭"


class PostingKind(Word):
    RESEARCH = "research", "科研"
    TECHNICAL = "technical", "技术技能"
    MANAGEMENT = "management", "管理"
    SOCIAL_SERVICE = "social_service", "社会服务"


class CaseKind(Word):
    RECOGNITION = "recognition", "单位认定"
    POSTING = "posting", "岗位审核"
    UNEMPLOYMENT = "unemployment", "失业信息核查"
    ELIGIBILITY = "eligibility", "资格审核"
    IDENTITY = "identity", "身份核验"
    OBJECTION = "objection", "异议"
    REINSTATEMENT = "reinstatement", "恢复"
    LIFT = "lift", "解除限制"
    RELEASE = "release", "放弃申请"
    COMPLAINT = "complaint", "投诉"
    SILENCE = "silence", "单位未处理"
    POLICY = "policy", "政策"


class CaseStatus(Word):
    OPEN = "OPEN", "待办理"
    CLAIMED = "CLAIMED", "办理中"
    RETURNED = "RETURNED", "退回补正"
    DECIDING = "DECIDING", "决定生效中"  # decided by the officer, not yet applied by the owner
    DECIDED = "DECIDED", "已办结"
    VOID = "VOID", "已失效"  # the subject moved on; nothing left to decide


class Verdict(Word):
    APPROVE = "approve", "通过"
    DISAPPROVE = "disapprove", "不通过"


class EndKind(Word):
    COMPLETED = "completed", "期满"
    EARLY = "early", "提前"
