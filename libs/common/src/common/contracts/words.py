"""The words of the programme that messages and services share: one name per idea (official term in the comment)."""

from enum import StrEnum


class Role(StrEnum):
    INTERN = "intern"  # 见习人员
    UNIT = "unit"  # 见习单位
    OFFICER = "officer"  # 人社经办人员
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员
    ANALYST = "analyst"  # 统计分析
    VISITOR = "visitor"  # anybody, before log-in
    SYSTEM = "system"  # the clock and the services themselves


class Permission(StrEnum):
    """What a user of a unit may do (R24)."""

    MANAGE_USERS = "manage_users"
    MANAGE_POSTINGS = "manage_postings"
    ANSWER_APPLICANTS = "answer_applicants"
    REPORT_INTERNSHIPS = "report_internships"


class Status(StrEnum):
    """Status of an application (programme §2)."""

    PENDING = "PENDING"  # 待确认
    OFFERED = "OFFERED"  # 确认通过
    REJECTED = "REJECTED"  # 确认不通过
    WILLING = "WILLING"  # 确认意愿
    UNWILLING = "UNWILLING"  # 确认无意愿
    APPROVED = "APPROVED"  # 确认审核通过
    DISAPPROVED = "DISAPPROVED"  # 确认审核不通过
    ONBOARDED = "ONBOARDED"  # 确认上岗
    ABSENT = "ABSENT"  # 确认未到岗
    TERMINATED = "TERMINATED"  # 终止
    WITHDRAWN = "WITHDRAWN"  # 撤回


OFFICIAL: dict[Status, str] = {
    Status.PENDING: "待确认",
    Status.OFFERED: "确认通过",
    Status.REJECTED: "确认不通过",
    Status.WILLING: "确认意愿",
    Status.UNWILLING: "确认无意愿",
    Status.APPROVED: "确认审核通过",
    Status.DISAPPROVED: "确认审核不通过",
    Status.ONBOARDED: "确认上岗",
    Status.ABSENT: "确认未到岗",
    Status.TERMINATED: "终止",
    Status.WITHDRAWN: "撤回",
}
"""The guide's own term for each status."""


class Category(StrEnum):
    GRADUATE = "graduate"  # 离校2年内高校毕业生
    YOUTH = "youth"  # 16–24岁失业青年


class Check(StrEnum):
    """State of the unemployment check of an intent (R13)."""

    NOT_NEEDED = "NOT_NEEDED"
    CHECKING = "CHECKING"  # 核查中
    PASSED = "PASSED"  # 通过
    FAILED = "FAILED"  # 未通过


class Diploma(StrEnum):
    """State of the diploma an application's intern owes (G13)."""

    HELD = "HELD"  # attached at intent; nothing owed
    OWED = "OWED"
    DELIVERED = "DELIVERED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class UnitStatus(StrEnum):
    REGISTERED = "REGISTERED"
    REQUESTED = "REQUESTED"  # 认定中
    RECOGNISED = "RECOGNISED"  # 已认定
    REFUSED = "REFUSED"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class PostingStatus(StrEnum):
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    PUBLISHED = "PUBLISHED"
    PAUSED = "PAUSED"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"


class PostingKind(StrEnum):
    RESEARCH = "research"  # 科研
    TECHNICAL = "technical"  # 技术技能
    MANAGEMENT = "management"  # 管理
    SOCIAL_SERVICE = "social_service"  # 社会服务


class CaseKind(StrEnum):
    RECOGNITION = "recognition"  # 单位认定
    POSTING = "posting"  # 岗位审核
    UNEMPLOYMENT = "unemployment"  # 失业信息核查
    ELIGIBILITY = "eligibility"  # 资格审核
    IDENTITY = "identity"  # 身份核验
    OBJECTION = "objection"  # 异议
    REINSTATEMENT = "reinstatement"  # 恢复
    LIFT = "lift"  # 解除限制
    RELEASE = "release"  # 放弃申请
    COMPLAINT = "complaint"  # 投诉
    SILENCE = "silence"  # 单位未处理
    POLICY = "policy"  # 政策


class CaseStatus(StrEnum):
    OPEN = "OPEN"
    CLAIMED = "CLAIMED"
    RETURNED = "RETURNED"  # 退回补正
    DECIDING = "DECIDING"  # decided by the officer, not yet applied by the owner
    DECIDED = "DECIDED"
    VOID = "VOID"  # the subject moved on; nothing left to decide


class Verdict(StrEnum):
    APPROVE = "approve"
    DISAPPROVE = "disapprove"


class EndKind(StrEnum):
    COMPLETED = "completed"  # 期满
    EARLY = "early"  # 提前
