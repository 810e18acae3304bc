"""The codes of `RuleResult` in short words (R11): what an officer reads of a result whose facts stay with applications."""

from collections.abc import Iterable

from common.contracts.applications import RuleResult

RESULT_NAMES = {"pass": "符合", "fail": "不符合", "pending": "待办"}

RULE_NAMES = {
    "diploma": "毕业证书与毕业时间",
    "age": "年龄",
    "registration": "失业登记",
    "once_only": "参加见习次数",
    "employment": "就业状况",
    "licence": "营业执照",
    "consent": "监护人同意",
}

WHY_NAMES = {
    "diploma_recent": "毕业证书在规定期限内",
    "diploma_too_old": "毕业证书超过规定期限",
    "diploma_owed": "当年应届毕业生，毕业证书待补交",
    "form_outdated": "就业推荐表不是当年应届毕业生的",
    "form_not_allowed": "本地区不接受以就业推荐表代替毕业证书",
    "age_fits": "年龄符合",
    "too_young": "未满最低年龄",
    "too_old": "超过最高年龄",
    "registration_passed": "失业登记核查通过",
    "registration_checking": "失业登记核查中",
    "registration_failed": "失业登记核查未通过",
    "first_internship": "没有参加过就业见习",
    "took_part_before": "参加过就业见习",
    "block_lifted": "参加过就业见习，限制已解除",
    "may_take_part_again": "参加过就业见习，现行政策允许再次参加",
    "not_employed": "已声明未就业",
    "employed": "声明已就业",
    "no_business_licence": "已声明没有存续的营业执照",
    "business_licence": "声明有存续的营业执照",
    "of_age": "已满18周岁",
    "consent_needed": "未满18周岁，上岗前须提交监护人同意书",
}


class RuleView(RuleResult):
    """One result, in words; a code that is not known stands for itself."""

    rule_name: str
    result_name: str
    why_name: str


def in_words(results: Iterable[RuleResult]) -> list[RuleView]:
    return [
        RuleView(
            **result.model_dump(),
            rule_name=RULE_NAMES.get(result.rule, result.rule),
            result_name=RESULT_NAMES[result.result],
            why_name=WHY_NAMES.get(result.why, result.why),
        )
        for result in results
    ]
