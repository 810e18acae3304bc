"""Refusals that any service may give."""

from common.errors import refusal

UNAUTHENTICATED = refusal("unauthenticated", 401, "请先登录，或登录已过期，请重新登录。")
FORBIDDEN = refusal("forbidden", 403, "您的账号没有办理此事项的权限。")
RELATED_TO_UNIT = refusal("related_to_unit", 403, "您已申报与该事项所涉单位存在利害关系，应当回避，请由其他经办人员办理。", rule="R14")
NOT_FOUND = refusal("not_found", 404, "没有找到该内容，请核对后再试。")
INVALID_INPUT = refusal("invalid_input", 422, "填写内容有误：{problems}。请改正后重新提交。")
MALFORMED_JSON = refusal("malformed_json", 400, "提交的内容不是有效的JSON，请检查后重新提交。")
MALFORMED_FORM = refusal("malformed_form", 400, "提交的表单无法读取，请检查文件和填写内容后重新提交。")
METHOD_NOT_ALLOWED = refusal("method_not_allowed", 405, "该地址不支持这种操作。")
BODY_TOO_LARGE = refusal("body_too_large", 413, "提交的内容超过{limit_kib} KiB上限，请缩小后重新提交。")
FILE_TYPE_REFUSED = refusal("file_type_refused", 415, "只接受PDF、JPEG或PNG文件，且内容须与类型一致。")
KEY_MISSING = refusal("idempotency_key_missing", 400, "请求缺少Idempotency-Key，请为每次操作生成一个新的值，重试时沿用原值。", rule="R20")
KEY_REUSED = refusal("idempotency_key_reused", 422, "同一Idempotency-Key已用于另一内容，请为新的操作换一个值。", rule="R20")
TOO_MANY_COMMANDS = refusal("too_many_commands", 429, "今日操作次数已达{limit}次上限，请明天再试。", rule="R20")
RATE_LIMITED = refusal("rate_limited", 429, "操作过于频繁，请在{seconds}秒后再试。")
UNAVAILABLE = refusal("unavailable", 503, "系统繁忙，本次操作的结果尚未确定，请稍后以同一Idempotency-Key重试。")
BACKLOG_FULL = refusal("backlog_full", 503, "平台待发布的事项积压过多，本次操作没有办理，也没有改变任何内容。请{seconds}秒后重试。")
SERVICE_AWAY = refusal("service_away", 503, "该服务暂时没有回应，本次没有办理任何事项，请稍后再试。")
INTERNAL = refusal("internal", 500, "系统出现问题，我们已记录。请稍后再试，或联系技术支持。")
