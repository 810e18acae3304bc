"""The story of each statistic: what is read, what it comes to, what is disclosed to whom."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

from common.calendar import ONE_DAY, midnight
from common.contracts.words import Role
from common.decision import Actor
from common.errors import refusal
from common.regions import is_within, level_of
from common.store.security_notes import Deed

from analytics.domain.disclosure import Row, disclose
from analytics.domain.history import journey, open_case
from analytics.domain.measures import MEASURES, Measure, Source
from analytics.domain.question import Asked, Question
from analytics.repository import Analytics

UNKNOWN_MEASURE = refusal("unknown_measure", 404, "没有这项统计，请从统计目录中选择。", rule="R32")
REGION_NOT_YOURS = refusal("region_not_yours", 403, "只能查看本级及下级地区的统计。", rule="R32")
UNKNOWN_REGION = refusal("unknown_region", 422, "没有代码为{region}的行政区划，请核对。", rule="R32")
_PROVINCE = "520000"


async def answer(analytics: Analytics, reader: Actor, measure_id: str, asked: Asked) -> tuple[Question, list[Row]]:
    """The lines that the reader may see. Refuses with `unknown_measure`, `unknown_region`, `region_not_yours` or `statistics_grouping`."""
    question = await _question(analytics, reader, measure_id, asked)
    rows = question.rows([item async for item in _items(analytics, question)])
    return question, rows if _is_own_county(reader, question.region) else disclose(rows)


async def note_export(analytics: Analytics, reader: Actor, measure_id: str, region: str) -> None:
    """Before it leaves (R32)."""
    await analytics.notes.note(Deed.EXPORTED, reader, f"statistics:{measure_id}:{region}")


async def _question(analytics: Analytics, reader: Actor, measure_id: str, asked: Asked) -> Question:
    measure = MEASURES.get(measure_id)
    if measure is None:
        raise UNKNOWN_MEASURE()
    place = asked.region or reader.region or _PROVINCE
    known = (await analytics.reference.current()).regions
    if place not in known.by_code:
        raise UNKNOWN_REGION(region=place)
    if reader.role is Role.OFFICER and not is_within(place, reader.region or ""):
        raise REGION_NOT_YOURS()
    below = known.in_use(analytics.clock.today(), place, "city" if level_of(place) == "province" else "county")
    parts = tuple(found.code for found in below) if level_of(place) != "county" else ()
    question = Question(measure, place, parts, asked.by, _instant(analytics, asked.as_of), asked.since, asked.until)
    question.check()
    return question


def _instant(analytics: Analytics, as_of: date | None) -> datetime:
    """The end of that day, or now where it is not over yet."""
    if as_of is None or as_of >= analytics.clock.today():
        return analytics.clock.now()
    return midnight(as_of + ONE_DAY)


async def _items(analytics: Analytics, question: Question) -> AsyncIterator[Any]:
    source, histories = question.measure.source, await analytics.live()
    if source is Source.APPLICATIONS:
        async for history in histories.applications_in(question.region):
            found = journey(history, question.as_of)
            if found and question.asks_for(found):
                yield found
    elif source is Source.CASES:
        async for case in histories.cases_in(question.region):
            waiting = open_case(case, question.as_of)
            if waiting and is_within(waiting.region, question.region):
                yield waiting
    else:
        async for posting in histories.published_in(question.region):
            yield posting


def _is_own_county(reader: Actor, region: str) -> bool:
    return reader.role is Role.OFFICER and level_of(region) == "county" and reader.region == region


def catalogue() -> list[Measure]:
    return list(MEASURES.values())
