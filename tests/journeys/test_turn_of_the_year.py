"""Over the turn of a year on a stack whose clock is moved: terms end on the right day, reminders come once, nothing raises (R5, R6, R21).

Every test goes on to the next turn of a year that it finds, so they may come in any order.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from common.calendar import SHANGHAI, Calendar, CalendarYear, local_date
from jianxi_local import check
from jianxi_local.caller import Caller, Json, Refused
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, unemployment_case, until
from jianxi_local.sample import create_first_administrator
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack
from jianxi_local.town import Town

from ..conftest import NANMING, QUICK_PASSWORDS

ONE_DAY = timedelta(days=1)
ANSWERED_BY = 5
"""Working days."""


class Travellers:
    """The people of a stack of its own, whose time passes as told."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.town = stack, Town.of(stack)
        create_first_administrator(stack, "admin", self.town.password)
        self.administrator: Caller = self.town.logged_in("admin")
        self.officer: Officer = self.town.officer(self.administrator, NANMING)

    def at(self, day: date, hour: int, minute: int = 0, second: int = 0) -> None:
        """It is this time in Shanghai."""
        self.stack.move_clock_to(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI))

    def next_28_december(self) -> date:
        """From tomorrow on; it is 10:00 on that day now."""
        tomorrow = self.town.today + ONE_DAY
        day = date(tomorrow.year + (tomorrow > date(tomorrow.year, 12, 28)), 12, 28)
        self.at(day, 10)
        return day

    def unit(self) -> Unit:
        """Newly recognised."""
        return self.town.recognised_unit("示例跨年见习单位", self.officer)

    def offered(self, unit: Unit, intern: Intern, posting_id: str) -> Json:
        return unit.answer(intern.apply(posting_id)["id"], "offer")

    def calendar(self) -> Calendar:
        """As everybody may read it; a year without any notice has none (R6)."""
        years = [self.administrator.call("GET", f"/calendar/{year}") for year in (self.town.today.year, self.town.today.year + 1)]
        assert {answer.status_code for answer in years} <= {200, 404}
        return Calendar.of(1, [CalendarYear.model_validate(year.json()["value"]) for year in years if year.status_code == 200])


@pytest.fixture(scope="module")
def travellers(servers: Servers, as_if: timedelta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Travellers]:
    stack = Stack(tmp_path_factory.mktemp("travel"), servers=servers, settings=QUICK_PASSWORDS)
    stack.move_clock(as_if)
    with stack:
        travellers = Travellers(stack)
        yield travellers
        travellers.town.close()
        assert list(raised(stack)) == []
        assert check.findings(stack) == [], "however time has passed, everything holds (R27)"


def raised(stack: Stack) -> Iterator[str]:
    """What any process has logged as an error, or with an exception; libraries' own lines are none of ours."""
    for process in stack.processes:
        for text in process.program.log.read_text().splitlines():
            if text.startswith("{") and ((line := json.loads(text))["level"] in ("error", "critical") or "exception" in line):
                yield f"{process.name}: {line}"


def last_day(application: Json) -> date:
    return local_date(datetime.fromisoformat(application["due_at"]) - timedelta(microseconds=1))


def reminders(intern: Intern) -> list[Json]:
    """Of the answer to an offer, the oldest first."""
    found = intern.get("/me/notices", limit=100)["items"]
    return [notice for notice in reversed(found) if notice["template"] == "reminder.answer_due.intern"]


@pytest.mark.rule("G7", "R5", "R6", "R21", "G12")
def test_an_offer_of_28_december_ends_after_five_working_days_of_two_years(travellers: Travellers) -> None:
    day, town = travellers.next_28_december(), travellers.town
    unit = travellers.unit()
    posting_id = unit.publish(travellers.officer, "示例跨年岗位", headcount=3, days_open=300)
    silent, late, timely = (town.ready_intern() for _ in range(3))
    offers = {intern: travellers.offered(unit, intern, posting_id) for intern in (silent, late, timely)}
    calendar, due = travellers.calendar(), last_day(offers[silent])
    assert due == calendar.add_working_days(day, ANSWERED_BY)
    assert due.year == day.year + 1
    assert day.year != 2026 or due == date(2027, 1, 5)

    for number, days in enumerate((3, 1, 0), 1):
        travellers.at(calendar.add_working_days(due, -days), 8, 5)
        until(lambda: len(reminders(silent)) >= number or None, f"reminder {number}")  # noqa: B023
    travellers.at(due, 23, 59)
    assert timely.answer(offers[timely]["id"], "accept")["status"] == "WILLING"
    assert silent.application(offers[silent]["id"])["status"] == "OFFERED"
    travellers.at(due + ONE_DAY, 0, 0, 1)
    with pytest.raises(Refused, match=r"answer_too_late|wrong_status"):
        late.answer(offers[late]["id"], "accept")
    ended = silent.await_status(offers[silent]["id"], "UNWILLING")
    assert ended["reason"]["code"] == "timeout"
    assert silent.apply(posting_id)["status"] == "PENDING", "and may apply again"
    assert timely.application(offers[timely]["id"])["status"] == "WILLING"
    travellers.at(due + ONE_DAY, 9)
    assert {(notice["about"]["application_id"], notice["due_at"]) for notice in reminders(silent)} == {
        (offers[silent]["id"], offers[silent]["due_at"])
    }  # fmt: skip
    assert len(reminders(silent)) == 3, "three days, one day and the last day before, each once"


@pytest.mark.rule("R6", "R5", "G7")
def test_a_calendar_published_one_minute_before_midnight_costs_nobody_a_day(travellers: Travellers) -> None:
    travellers.next_28_december()
    unit, intern = travellers.unit(), travellers.town.ready_intern()
    offer = travellers.offered(unit, intern, unit.publish(travellers.officer, "示例年历岗位", days_open=300))
    due, instant = last_day(offer), datetime.fromisoformat(offer["due_at"])
    travellers.at(due, 23, 59)
    free = {due.isoformat(): "示例调休", (due + ONE_DAY).isoformat(): "示例调休"}
    sooner = {"holidays": {}, "workdays": {}, "official": False, "source": "示例：尚无通知"}
    travellers.administrator.put(f"/calendar/{due.year}", {**sooner, "holidays": free, "official": True, "source": "示例通知"})

    def extended() -> Json | None:
        application = intern.application(offer["id"])
        return application if datetime.fromisoformat(application["due_at"]) > instant else None

    later = last_day(until(extended, "within the minute that is left the notice is heard, and the term is longer"))
    travellers.at(due + ONE_DAY, 0, 1)
    assert intern.application(offer["id"])["status"] == "OFFERED"
    assert later > due + ONE_DAY
    assert [line["to"] for line in history(intern, offer["id"]) if line["deed"] == "顺延确认期限"] != []
    travellers.administrator.put(f"/calendar/{due.year}", sooner)
    travellers.at(later, 23, 58)
    assert last_day(intern.application(offer["id"])) == later, "a later notice never takes back what was given"
    assert intern.answer(offer["id"], "accept")["status"] == "WILLING"


@pytest.mark.rule("R11", "R13")
def test_who_turns_25_between_submission_and_onboarding_goes_on(travellers: Travellers) -> None:
    day, town = travellers.next_28_december(), travellers.town
    unit, intern = travellers.unit(), town.intern(birth=date(day.year + 1 - 25, 1, 2))
    intern.verify()
    intern.write_resume()
    intent = intern.register_youth_intent(NANMING)
    posting_id = unit.publish(travellers.officer, "示例年龄岗位", days_open=300)
    offer = travellers.offered(unit, intern, posting_id)
    travellers.officer.approve(unemployment_case(intern, intent))
    willing = intern.answer(offer["id"], "accept")
    travellers.at(date(day.year + 1, 1, 4), 10)
    assert age(intern) == ("fail", "too_old"), "by today's measure"
    travellers.officer.approve(eligibility_case(intern, willing))
    intern.await_status(offer["id"], "APPROVED")
    assert unit.onboard(offer["id"])["status"] == "ONBOARDED"


def age(intern: Intern) -> tuple[str, str]:
    lines: list[Any] = [finding["line"] for finding in intern.get("/me/eligibility")["findings"]]
    return next((line["result"], line["why"]) for line in lines if line["rule"] == "age")


def history(intern: Intern, id: str) -> list[Json]:
    lines: list[Json] = intern.application(id)["history"]
    return lines
