"""What the eligibility answer says (R11): the result of each code, its sentence, what to do, and what the rules rest on.

`{…}` are facts of the finding.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Why:
    result: Literal["pass", "fail", "pending"]
    sentence: str
    remedy: str = ""


WHYS: dict[str, Why] = {
    "diploma_recent": Why("pass", "毕业证书于{issued}颁发，{last_day}前（含当日）符合离校{months}个月内的条件。"),
    "diploma_too_old": Why("fail", "毕业证书于{issued}颁发，已超过{months}个月。", "符合条件的，可改按16–24岁失业青年登记见习意愿。"),
    "diploma_owed": Why("pending", "您是{year}年应届毕业生，毕业证书待补交。", "请在上岗前向见习单位补交毕业证书。"),
    "form_outdated": Why(
        "fail", "就业推荐表只适用于当年应届毕业生，您的毕业年份为{year}年。", "请在见习意愿中上传毕业证书并填写发证日期。"
    ),
    "form_not_allowed": Why("fail", "本地区不接受以就业推荐表代替毕业证书。", "请领取毕业证书后在见习意愿中上传。"),
    "age_fits": Why("pass", "{day}您的年龄为{age}周岁，符合{low}至{high}周岁的条件。"),
    "too_young": Why("fail", "{day}您的年龄为{age}周岁，未满{low}周岁。", "请年满{low}周岁后再投递。"),
    "too_old": Why("fail", "{day}您的年龄为{age}周岁，已超过{high}周岁。", "离校2年内的高校毕业生可改按毕业生登记，不限年龄。"),
    "registration_passed": Why("pass", "失业登记（{office}）核查通过。"),
    "registration_checking": Why("pending", "失业登记（{office}）核查中，不影响投递。", "请等待人社部门核查，结果会通知您。"),
    "registration_failed": Why("fail", "失业登记（{office}）核查未通过。", "请更正失业登记信息，重新提交见习意愿。"),
    "first_internship": Why("pass", "没有参加过就业见习的记录。"),
    "block_lifted": Why("pass", "您参加过就业见习，人社部门已解除限制，可以再次参加。", ""),
    "took_part_before": Why("fail", "您已参加过就业见习，原则上每人只能参加一次。", "情况特殊的，请向县级人社部门申请解除限制。"),
    "may_take_part_again": Why("pass", "您已参加过就业见习，本地区现行政策允许再次参加。"),
    "not_employed": Why("pass", "您已声明目前未就业。"),
    "employed": Why("fail", "您声明目前已就业。", "就业见习只面向未就业人员；情况有变的，请更新见习意愿。"),
    "no_business_licence": Why("pass", "您已声明名下没有存续的营业执照。"),
    "business_licence": Why("fail", "您声明名下有存续的营业执照。", "请注销营业执照后更新见习意愿。"),
    "of_age": Why("pass", "{day}您已满18周岁，不需要监护人同意书。"),
    "consent_needed": Why("pending", "{day}您未满18周岁，{adult_on}前上岗须有监护人同意书。", "请在上岗前提交监护人签名的同意书。"),
}

SOURCES: dict[str, tuple[str, str]] = {
    "diploma": ("G3", "见习对象：离校2年内高校毕业生，须有毕业证书；当年应届毕业生可先以就业推荐表登记。"),
    "age": ("R11", "见习对象：16–24岁失业青年。"),
    "registration": ("R13", "失业青年须提前在户籍地或常住地办理失业登记，由人社部门核查。"),
    "once_only": ("R3", "就业见习原则上每人只能参加一次。"),
    "employment": ("R11", "就业见习面向未就业人员。"),
    "licence": ("R11", "名下有存续营业执照的，视为已就业。"),
    "consent": ("R19", "未满18周岁的，上岗前须有监护人同意书。"),
}
"""Of each rule: its id in the programme, and what it asks."""

FACT_NAMES = {
    "day": "计算日期",
    "issued": "发证日期",
    "last_day": "期限最后一日",
    "months": "离校期限（月）",
    "year": "毕业年份",
    "age": "周岁年龄",
    "low": "最低年龄",
    "high": "最高年龄",
    "office": "失业登记机构",
    "adult_on": "年满18周岁之日",
}
