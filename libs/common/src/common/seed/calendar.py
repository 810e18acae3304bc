"""Write calendar.json: the official years from chinese_calendar, the years to come as provisional from holidays.

python -m common.seed.calendar
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import chinese_calendar
import holidays

from common.seed import write

OFFICIAL = range(2007, 2027)
PROVISIONAL = range(2027, 2041)
PROVISIONAL_SOURCE = "暂定：周末与《全国年节及纪念日放假办法》（国务院令第795号）规定的节日，待国务院办公厅通知"
SUPPLEMENTS = {
    2007: "及2008年的通知（12月29日至31日）",
    2015: "及抗日战争胜利70周年纪念日放假的通知",
    2019: "及2019年劳动节假期安排的通知",
    2020: "及延长2020年春节假期的通知",
}
LIBRARY_NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}  # fmt: skip


def main() -> None:
    write("calendar", {str(year): _official(year) for year in OFFICIAL} | {str(year): _provisional(year) for year in PROVISIONAL})


def _official(year: int) -> dict[str, Any]:
    off = {d: chinese_calendar.constants.holidays.get(d) for d in _days(year) if d.weekday() < 5 and chinese_calendar.is_holiday(d)}
    made_up = {d: chinese_calendar.constants.workdays[d] for d in _days(year) if d.weekday() >= 5 and chinese_calendar.is_workday(d)}
    source = f"国务院办公厅关于{year}年部分节假日安排的通知{SUPPLEMENTS.get(year, '')}"
    return {"official": True, "source": source, "holidays": _named(off), "workdays": _named(made_up)}


def _provisional(year: int) -> dict[str, Any]:
    """Statutory days alone: moving days off to make up for a weekend is for the notice to say."""
    statutory = holidays.country_holidays("CN", years=year, observed=False, language="zh_CN")
    off = {day.isoformat(): name.removesuffix("（推定）") for day, name in sorted(statutory.items())}
    return {"official": False, "source": PROVISIONAL_SOURCE, "holidays": off, "workdays": {}}


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _named(days: dict[date, str]) -> dict[str, str]:
    return {day.isoformat(): LIBRARY_NAMES[name] for day, name in days.items()}


if __name__ == "__main__":
    main()
