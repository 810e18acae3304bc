"""A province-like set (`./jianxi up --sample full`): every state that can last, in four counties, made through the public door alone.

It begins three years ago by the domain clock and ends today, so that recognitions, answers and reports have really run out.
"""

import itertools
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from jianxi_local import clock
from jianxi_local.caller import Caller, Json
from jianxi_local.people import Officer, until
from jianxi_local.province_scenes import NEW, OLD, OTHER, Place, Scene
from jianxi_local.stack import Stack
from jianxi_local.town import Town

COUNTIES = ("520102", "520103", "520302", "520402")
LONG_AGO, SOME_WEEKS_AGO = timedelta(days=3 * 366 + 60), timedelta(days=45)
WIDTH = 6


def fill(
    stack: Stack, town: Town, administrator: Caller, officers: dict[str, Officer], size: int, counties: Sequence[str] = COUNTIES
) -> None:
    """`size` times every scene in every county. The clock ends where it was."""
    began = clock.offset(stack.clock_file)
    stack.move_clock(-LONG_AGO)
    expiring = town.recognised_unit("示例三年前认定的单位", officers[counties[0]])
    assert expiring.unit_id
    stack.move_clock(LONG_AGO - SOME_WEEKS_AGO)
    places = [_place(town, officers[county], size) for county in counties]
    _play(OLD, places, size)
    stack.move_clock(began - clock.offset(stack.clock_file))
    _play(NEW, places, size)
    for place in places:
        _units(place)
        _postings(place)
    _calendar(town, administrator)
    _policy(administrator, officers["520000"])


def _place(town: Town, officer: Officer, size: int) -> Place:
    unit = town.recognised_unit(f"示例{officer.region}见习基地", officer)
    seats = 8 * size + 4
    ids = [unit.publish(officer, f"示例岗位{number}", headcount=seats, days_open=300) for number in range(6)]
    return Place(town, officer, unit, ids, itertools.count())


def _play(scenes: Iterable[Scene], places: Sequence[Place], size: int) -> None:
    """Several at once; the first that fails ends it."""
    with ThreadPoolExecutor(WIDTH) as threads:
        for done in [threads.submit(scene, place) for scene in scenes for place in places for _ in range(size)]:
            done.result()


def _units(place: Place) -> None:
    """One in each state of recognition that lasts."""
    town, region = place.town, place.officer.region
    town.unit("示例刚注册的单位", region)
    town.unit("示例认定中的单位", region).request_recognition()
    place.decide(
        town.unit("示例未通过的单位", region).request_recognition(), "disapprove", reason={"code": "conditions_not_met", "text": "示例"}
    )
    for name, verb in (("示例暂停的单位", "suspend"), ("示例撤销的单位", "revoke")):
        unit = town.recognised_unit(name, place.officer)
        place.officer.post(f"/units/{unit.unit_id}/{verb}", {"reason": OTHER})


def _postings(place: Place) -> None:
    """One in each state that lasts; closing one ends what waits there."""
    unit = place.unit
    unit.draft("示例草稿岗位")
    unit.declare("示例待审核岗位")
    _, case_id = unit.declare("示例退回岗位")
    place.decide(case_id, "disapprove", reason={"code": "content_incomplete", "text": "示例说明"})
    unit.post(f"/units/me/postings/{unit.publish(place.officer, '示例暂停岗位')}/pause")
    closing = unit.publish(place.officer, "示例关闭岗位")
    place.town.ready_intern().apply(closing)
    unit.post(f"/units/me/postings/{closing}/close")
    unit.await_posting(closing, "CLOSED")


def _calendar(town: Town, administrator: Caller) -> None:
    """A notice that comes late: a day within the answers that ran out was no working day after all (R6)."""
    day = town.today - SOME_WEEKS_AGO + timedelta(days=1)
    found = administrator.get(f"/calendar/{day.year}")["value"]
    while day.weekday() > 4 or day.isoformat() in found["holidays"]:
        day += timedelta(days=1)
    later: Json = {**found, "holidays": {**found["holidays"], day.isoformat(): "示例假日"}}
    administrator.put(f"/calendar/{later.pop('year')}", later)


def _policy(administrator: Caller, province: Officer) -> None:
    """A change that waits for the province."""
    entered = administrator.put(
        "/policy", {"region": "520402", "effective": "2099-01-01", "changes": {"age_max": 23}, "note": "示例：试点"}
    )
    until(lambda: [one for one in province.get("/cases", kind="policy")["items"] if one["subject"] == entered["id"]] or None, "it waits")
