"""What is refused about postings: a stable code, what to do, and the rule behind it."""

from common.errors import refusal

POSTING_NOT_IN_STATUS = refusal(
    "posting_not_in_status", 409, "该岗位当前为“{status}”，不能办理“{deed}”，请刷新后查看可办理的事项。", rule="R16"
)
RECOGNISED_UNIT_NEEDED = refusal(
    "recognised_unit_needed", 409, "单位须在认定有效期内才能申报或恢复岗位，请先完成见习单位认定。", rule="G15"
)

POSTING_REGION = refusal("posting_region", 422, "岗位所在地须为现行的县级行政区，请重新选择。", rule="R16")
POSTING_MONTHS = refusal("posting_months", 422, "见习期限应为{least}至{most}个月，请修改。", rule="R16")
ALLOWANCE_TOO_LOW = refusal("allowance_too_low", 422, "生活补助不得低于岗位所在地月最低工资标准（{least_yuan}元），请修改。", rule="R16")
POSTING_DEADLINE_PAST = refusal("posting_deadline_past", 422, "投递截止日期不得早于今天，请修改。", rule="R16")
POSTING_DEADLINE_FAR = refusal("posting_deadline_far", 422, "投递截止日期最晚可填{latest}（两年内），请修改。", rule="R16")

POSTING_TEXT_FIXED = refusal(
    "posting_text_fixed",
    409,
    "岗位发布后只能调整招收人数、延后投递截止日期、更换联系人和报到说明；修改其他内容须重新审核，请关闭该岗位后重新申报。",
    rule="R16",
)
DEADLINE_ONLY_LATER = refusal("deadline_only_later", 409, "投递截止日期只能延后，不能早于已公布的{deadline}。", rule="R16")
HEADCOUNT_BELOW_TAKEN = refusal("headcount_below_taken", 409, "已有{taken}个名额确认给见习人员，招收人数不能少于该数。", rule="R8")
