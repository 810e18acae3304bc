"""The life of an application as one table: every arrow, who may take it and by which command (programme §2).

A status moves along an arrow or not at all; what the table lacks is refused.
"""

from dataclasses import dataclass

from common.contracts.words import Permission, Role, Status


@dataclass(frozen=True)
class Rights:
    """Who may give a command, the permission a user of a unit needs for it (R24), and its official name."""

    label: str
    roles: frozenset[Role]
    permission: Permission | None = None


@dataclass(frozen=True)
class Arrow:
    """`from_` is None for a submission. `reason` is the code that goes without saying; `asks_reason`: one must be stated (R18).

    `reinstates` marks the arrows of R25.
    """

    from_: Status | None
    to: Status
    command: str
    reason: str | None = None
    asks_reason: bool = False
    reinstates: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return COMMANDS[self.command].roles


_INTERN, _UNIT, _OFFICER, _SYSTEM = (frozenset({role}) for role in (Role.INTERN, Role.UNIT, Role.OFFICER, Role.SYSTEM))
_ANSWER, _REPORT = Permission.ANSWER_APPLICANTS, Permission.REPORT_INTERNSHIPS
READS = frozenset({_ANSWER, _REPORT})
"""A user of a unit reads about its applicants with one of these (R24)."""

COMMANDS: dict[str, Rights] = {
    "register": Rights("见习意愿登记", _INTERN),
    "check": Rights("失业登记核查", _OFFICER),
    "submit": Rights("岗位投递", _INTERN),
    "offer": Rights("确认通过", _UNIT, _ANSWER),
    "reject": Rights("确认不通过", _UNIT, _ANSWER),
    "reinvite": Rights("再次邀请", _UNIT, _ANSWER),
    "invite_to_talk": Rights("邀请面谈", _UNIT, _ANSWER),
    "note": Rights("内部备注", _UNIT, _ANSWER),
    "ask_another_time": Rights("请求另约面谈时间", _INTERN),
    "withdraw": Rights("撤回投递", _INTERN),
    "accept": Rights("确认意愿", _INTERN),
    "decline": Rights("确认无意愿", _INTERN),
    "supersede": Rights("因确认其他岗位而失效", _INTERN),
    "close": Rights("因岗位关闭而失效", _SYSTEM),
    "expire": Rights("逾期自动确认无意愿", _SYSTEM),
    "extend": Rights("顺延确认期限", _SYSTEM),
    "approve": Rights("确认审核通过", _OFFICER),
    "disapprove": Rights("确认审核不通过", _OFFICER),
    "deliver_diploma": Rights("补交毕业证书", _INTERN | _UNIT, _REPORT),
    "accept_diploma": Rights("接收毕业证书", _UNIT, _REPORT),
    "refuse_diploma": Rights("退回毕业证书", _UNIT, _REPORT),
    "consent": Rights("提交监护人同意书", _INTERN | _UNIT, _REPORT),
    "release": Rights("申请放弃", _INTERN),
    "hand_in": Rights("上传终止材料", _UNIT, _REPORT),
    "object": Rights("提出异议", _INTERN),
    "ask_lift": Rights("申请解除限制", _INTERN),
    "supplement": Rights("补充材料", _INTERN),
    "plan_end": Rights("协商见习结束日期", _INTERN | _UNIT, _REPORT),
    "decline_end": Rights("不同意变更结束日期", _INTERN | _UNIT, _REPORT),
    "attach": Rights("上传佐证材料", _INTERN),
    "ask_end": Rights("申请提前结束见习", _INTERN),
    "take_back_end": Rights("撤回提前结束的申请", _INTERN),
    "complain": Rights("投诉", _INTERN),
    "take_back_complaint": Rights("撤回投诉", _INTERN),
    "onboard": Rights("确认上岗", _UNIT, _REPORT),
    "absent": Rights("确认未到岗", _UNIT | _OFFICER, _REPORT),
    "terminate": Rights("终止", _UNIT | _OFFICER, _REPORT),
    "reinstate": Rights("恢复", _OFFICER),
}

DECISIONS = {
    "approve_objection": "异议成立", "disapprove_objection": "异议不成立",
    "approve_lift": "同意解除限制", "disapprove_lift": "不同意解除限制",
    "approve_reinstatement": "恢复", "disapprove_reinstatement": "不予恢复",
    "approve_release": "确认未到岗", "disapprove_release": "不同意放弃",
    "approve_complaint": "投诉已处理", "disapprove_complaint": "投诉不予支持",
    "approve_silence": "未处理事项已办理", "disapprove_silence": "未处理事项无需办理",
    "ask_officer": "提请人社部门处理",
}  # fmt: skip
"""The official names of what officers decide by cases of other kinds than the review, by verdict and kind; and how these come to them."""

_S = Status
ARROWS: tuple[Arrow, ...] = (
    Arrow(None, _S.PENDING, "submit"),
    Arrow(_S.PENDING, _S.OFFERED, "offer"),
    Arrow(_S.PENDING, _S.REJECTED, "reject", asks_reason=True),
    Arrow(_S.PENDING, _S.WITHDRAWN, "withdraw", "by_intern"),
    Arrow(_S.PENDING, _S.WITHDRAWN, "supersede", "superseded"),
    Arrow(_S.PENDING, _S.WITHDRAWN, "close", "posting_closed"),
    Arrow(_S.OFFERED, _S.WILLING, "accept"),
    Arrow(_S.OFFERED, _S.UNWILLING, "decline", "declined"),
    Arrow(_S.OFFERED, _S.UNWILLING, "supersede", "superseded"),
    Arrow(_S.OFFERED, _S.UNWILLING, "expire", "timeout"),
    Arrow(_S.WILLING, _S.APPROVED, "approve"),
    Arrow(_S.WILLING, _S.DISAPPROVED, "disapprove", asks_reason=True),
    Arrow(_S.APPROVED, _S.ONBOARDED, "onboard"),
    Arrow(_S.APPROVED, _S.ABSENT, "absent", asks_reason=True),
    Arrow(_S.ONBOARDED, _S.TERMINATED, "terminate"),
    Arrow(_S.UNWILLING, _S.OFFERED, "reinstate", asks_reason=True, reinstates=True),
    Arrow(_S.REJECTED, _S.PENDING, "reinstate", asks_reason=True, reinstates=True),
    Arrow(_S.OFFERED, _S.PENDING, "reinstate", asks_reason=True, reinstates=True),
    Arrow(_S.DISAPPROVED, _S.WILLING, "reinstate", asks_reason=True, reinstates=True),
    Arrow(_S.ABSENT, _S.APPROVED, "reinstate", asks_reason=True, reinstates=True),
)

STEADY: dict[str, frozenset[Status]] = {
    "invite_to_talk": frozenset({_S.PENDING}),
    "note": frozenset({_S.PENDING}),
    "ask_another_time": frozenset({_S.PENDING}),
    "reinvite": frozenset({_S.REJECTED}),
    "extend": frozenset({_S.OFFERED}),
    "deliver_diploma": frozenset({_S.WILLING, _S.APPROVED}),
    "accept_diploma": frozenset({_S.WILLING, _S.APPROVED}),
    "refuse_diploma": frozenset({_S.WILLING, _S.APPROVED}),
    "consent": frozenset({_S.WILLING, _S.APPROVED}),
    "release": frozenset({_S.WILLING, _S.APPROVED}),
    "hand_in": frozenset({_S.ONBOARDED}),
    "object": frozenset({_S.TERMINATED}),
    "ask_lift": frozenset({_S.TERMINATED}),
    "supplement": frozenset({_S.WILLING}),
    "plan_end": frozenset({_S.ONBOARDED}),
    "decline_end": frozenset({_S.ONBOARDED}),
    "attach": frozenset({_S.WILLING, _S.ONBOARDED, _S.TERMINATED}),
    "ask_end": frozenset({_S.ONBOARDED}),
    "take_back_end": frozenset({_S.ONBOARDED}),
    "complain": frozenset({_S.ONBOARDED, _S.TERMINATED}),
    "take_back_complaint": frozenset({_S.ONBOARDED, _S.TERMINATED}),
}
"""Commands that leave the status as it is, and in which statuses they may be given."""

BLOCKING = frozenset({_S.OFFERED, _S.WILLING, _S.APPROVED, _S.ONBOARDED, _S.TERMINATED})
"""While an application is in one of these, its intern submits no other one (G11) and keeps the category (R12)."""

SEATED = frozenset({_S.OFFERED, _S.WILLING, _S.APPROVED, _S.ONBOARDED, _S.TERMINATED})
"""An application in one of these holds a seat (R8); one that ended early no longer does."""

OPEN = frozenset({_S.PENDING, _S.OFFERED, _S.WILLING, _S.APPROVED, _S.ONBOARDED})
"""Alive: something is still to come (R4)."""

SHOWN = OPEN - {_S.PENDING}
"""While an application is in one of these, its unit sees more of the intern than the resume: clear phone and files (R24)."""

_BY_COMMAND = {(arrow.from_, arrow.command): arrow for arrow in ARROWS}


def arrow(from_: Status | None, command: str) -> Arrow | None:
    """The arrow that a command takes out of a status, or None: then it is refused."""
    return _BY_COMMAND.get((from_, command))
