"""The guide as scenes: what becomes of several interns at two units, with officers of different counties.

Each step is checked three ways: the answer to its caller, the official word for it, and the event on Kafka.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.contracts.words import OFFICIAL, Status

from jianxi_local import clock
from jianxi_local.caller import Caller, Json, Refused
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, unemployment_case, until
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from jianxi_local.watch import Watch

NANMING, YUNYAN = "520102", "520103"
INTERNSHIP_DAYS = 90
DAYS_OPEN = 365
LIMIT = 10


class StoryDiffers(Exception):
    """Something became of an application that the guide does not say."""


@dataclass
class Stage:
    """Where the scenes are played: a stack with two recognised units that have postings, and the officers of their counties."""

    stack: Stack
    town: Town
    watch: Watch
    tell: Callable[[str], None]
    nanming: Officer
    yunyan: Officer
    software: Unit
    survey: Unit
    software_postings: list[str]
    survey_postings: list[str]

    @property
    def postings(self) -> list[str]:
        return self.software_postings + self.survey_postings

    def new_intern(self, name: str) -> Intern:
        """One who may apply."""
        intern = self.town.ready_intern(f"示例{name}")
        self.tell(f"  {name}：注册、实名认证、填写简历、登记见习意愿")
        return intern

    def step(self, who: str, deed: str, application: Json, status: Status, code: str | None = None) -> Json:
        """What somebody did, and the status and the code of the reason that came of it. StoryDiffers when they are others."""
        reason = application["reason"] or {"code": None, "label": ""}
        if (application["status"], reason["code"]) != (status, code):
            came = f"“{application['status_name']}”（{reason['code']}）"
            raise StoryDiffers(f"{who}：{deed} 之后应为“{OFFICIAL[status]}”（{code}），实为{came}：{application['id']}")
        fact = {"application_id": application["id"], "to": status, "reason_code": code}
        event = self.watch.expect(lambda seen: fact.items() <= seen.data.items(), f"{application['id']} becomes {status}")
        shown = application["status_name"]
        because = f"（{reason['label']}）" if code and reason["label"] != shown else ""
        self.tell(f"  {who}：{deed} → {shown}{because}  〔{event.topic}：{event.type}，第{event.seq}条〕")
        return application

    def refused(self, who: str, deed: str, attempt: Callable[[], Json], code: str) -> None:
        """What somebody tried in vain."""
        try:
            attempt()
        except Refused as refused:
            if refused.code != code:
                raise StoryDiffers(f"{who}：{deed} 应被拒绝（{code}），实为 {refused}") from refused
            self.tell(f"  {who}：{deed} → 被拒绝：{refused.detail}")
        else:
            raise StoryDiffers(f"{who}：{deed} 应被拒绝（{code}），却被接受")

    def told(self, who: str, reader: Caller, template: str) -> None:
        """One notice by this template reaches the reader."""

        def probe() -> list[Json] | None:
            return [notice for notice in reader.get("/me/notices", limit=100)["items"] if notice["template"] == template] or None

        found = until(probe, f"{who} is told {template}")
        if len(found) != 1:
            raise StoryDiffers(f"{who}：应收到一条通知（{template}），实为{len(found)}条")
        self.tell(f"  {who}：收到通知“{found[0]['title']}”")

    def move_clock_to(self, instant: datetime) -> None:
        self.move_clock(instant - self.stack.now())

    def move_clock(self, step: timedelta) -> None:
        self.stack.move_clock(step)
        self.tell(f"  （业务时间拨到 {self.town.today}）")


def set_stage(stack: Stack, town: Town, administrator: Caller, watch: Watch, tell: Callable[[str], None]) -> Stage:
    """Staff enter, two units are recognised, their postings approved."""
    nanming, yunyan = town.officer(administrator, NANMING), town.officer(administrator, YUNYAN)
    tell("  系统管理员：录入南明区、云岩区经办人员")
    software, survey = town.recognised_unit("示例南明软件有限公司", nanming), town.recognised_unit("示例云岩测绘研究院", yunyan)
    tell("  两家见习单位：注册、上传营业执照、申请认定 → 两地经办人员认定")
    ours = [software.publish(nanming, f"软件测试见习{number}", days_open=DAYS_OPEN) for number in range(1, 7)]
    theirs = [survey.publish(yunyan, f"测绘数据处理见习{number}", kind="research", days_open=DAYS_OPEN) for number in range(1, 7)]
    tell(f"  两家见习单位：申报{len(ours) + len(theirs)}个岗位 → 审核通过，发布")
    return Stage(stack, town, watch, tell, nanming, yunyan, software, survey, ours, theirs)


def the_unit_refuses(stage: Stage) -> None:
    """G6, R18, G12."""
    intern = stage.new_intern("小李")
    application = stage.step("小李", "岗位投递", intern.apply(stage.postings[0]), Status.PENDING)
    stage.software.answer(application["id"], "reject", reason={"code": "skills_do_not_fit", "text": "岗位需要编程基础"})
    stage.step("软件公司", "确认不通过小李", intern.application(application["id"]), Status.REJECTED, "skills_do_not_fit")
    stage.step("小李", "改投其他岗位", intern.apply(stage.survey_postings[0]), Status.PENDING)


def ten_and_no_more(stage: Stage) -> None:
    """G5, R7."""
    intern = stage.new_intern("小张")
    pending = [intern.apply(posting_id) for posting_id in stage.postings[:LIMIT]]
    for application in pending:
        stage.step("小张", "岗位投递", application, Status.PENDING)
    stage.refused("小张", "投递第十一个岗位", lambda: intern.apply(stage.postings[LIMIT]), "too_many_pending")
    stage.step("小张", "撤回一个", intern.answer(pending[0]["id"], "withdraw"), Status.WITHDRAWN, "by_intern")
    stage.step("小张", "再投一个", intern.apply(stage.postings[LIMIT]), Status.PENDING)


def one_yes_closes_the_rest(stage: Stage) -> None:
    """R2, R8."""
    intern = stage.new_intern("小王")
    mine = [stage.step("小王", "岗位投递", intern.apply(posting_id), Status.PENDING) for posting_id in stage.postings[4:8]]
    first, other, *waiting = [application["id"] for application in mine]
    for id in (first, other):
        stage.step("软件公司", "确认通过小王", stage.software.answer(id, "offer"), Status.OFFERED)
    effects = {effect["application_id"]: effect["to"] for effect in intern.application(first)["effects"]}
    if effects != {other: Status.UNWILLING, **dict.fromkeys(waiting, Status.WITHDRAWN)}:
        raise StoryDiffers(f"小王：确认意愿前看到的影响不对：{effects}")
    stage.tell(f"  小王：确认前可以看到，接受一个将使另外{len(effects)}个失效")
    stage.step("小王", "确认意愿", intern.answer(first, "accept"), Status.WILLING)
    stage.step("小王", "另一个确认通过的岗位", intern.application(other), Status.UNWILLING, "superseded")
    for id in waiting:
        stage.step("小王", "待确认的岗位", intern.application(id), Status.WITHDRAWN, "superseded")


def the_review_refuses(stage: Stage) -> None:
    """R13 in one county, G8 in another; R18."""
    intern = stage.town.intern("示例小陈", age=20)
    intern.verify()
    intern.write_resume()
    intent = intern.register_youth_intent(NANMING)
    stage.tell("  小陈：注册、实名认证、填写简历，以失业青年登记意愿 → 失业登记由南明区核查")
    application = stage.step("小陈", "岗位投递", intern.apply(stage.survey_postings[1]), Status.PENDING)
    stage.nanming.approve(unemployment_case(intern, intent))
    stage.step("测绘院", "确认通过小陈", stage.survey.answer(application["id"], "offer"), Status.OFFERED)
    willing = stage.step("小陈", "确认意愿", intern.answer(application["id"], "accept"), Status.WILLING)
    stage.yunyan.disapprove(eligibility_case(intern, willing), "employed", "社会保险缴费记录显示已就业")
    stage.step("云岩区", "审核小陈", intern.await_status(application["id"], Status.DISAPPROVED), Status.DISAPPROVED, "employed")


def the_clock_runs_out(stage: Stage) -> None:
    """G7, R5, R8, R21."""
    intern = stage.new_intern("小赵")
    application = stage.step("小赵", "岗位投递", intern.apply(stage.survey_postings[2]), Status.PENDING)
    offered = stage.step("测绘院", "确认通过小赵", stage.survey.answer(application["id"], "offer"), Status.OFFERED)
    due = datetime.fromisoformat(offered["due_at"])
    last_day = due.astimezone(clock.SHANGHAI) - timedelta(seconds=1)
    stage.told("小赵", intern, "application.offered.intern")
    stage.tell(f"  小赵：须在 {last_day:%Y-%m-%d} 24:00 前答复，一直没有答复")
    stage.move_clock_to(last_day.replace(hour=9))
    stage.told("小赵", intern, "reminder.answer_due.intern")
    stage.move_clock_to(due + timedelta(minutes=1))
    stage.step("系统", "小赵逾期未答复", intern.await_status(application["id"], Status.UNWILLING), Status.UNWILLING, "timeout")
    stage.told("小赵", intern, "application.unwilling.timeout.intern")
    stage.told("测绘院", stage.survey, "application.unwilling.timeout.unit")


def all_the_way(stage: Stage) -> None:
    """G3, G13, R1, G8–G11, R3, R17."""
    intern = _with_recommendation_form(stage.town)
    stage.tell("  小林：注册、实名认证、填写简历；本年度毕业、暂无毕业证书，以就业推荐表登记意愿")
    posting_id = stage.survey_postings[3]
    application = stage.step("小林", "岗位投递", intern.apply(posting_id), Status.PENDING)
    id = application["id"]
    stage.step("测绘院", "确认通过小林", stage.survey.answer(id, "offer"), Status.OFFERED)
    if any(case["application_id"] == id for case in stage.yunyan.get("/cases", kind="eligibility")["items"]):
        raise StoryDiffers("小林：尚未确认意愿，却已进入资格审核")
    willing = stage.step("小林", "确认意愿", intern.answer(id, "accept"), Status.WILLING)
    stage.yunyan.approve(eligibility_case(intern, willing))
    stage.step("云岩区", "审核小林", intern.await_status(id, Status.APPROVED), Status.APPROVED)
    stage.refused("测绘院", "小林未交毕业证书就上岗", lambda: stage.survey.onboard(id), "diploma_owed")
    intern.deliver_diploma(id)
    stage.survey.answer(id, "accept-diploma")
    stage.tell("  小林：补交毕业证书 → 测绘院接收")
    start = stage.town.today
    end = start + timedelta(days=INTERNSHIP_DAYS)
    onboarded = stage.survey.answer(id, "onboard", start=start.isoformat(), planned_end=end.isoformat())
    stage.step("测绘院", "小林上岗", onboarded, Status.ONBOARDED)
    stage.refused("小林", "见习期间再投递", lambda: intern.apply(stage.postings[0]), "blocked_by_application")
    stage.move_clock(timedelta(days=INTERNSHIP_DAYS + 1))
    files = [stage.survey.attach(id, kind) for kind in ("appraisal", "agreement", "attendance", "allowance_voucher", "insurance_policy")]
    ending = {"kind": "completed", "end": end.isoformat(), "retained": True, "contract_date": end.isoformat(), "documents": files}
    ended = stage.survey.answer(id, "terminate", **ending)
    stage.step("测绘院", "小林见习期满留用", ended, Status.TERMINATED)
    stage.refused("小林", "见习结束后再投递", lambda: intern.apply(stage.postings[0]), "once_only")


SCENES: dict[str, Callable[[Stage], None]] = {
    "一、单位确认不通过": the_unit_refuses,
    "二、同时待确认的最多十个": ten_and_no_more,
    "三、确认一个，其余失效": one_yes_closes_the_rest,
    "四、审核不通过": the_review_refuses,
    "五、超过五个工作日未答复": the_clock_runs_out,
    "六、从投递到终止": all_the_way,
}


def _with_recommendation_form(town: Town) -> Intern:
    intern = town.intern("示例小林")
    intern.verify()
    intern.write_resume()
    form = intern.hand_in("recommendation_form")
    graduation = min(date(town.today.year, 6, 30), town.today)
    intern.register_intent(documents=[{"id": form, "kind": "recommendation_form"}], graduation_date=graduation.isoformat())
    return intern
