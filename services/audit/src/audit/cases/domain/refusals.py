"""What is refused about cases."""

from common.errors import refusal

CASE_NOT_IN_STATUS = refusal("case_not_in_status", 409, "该事项当前为“{status}”，不能进行此操作，请刷新后查看。", rule="R14")
CASE_OF_ANOTHER_OFFICE = refusal(
    "case_of_another_office", 403, "该事项由{office}的人社部门办理；上级如需办理，请先提级并说明原因。", rule="R14"
)
CASE_CLAIMED = refusal("case_claimed", 409, "该事项已由同一部门的其他经办人员领取，请待其办理或释放后再试。", rule="R14")
SECOND_PERSON_NEEDED = refusal(
    "second_person_needed", 409, "“{kind}”须由两名经办人员分别审核，您已审核过，请由另一名经办人员（可以是上级部门）办理。", rule="R14"
)
CASE_NOT_TRANSFERABLE = refusal(
    "case_not_transferable", 409, "“{kind}”事项按单位登记的地区办理，不能移交；地区有误的，请单位更正登记信息。", rule="R14"
)
CASE_ALREADY_THERE = refusal("case_already_there", 409, "该事项已属于所选地区，无需移交。", rule="R14")
TRANSFER_REGION_UNKNOWN = refusal("transfer_region_unknown", 422, "请选择应当办理该事项的县（市、区）。", rule="R14")
NOT_AN_UPPER_OFFICE = refusal("not_an_upper_office", 403, "只有现办理部门的上级部门可以提级办理。", rule="R14")
CHANGE_NOT_RETURNED = refusal(
    "change_not_returned", 409, "基础数据变更不能退回补正；请审核不通过并说明原因，由系统管理员重新录入。", rule="R10"
)
NOTE_NEEDED = refusal("note_needed", 422, "“{kind}”事项审核通过时须写明处理情况，当事人会看到。", rule="R20")
CORRECT_REASON_NEEDED = refusal("correct_reason_needed", 422, "异议成立时须从列表中选择正确的终止原因，或更正为期满。", rule="R17")
CORRECT_REASON_NOT_TAKEN = refusal(
    "correct_reason_not_taken", 422, "只有异议成立、更正为提前终止时才选择终止原因，请去掉该项后重新提交。", rule="R17"
)
UNEMPLOYMENT_CHECK_OPEN = refusal("unemployment_check_open", 409, "该人员的失业登记信息尚未核查通过，资格审核暂不能通过。", rule="R13")
RELATION_UNIT_UNKNOWN = refusal("relation_unit_unknown", 422, "没有这个单位，请核对单位编号。", rule="R14")
RELATION_NOTE_NEEDED = refusal("relation_note_needed", 422, "撤销已申报的利害关系须说明原因。", rule="R14")
