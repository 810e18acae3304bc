"""The story of each change of reference data, and the seeding from the package."""

import asyncio
from datetime import date
from functools import partial
from typing import Any

from common.calendar import CalendarYear
from common.decision import Command
from common.policy import PolicyEntry
from common.reference import Kind, package_items
from common.store.aggregate import Answer
from common.web.command import caused_by

from audit.reference import domain
from audit.reference.repository import ReferenceItems


async def seed(items: ReferenceItems) -> None:
    """Fill in what the package has and the database lacks; harmless on every replica and as often as it runs."""
    present = await items.ids()
    now = items.clock.now()
    missing = [item for item in package_items() if domain.item_id(item.kind, item.key) not in present]
    ids = [domain.item_id(item.kind, item.key) for item in missing]
    await asyncio.gather(
        *(
            items.store.execute(id, caused_by("seed_reference", f"seed:{id}", now), partial(domain.seed, packaged=item))
            for id, item in zip(ids, missing, strict=True)
        )
    )


async def set_policy(items: ReferenceItems, command: Command, region: str, effective: date, changes: dict[str, Any], note: str) -> Answer:
    """What a region changes from a day on; the same region and day again is a correction."""
    known = await items.data.current()
    if region not in known.regions.by_code:
        raise domain.REGION_UNKNOWN(region=region)
    try:
        entry = PolicyEntry(region=region, effective=effective, version=1, changes=changes)
    except ValueError as error:
        raise domain.NOT_SOUND(problems=domain.problems(error)) from error
    return await _set(items, command, "policy", entry.key, entry.model_dump(mode="json", exclude={"version"}), note)


async def set_calendar(items: ReferenceItems, command: Command, year: CalendarYear) -> Answer:
    """The notice that the year comes from is its note."""
    return await _set(items, command, "calendar", year.key, year.model_dump(mode="json"), year.source)


async def _set(items: ReferenceItems, command: Command, kind: Kind, key: str, value: dict[str, Any], note: str) -> Answer:
    known = await items.data.newest()
    return await items.store.execute(
        domain.item_id(kind, key),
        command,
        lambda item: domain.set_value(item, kind, key, value, note, known),
        lambda item: item.model_dump(mode="json"),
    )
