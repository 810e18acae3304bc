"""Every refusal of this service: a stable code, what to do, and the rule behind it."""

from common.errors import refusal

UNKNOWN_APPLICATION = refusal("unknown_application", 404, "没有这条投递记录，请从见习投递信息中重新选择。", rule="G14")
NOT_YOUR_APPLICATION = refusal("not_your_application", 403, "这条投递不属于您或您的单位，请核对后再试。", rule="R24")
WRONG_ROLE = refusal("wrong_role", 403, "您的身份不能办理“{deed}”，请由有权办理的一方操作。", rule="R20")
PERMISSION_MISSING = refusal("permission_missing", 403, "您的账号没有“{deed}”的权限，请联系本单位的账号管理员。", rule="R24")
WRONG_STATUS = refusal("wrong_status", 409, "该投递当前为“{status}”，不能办理“{deed}”，请刷新后查看可办理的事项。", rule="R20")
REASON_NEEDED = refusal("reason_needed", 422, "办理“{deed}”须选择原因，见习人员会看到该原因。", rule="R18")

REAL_NAME_NEEDED = refusal("real_name_needed", 409, "请先完成实名认证，再登记见习意愿和投递岗位。", rule="G2")
RESUME_NEEDED = refusal("resume_needed", 409, "请先在简历中心创建简历，再登记见习意愿和投递岗位。", rule="G2")
INTENT_NEEDED = refusal("intent_needed", 409, "请先完成见习意愿登记，再投递岗位。", rule="G4")

PROOF_NEEDED = refusal("proof_needed", 422, "请上传毕业证书；当年应届毕业生暂未领取的，可先上传就业推荐表或相关证明材料。", rule="G3")
DIPLOMA_NEEDED = refusal("diploma_needed", 422, "就业推荐表或证明材料只适用于当年应届毕业生，请上传毕业证书。", rule="G3")
DIPLOMA_DATE = refusal("diploma_date", 422, "请填写毕业证书的发证日期，且不得晚于今天。", rule="G3")
REGISTRATION_NEEDED = refusal(
    "registration_needed", 422, "请填写失业登记的办理机构和日期；未办理的，请先到户籍地或常住地公共就业服务机构办理。", rule="G3"
)
REGISTRATION_DATE = refusal("registration_date", 422, "失业登记日期不得晚于意愿登记当天，请核对。", rule="G3")
REGISTRATION_PLACE = refusal("registration_place", 422, "失业登记须在户籍地或常住地办理，请核对办理机构所在地区。", rule="G3")
FILES_FULL = refusal("files_full", 409, "此处上传的文件已达{limit}份上限，请使用已上传的文件，或联系人社部门。", rule="G3")
UNKNOWN_DOCUMENT = refusal("unknown_document", 422, "附件不存在或类别不符，请重新上传后再提交。", rule="G3")
CATEGORY_LOCKED = refusal("category_locked", 409, "您有一条投递处于“{status}”，期间不能更改人员类别，其他内容可以修改。", rule="R12")
INTENT_MOVED_ON = refusal("intent_moved_on", 409, "该意愿已有新的版本，请核查最新版本的失业登记。", rule="R13")

TOO_MANY_PENDING = refusal("too_many_pending", 409, "您已有{limit}个待确认的岗位，请等待单位确认，或撤回其中一个后再投递。", rule="G5")
BLOCKED = refusal("blocked_by_application", 409, "您有一条投递处于“{status}”，期间不能再投递其他岗位。", rule="G11")
ONCE_ONLY = refusal(
    "once_only", 409, "您已参加过就业见习（终止），原则上不能再次投递；情况特殊的，请向县级人社部门申请解除限制。", rule="R3"
)
CHECK_FAILED = refusal("unemployment_check_failed", 409, "您的失业登记核查未通过，请更正登记信息并通过核查后再投递。", rule="R13")
ALREADY_APPLIED = refusal("already_applied", 409, "您对该岗位的投递还在进行中（{status}），不能重复投递。", rule="R4")
INTENT_NOT_RENEWED = refusal("intent_not_renewed", 409, "该岗位上次审核未通过，请先更新见习意愿登记再投递。", rule="R4")
REINVITATION_NEEDED = refusal(
    "reinvitation_needed", 409, "该单位未通过您对此岗位的投递，须由单位再次邀请后才能投递，请选择其他岗位。", rule="R4"
)
NOT_ELIGIBLE = refusal("not_eligible", 409, "您目前不符合见习条件：{why}", rule="R11")
UNIT_NOT_RECOGNISED = refusal("unit_not_recognised", 409, "该单位目前不是有效的见习单位，请选择其他岗位。", rule="G15")
POSTING_PAUSED = refusal("posting_paused", 409, "该岗位已暂停接收投递，请稍后再试或选择其他岗位。", rule="R9")
POSTING_DEADLINE_PASSED = refusal("posting_deadline_passed", 409, "该岗位的投递截止日期已过，请选择其他岗位。", rule="R9")
POSTING_CLOSED = refusal("posting_closed", 409, "该岗位已关闭，请选择其他岗位。", rule="R9")

TALK_TIME = refusal("talk_time", 422, "面谈时间须在现在之后、一年之内，请核对。", rule="R26")
TALK_PLACE = refusal("talk_place", 422, "请填写面谈地点或线上面谈的链接。", rule="R26")
NO_TALK = refusal("no_talk", 409, "单位还没有邀请您面谈，收到邀请后才能请求另约时间。", rule="R26")
NOTES_FULL = refusal("notes_full", 409, "该投递的内部备注已达{limit}条上限，不能再添加。", rule="R26")

SEATS_FULL = refusal("seats_full", 409, "该岗位的{headcount}个名额已满，名额空出或增加后才能确认通过。", rule="R8")
ANSWER_TOO_LATE = refusal("answer_too_late", 409, "确认期限已过（{due}），该投递自动确认无意愿，您可以重新投递有效的岗位。", rule="R5")
NOT_DUE_YET = refusal("not_due_yet", 409, "确认期限未到，不能确认无意愿。", rule="R5")
CHECK_NOT_PASSED = refusal("unemployment_check_not_passed", 409, "失业登记核查尚未通过，通过后才能办理“{deed}”。", rule="R13")
TOOK_PART = refusal("intern_took_part", 409, "该人员已参加过就业见习，不能办理“{deed}”；请核实后{otherwise}。", rule="R11")
EMPLOYED = refusal("intern_employed", 409, "该人员声明目前已就业，不能办理“{deed}”；请核实后{otherwise}。", rule="R11")
LICENCE_HELD = refusal("intern_holds_licence", 409, "该人员声明名下有存续的营业执照，不能办理“{deed}”；请核实后{otherwise}。", rule="R11")

REINSTATEMENT_TARGET = refusal("reinstatement_target", 409, "该投递当前为“{status}”，只能恢复为“{to}”，请核对后再试。", rule="R25")
NOT_TIMED_OUT = refusal(
    "not_timed_out", 409, "只有逾期自动确认无意愿的投递可以恢复；本人放弃或已确认其他岗位的不能恢复，请本人重新投递。", rule="R25"
)
INTERN_BOUND = refusal("intern_bound", 409, "见习人员有另一条投递处于“{status}”，不能恢复本条；须待其结束或由本人撤回。", rule="R25")
INTERN_PENDING_FULL = refusal(
    "intern_pending_full", 409, "见习人员已有{limit}个待确认的岗位，其中一个有结果或由本人撤回后才能恢复。", rule="R25"
)
CATEGORY_CHANGED = refusal("category_changed", 409, "见习人员已更改人员类别，不能恢复本条，请本人重新投递。", rule="R12")

RELEASE_NOT_ASKED = refusal(
    "release_not_asked", 409, "见习人员没有申请放弃，请选择其他原因；本人确有此意的，请其先在见习投递信息中申请放弃。", rule="R30"
)

QUESTION_SETTLED = refusal("question_settled", 409, "该事项已了结，不再等待人社部门决定。", rule="R20")
QUESTION_OPEN = refusal("question_open", 409, "您已就此提出“{deed}”，请等待人社部门办理；不再需要的，可先撤回。", rule="R30")
NO_QUESTION = refusal("no_question", 409, "没有可以撤回的事项，请刷新后查看。", rule="R30")
QUESTIONS_FULL = refusal("questions_full", 409, "就本条投递提出的“{deed}”已达{limit}次上限，请直接联系人社部门。", rule="R30")
OBJECTION_TOO_LATE = refusal("objection_too_late", 409, "提出异议的期限已过（{due}），请直接联系人社部门。", rule="R17")
OBJECTION_MADE = refusal("objection_made", 409, "对同一次终止只能提出一次异议，您已提出过，请查看办理结果。", rule="R17")
LIFT_GRANTED = refusal("lift_granted", 409, "该次见习的限制已经解除，可以重新投递岗位。", rule="R3")
MONTHS_USED_UP = refusal("months_used_up", 409, "累计见习已达{months}个月上限，不能再次参加。", rule="R3")
LIFT_NOT_SOON_OVER = refusal("lift_not_soon_over", 422, "只有上岗后{days}日内终止的才属于该情形，请选择其他原因。", rule="R3")
UNIT_MAY_STILL_ACT = refusal(
    "unit_may_still_act", 409, "单位仍可办理，且尚未逾期；只有单位逾期未办理、被暂停或取消资格的，才由人社部门代为办理。", rule="R29"
)
COMPLAINT_TOO_LATE = refusal("complaint_too_late", 409, "见习终止后的投诉期限已过（{due}），请直接联系人社部门。", rule="R30")

DIPLOMA_NOT_OWED = refusal("diploma_not_owed", 409, "该投递无需再补交毕业证书。", rule="G13")
DIPLOMA_NOT_DELIVERED = refusal("diploma_not_delivered", 409, "还没有待确认的毕业证书，请先由见习人员上传或单位扫描上传。", rule="G13")
DIPLOMA_OWED = refusal("diploma_owed", 409, "毕业证书尚未补交并接收，接收后才能确认上岗；一直未补交的，请确认未到岗。", rule="G13")
CONSENT_NEEDED = refusal("consent_needed", 409, "见习人员上岗时未满18周岁，须先提交监护人同意书。", rule="R19")
START_DATE = refusal("start_date", 422, "上岗日期应在审核通过当天（{earliest}）至今天之间，请核对。", rule="R29")
PLANNED_END = refusal("planned_end", 422, "计划结束日期应晚于上岗日期，且见习期不超过{months}个月，请核对。", rule="R29")

END_DATE = refusal("end_date", 422, "实际结束日期应在上岗日期（{start}）至今天之间，请核对。", rule="R17")
NOT_COMPLETED = refusal("not_completed", 422, "计划结束日期为{planned_end}，在此之前结束的请选择“提前”并说明原因。", rule="R17")
FILES_MISSING = refusal("termination_files_missing", 422, "请上传终止所需材料：{missing}。", rule="R17")
CONTRACT_DATE = refusal("contract_date", 422, "已留用的请填写劳动合同签订日期，不早于上岗日期（{start}）；未留用的不要填写。", rule="R17")
