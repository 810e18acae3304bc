"""What is refused about reference data."""

from common.errors import refusal

NOT_SOUND = refusal("reference_not_sound", 422, "设置的内容不符合要求或与其他设置冲突：{problems}。请核对后重新提交。", rule="R6")
REGION_UNKNOWN = refusal("region_unknown", 422, "没有代码为{region}的行政区划，请核对。", rule="R14")
KEY_DIFFERS = refusal("reference_key_differs", 422, "内容的编号为“{key}”，与网址中的编号不一致，请核对。")
NOTHING_CHANGES = refusal("reference_nothing_changes", 409, "提交的内容与现行设置相同，无需更改。")
EFFECTIVE_PASSED = refusal(
    "effective_day_passed", 422, "生效日期{effective}已过。请改为今天或以后的日期；确需更正以前的规定，请标明为更正并说明理由。"
)
CHANGED_SINCE = refusal("reference_changed_since", 409, "该项设置在录入之后已被更改，请撤回后按现行内容重新录入。")
NOT_WAITING = refusal("proposal_not_waiting", 409, "该项变更当前为“{status}”，不能再撤回。")
