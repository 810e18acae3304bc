"""Statistics over HTTP: events in, figures out, and what is disclosed to whom (R25, R32)."""

import io
import random
from collections import Counter
from datetime import date, timedelta

import openpyxl
import pytest
from analytics.domain.measures import MEASURES
from common.contracts.applications import EndCorrected
from common.contracts.envelope import Event
from common.contracts.words import CaseStatus, EndKind, Role
from common.decision import Actor

from .builders import BEGIN, HOUR, S, case_told, published, told
from .conftest import ANALYST, CITY, COUNTY, PROVINCE, Desk, officer

OTHER_COUNTY, OTHER_CITY = "520103", "520302"
DONE = (S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED, S.TERMINATED)
WAYS = [DONE, DONE[:5], (*DONE[:4], S.ABSENT), (*DONE[:3], S.DISAPPROVED), (*DONE[:2], S.UNWILLING), (S.PENDING, S.REJECTED), DONE[:1]]


@pytest.mark.rule("R32")
async def test_a_funnel_counts_what_the_events_told(desk: Desk) -> None:
    await desk.hear([event for way in WAYS for _ in range(6) for event in told(way)])
    assert (await desk.lines("funnel"))["total"] == {
        "submitted": 42, "offered": 30, "willing": 24, "approved": 18, "onboarded": 12, "ended": 6,
        "rejected": 6, "unwilling": 6, "disapproved": 6, "absent": 6, "withdrawn": 0,
    }  # fmt: skip
    onboarding = (await desk.lines("onboarding"))["total"]
    assert (onboarding["onboarding_rate"], onboarding["retention_rate"]) == (round(12 / 18, 4), 1.0)
    answer = (await desk.lines("unit-answer"))["total"]
    assert (answer["answered"], answer["waiting"], answer["hours_median"], answer["hours_p90"]) == (36, 6, 24.0, 24.0)


@pytest.mark.rule("R32")
async def test_repeats_late_records_and_any_order_of_persons_make_no_difference(desk: Desk) -> None:
    dice = random.Random(20261125)
    stories = [told(dice.choice(WAYS), hours=dice.randint(1, 90), region=dice.choice([COUNTY, OTHER_COUNTY])) for _ in range(60)]
    await desk.hear([event for story in stories for event in story])
    once = [await desk.lines(measure, by="region") for measure in MEASURES]
    again = [event for story in stories for event in story for _ in range(dice.randint(0, 2))]
    dice.shuffle(again)
    await desk.hear(again)
    assert [await desk.lines(measure, by="region") for measure in MEASURES] == once


@pytest.mark.rule("R25")
async def test_what_was_reinstated_is_taken_out_of_the_figures(desk: Desk) -> None:
    for _ in range(6):
        story = told((*DONE[:4], S.ABSENT, S.APPROVED))
        back = story[-1]
        story[-1] = Event(back.aggregate, back.seq, back.source, back.time, back.data.but(reinstated=True))
        await desk.hear(story)
    figures = (await desk.lines("funnel"))["total"]
    assert (figures["approved"], figures["absent"]) == (6, 0)
    assert (await desk.lines("onboarding"))["total"]["absent"] == 0


@pytest.mark.rule("R17")
async def test_an_upheld_objection_corrects_how_internships_ended(desk: Desk) -> None:
    for _ in range(6):
        story = told(DONE, end_kind=EndKind.EARLY, retained=False, reason_code="intern_absent")
        said = story[-1].data.model_dump()
        corrected = EndCorrected.model_validate(
            {name: said[name] for name in ("application_id", "person_id", "posting_id", "unit_id", "region")}
            | {"end_kind": EndKind.COMPLETED, "reason_code": None, "retained": True, "case_id": "cas_1", "end": "2026-09-01"}
        )
        await desk.hear([*story, Event(story[0].aggregate, 7, "applications", BEGIN + 150 * HOUR, corrected)])
    figures = (await desk.lines("onboarding"))["total"]
    assert (figures["ended"], figures["completed"], figures["early"], figures["retained"]) == (6, 6, 0, 6)


async def test_as_of_a_past_day_shows_what_held_at_its_end(desk: Desk) -> None:
    await desk.hear([event for _ in range(6) for event in told(DONE)])
    day = BEGIN.date() + timedelta(days=2)
    shown = await desk.ask("funnel", as_of=day.isoformat())
    assert shown["as_of"] == f"{day}T16:00:00Z"
    assert (shown["lines"][0]["figures"]["willing"], shown["lines"][0]["figures"]["approved"]) == (6, 0)
    for over, submitted in (("0001-01-01", 0), ("9999-12-31", 6)):
        assert (await desk.lines("funnel", as_of=over))["total"]["submitted"] == submitted
    assert (await desk.lines("funnel", since="2026-03-03"))["total"]["submitted"] == 0
    assert (await desk.lines("funnel", since="2026-03-02", until="2026-03-02"))["total"]["submitted"] == 6


@pytest.mark.rule("R14", "R32")
async def test_a_region_is_drilled_down_to_its_counties(desk: Desk) -> None:
    counts = {COUNTY: 7, OTHER_COUNTY: 6, OTHER_CITY: 9}
    for region, count in counts.items():
        await desk.hear([event for _ in range(count) for event in told(DONE[:1], region=region)])
    cities = await desk.lines("funnel", by="region")
    assert {group: figures["submitted"] for group, figures in cities.items() if figures["submitted"]} == {CITY: 13, "520300": 9}
    counties = await desk.ask("funnel", officer(CITY), by="region")
    shown = {line["group"]: line["figures"]["submitted"] for line in counties["lines"]}
    assert (shown[COUNTY], shown[OTHER_COUNTY], counties["region_name"]) == (7, 6, "贵阳市")
    assert {line["label"] for line in counties["lines"]} >= {"南明区", "云岩区"}
    assert OTHER_CITY not in shown


@pytest.mark.rule("R32")
async def test_counts_under_five_are_seen_by_their_county_alone(desk: Desk) -> None:
    counts = {COUNTY: 4, OTHER_COUNTY: 6, "520111": 8}
    for region, count in counts.items():
        await desk.hear([event for _ in range(count) for event in told(DONE[:1], region=region)])
    assert (await desk.lines("funnel", officer(COUNTY)))["total"]["submitted"] == 4
    for reader in (officer(CITY), ANALYST):
        lines = {line["group"]: line for line in (await desk.ask("funnel", reader, region=CITY, by="region"))["lines"]}
        assert lines[COUNTY]["figures"]["submitted"] is None
        assert lines[OTHER_COUNTY]["hidden"], "with just one line hidden, the total of the city would tell what it is"
        assert lines["520111"]["figures"]["submitted"] == 8
        assert (await desk.lines("funnel", reader, region=CITY))["total"]["submitted"] == 18


@pytest.mark.rule("R24", "R32")
async def test_who_asks_for_what_is_not_theirs_is_refused(desk: Desk) -> None:
    await desk.refused("region_not_yours", 403, "/funnel", officer(COUNTY), region=OTHER_COUNTY)
    await desk.refused("region_not_yours", 403, "/funnel", officer(CITY), region=PROVINCE)
    await desk.refused("unknown_region", 422, "/funnel", ANALYST, region="529999")
    await desk.refused("unknown_measure", 404, "/incomes", ANALYST)
    await desk.refused("statistics_grouping", 422, "/fill-rate", ANALYST, by="education")
    await desk.refused("forbidden", 403, "/funnel", Actor(id="per_1", role=Role.INTERN))
    await desk.refused("unauthenticated", 401, "/funnel", None)


async def test_open_cases_are_counted_with_their_age_and_whether_they_are_overdue(desk: Desk) -> None:
    waiting = [event for _ in range(6) for event in case_told(CaseStatus.OPEN)]
    closed = [event for _ in range(6) for event in case_told(CaseStatus.OPEN, CaseStatus.DECIDING, CaseStatus.DECIDED)]
    await desk.hear(waiting + closed)
    day = date(2026, 3, 9)
    figures = (await desk.lines("open-cases", as_of=day.isoformat()))["total"]
    assert figures == {"open": 6, "overdue": 6, "days_to_3": 0, "days_3_to_7": 0, "days_7_to_30": 6, "days_30_on": 0}
    assert (await desk.lines("open-cases", by="kind", as_of="2026-03-03"))["eligibility"]["open"] == 12


async def test_the_seats_of_published_postings_are_counted(desk: Desk) -> None:
    await desk.hear([event for taken in (5, 2) for event in published(headcount=5, taken=taken)])
    assert (await desk.lines("fill-rate"))["total"] == {"postings": 2, "seats": 10, "taken": 7, "fill_rate": 0.7}


async def test_the_catalogue_defines_every_measure_and_every_measure_answers(desk: Desk) -> None:
    listed = (await desk.call("", ANALYST)).json()["items"]
    assert [item["id"] for item in listed] == list(MEASURES)
    for item in listed:
        assert item["definition"].endswith("。")
        for by in item["by"]:
            shown = await desk.ask(item["id"], by=by)
            assert shown["measure"] == item
            assert all(list(line["figures"]) == list(item["figures"]) for line in shown["lines"])


@pytest.mark.rule("R32")
async def test_an_export_is_a_sheet_with_its_definition_and_is_noted_before_it_leaves(desk: Desk) -> None:
    await desk.hear(
        [event for region, count in ((COUNTY, 6), (OTHER_COUNTY, 3)) for _ in range(count) for event in told(DONE, region=region)]
    )
    reader = officer(CITY)
    answer = await desk.call("/funnel/export", reader, by="region")
    assert answer.status_code == 200, answer.text
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    columns = ["分组", *MEASURES["funnel"].figures.values()]
    assert list(rows[0]) == columns
    shown = {row[0]: row[1] for row in rows[1:]}
    assert (shown["南明区"], shown["云岩区"], shown["花溪区"]) == ("<5", "<5", 0)
    assert rows[-2][0] == f"口径：{MEASURES['funnel'].definition}"
    assert str(rows[-1][0]).startswith("贵阳市，统计时点 ")
    notes = [row async for row in desk.parts.notes.collection.find({})]
    assert Counter(str(row["pending"][0]["data"]).count(f"statistics:funnel:{CITY}") for row in notes) == {1: 1}
