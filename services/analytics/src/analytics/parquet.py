"""The export for analysts: Parquet files by day of submission or opening, whole each time, which any tool reads.

Written beside the old one and put in its place by one rename: a reader finds the old or the new, never half of one.
"""

import asyncio
import json
import shutil
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from common.calendar import local_date
from common.contracts.words import Status

from analytics.domain.history import CaseHistory, Journey, journey
from analytics.repository import Analytics

Columns = dict[str, str]
_PROVINCE = "520000"
_LATEST = "latest"
_ABANDONED_SECONDS = 24 * 3600.0
APPLICATIONS: Columns = {
    "application_id": "VARCHAR", "posting_id": "VARCHAR", "unit_id": "VARCHAR", "region": "VARCHAR", "category": "VARCHAR",
    "age_band": "VARCHAR", "education": "VARCHAR", "status": "VARCHAR", "reason_code": "VARCHAR", "submitted_at": "TIMESTAMPTZ",
    "offered_at": "TIMESTAMPTZ", "willing_at": "TIMESTAMPTZ", "approved_at": "TIMESTAMPTZ", "onboarded_at": "TIMESTAMPTZ",
    "ended_at": "TIMESTAMPTZ", "closed_at": "TIMESTAMPTZ", "end_kind": "VARCHAR", "retained": "BOOLEAN", "day": "DATE",
}  # fmt: skip
CASES: Columns = {
    "case_id": "VARCHAR", "kind": "VARCHAR", "region": "VARCHAR", "status": "VARCHAR", "opened_at": "TIMESTAMPTZ",
    "changed_at": "TIMESTAMPTZ", "due_at": "TIMESTAMPTZ", "day": "DATE",
}  # fmt: skip
_AT = {
    "offered_at": Status.OFFERED, "willing_at": Status.WILLING, "approved_at": Status.APPROVED, "onboarded_at": Status.ONBOARDED,
    "ended_at": Status.TERMINATED,
}  # fmt: skip
_CLOSED = (Status.REJECTED, Status.UNWILLING, Status.DISAPPROVED, Status.ABSENT, Status.WITHDRAWN)


async def export(analytics: Analytics, folder: Path) -> None:
    """Write ``folder/latest/applications/day=…/*.parquet`` and ``…/cases/…``; `latest` is a link to the newest export.

    No row names anybody: ids, codes and instants as the open topics have them.
    """
    name = f"export-{analytics.clock.now():%Y%m%dT%H%M%S%f}"
    fresh = folder / f".{name}"
    await asyncio.to_thread(_begin, folder, fresh)
    try:
        await _write(fresh, "applications", APPLICATIONS, _applications(analytics))
        await _write(fresh, "cases", CASES, _cases(analytics))
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    await asyncio.to_thread(_publish, folder, fresh, name)


def _begin(folder: Path, fresh: Path) -> None:
    """Make a hidden place, and take away those of exports that were killed."""
    fresh.mkdir(parents=True)
    for left in folder.glob(".export-*"):
        if left.lstat().st_mtime < time.time() - _ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _publish(folder: Path, fresh: Path, name: str) -> None:
    """Let `latest` lead to the fresh one; the one before it stays for readers that have it open."""
    latest, next_link = folder / _LATEST, folder / f".link-{name}"
    before = latest.resolve() if latest.exists() else None
    fresh.rename(folder / name)
    next_link.symlink_to(name)
    next_link.replace(latest)
    for old in folder.glob("export-*"):
        if old not in (folder / name, before):
            shutil.rmtree(old, ignore_errors=True)


async def _applications(analytics: Analytics) -> AsyncIterator[dict[str, Any]]:
    now = analytics.clock.now()
    async for history in (await analytics.live()).applications_in(_PROVINCE):
        found = journey(history, now)
        if found:
            yield application_row(found)


def application_row(found: Journey) -> dict[str, Any]:
    since = {stay.status: stay.since for stay in found.stays}
    about = found.history.model_dump(mode="json", include={"posting_id", "unit_id", "region", "category", "age_band", "education"})
    return {
        "application_id": found.history.id,
        **about,
        "status": found.status,
        "reason_code": found.reason_code,
        "submitted_at": found.submitted_at,
        **{name: since.get(status) for name, status in _AT.items()},
        "closed_at": found.stays[-1].since if found.status in _CLOSED else None,
        "end_kind": found.end_kind,
        "retained": found.retained if found.status is Status.TERMINATED else None,
        "day": local_date(found.submitted_at),
    }


async def _cases(analytics: Analytics) -> AsyncIterator[dict[str, Any]]:
    async for history in (await analytics.live()).cases_in(_PROVINCE):
        yield case_row(history)


def case_row(history: CaseHistory) -> dict[str, Any]:
    steps = sorted(history.steps, key=lambda step: step.seq)
    return {
        "case_id": history.id,
        "kind": history.kind,
        "region": steps[-1].region,
        "status": steps[-1].to,
        "opened_at": steps[0].at,
        "changed_at": steps[-1].at,
        "due_at": steps[-1].due_at,
        "day": local_date(steps[0].at),
    }


async def _write(fresh: Path, table: str, columns: Columns, rows: AsyncIterator[dict[str, Any]]) -> None:
    """Through a file of JSON lines: memory does not grow with the rows."""
    with TemporaryDirectory(dir=fresh) as scratch:
        lines = Path(scratch) / "rows.json"
        with lines.open("w", encoding="utf-8") as file:
            async for row in rows:
                file.write(json.dumps(row, default=str) + "\n")
        convert = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "analytics.convert", str(lines), json.dumps(columns), str(fresh / table)
        )  # fmt: skip
        if await convert.wait() != 0:
            raise OSError(f"the {table} could not be written as Parquet: the process says why on standard error")
