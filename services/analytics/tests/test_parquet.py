"""The export for analysts, asked with the very queries of docs/statistics.md."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from analytics import parquet
from analytics.domain.measures import MEASURES
from common.contracts.words import CaseStatus

from .builders import S, case_told, told
from .conftest import COUNTY, Desk

PAGE = (Path(__file__).parents[3] / "docs" / "statistics.md").read_text()
FUNNEL, ANSWERS, RETENTION, CASES = re.findall(r"```sql\n(.*?)```", PAGE, flags=re.DOTALL)
DONE = (S.PENDING, S.OFFERED, S.WILLING, S.APPROVED, S.ONBOARDED, S.TERMINATED)


def ask(folder: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    monkeypatch.chdir(folder)
    with duckdb.connect() as database:
        return database.execute(query).fetchall()


async def test_the_documented_queries_say_what_the_statistics_say(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: Sequence[tuple[tuple[S, ...], str, int]] = ((DONE, COUNTY, 4), (DONE[:2], COUNTY, 2), (DONE[:1], "520302", 3))
    await desk.hear([event for way, region, count in ways for _ in range(count) for event in told(way, region=region)])
    await desk.hear([*case_told(CaseStatus.OPEN), *case_told(CaseStatus.OPEN, CaseStatus.DECIDING, CaseStatus.DECIDED)])
    await parquet.export(desk.parts, tmp_path)
    assert ask(tmp_path, FUNNEL, monkeypatch) == [(COUNTY, 6, 6, 4, 4, 4, 4), ("520302", 3, 0, 0, 0, 0, 0)]
    assert ask(tmp_path, ANSWERS, monkeypatch) == [("2026-03", 6, 24.0)]
    assert ask(tmp_path, RETENTION, monkeypatch) == [("graduate", 4, 1.0)]
    assert ask(tmp_path, CASES, monkeypatch) == [(COUNTY, "eligibility", 1, 1)]


async def test_the_newest_export_is_the_one_that_latest_leads_to_and_one_before_it_stays(desk: Desk, tmp_path: Path) -> None:
    for _ in range(3):
        await desk.hear(told(DONE[:1]))
        await parquet.export(desk.parts, tmp_path)
    exports = sorted(name for name in os.listdir(tmp_path) if name.startswith("export-"))
    assert len(exports) == 2
    assert (tmp_path / "latest").resolve().name == exports[-1]
    with duckdb.connect() as database:
        counts = [database.execute(f"SELECT count(*) FROM '{tmp_path / name}/applications/**/*.parquet'").fetchone() for name in exports]
    assert counts == [(2,), (3,)]


async def test_nothing_heard_is_exported_as_tables_without_rows(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await parquet.export(desk.parts, tmp_path)
    assert [ask(tmp_path, query, monkeypatch) for query in (FUNNEL, CASES)] == [[], []]


async def test_an_export_that_fails_leaves_the_one_before(desk: Desk, tmp_path: Path) -> None:
    await desk.hear(told(DONE))
    await parquet.export(desk.parts, tmp_path)
    before = (tmp_path / "latest").resolve()
    await desk.service.mongo.collection("applications.1").update_many({}, {"$unset": {"facts.category": ""}})
    with pytest.raises(ValueError, match="category"):
        await parquet.export(desk.parts, tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted([before.name, "latest"])
    assert (tmp_path / "latest").resolve() == before


def test_the_page_defines_every_measure_as_the_service_does() -> None:
    rows = [f"| `{measure.id}` | {measure.title} | {measure.definition} |" for measure in MEASURES.values()]
    assert [line for line in PAGE.splitlines() if line.startswith("| `")] == rows
