"""What is refused about cases."""

from common.errors import refusal

CASE_NOT_IN_STATUS = refusal("case_not_in_status", 409, "该事项当前为“{status}”，不能进行此操作，请刷新后查看。", rule="R14")
CASE_OF_ANOTHER_OFFICE = refusal(
    "case_of_another_office", 403, "该事项由{office}的人社部门办理；上级如需办理，请先提级并说明原因。", rule="R14"
)
CASE_CLAIMED = refusal("case_claimed", 409, "该事项已由同一部门的其他经办人员领取，请待其办理或释放后再试。", rule="R14")
NOT_AN_UPPER_OFFICE = refusal("not_an_upper_office", 403, "只有现办理部门的上级部门可以提级办理。", rule="R14")
CHANGE_NOT_RETURNED = refusal(
    "change_not_returned", 409, "基础数据变更不能退回补正；请审核不通过并说明原因，由系统管理员重新录入。", rule="R10"
)
NOTE_NEEDED = refusal("note_needed", 422, "“{kind}”事项审核通过时须写明处理情况，当事人会看到。", rule="R20")
CORRECT_REASON_NEEDED = refusal("correct_reason_needed", 422, "异议成立时须从列表中选择正确的终止原因。", rule="R17")
CORRECT_REASON_NOT_TAKEN = refusal("correct_reason_not_taken", 422, "只有异议成立时才选择终止原因，请去掉该项后重新提交。", rule="R17")
UNEMPLOYMENT_CHECK_OPEN = refusal("unemployment_check_open", 409, "该人员的失业登记信息尚未核查通过，资格审核暂不能通过。", rule="R13")
