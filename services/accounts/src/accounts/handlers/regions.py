"""Regions that people name must be in use (R14)."""

from common.errors import refusal
from common.regions import level_of
from common.store.projection import wait_for

from accounts.repository import Deps

COUNTY_UNKNOWN = refusal("unit_county_unknown", 422, "请选择单位所在的县（市、区）。", rule="R14")
OFFICE_UNKNOWN = refusal("office_region_unknown", 422, "请选择经办机构所在的省、市或县（市、区）。", rule="R14")


async def county(deps: Deps, code: str) -> None:
    """Refuses with `unit_county_unknown` what is no county in use today."""
    if not await _in_use(deps, code) or level_of(code) != "county":
        raise COUNTY_UNKNOWN()


async def office(deps: Deps, code: str | None) -> None:
    """Refuses with `office_region_unknown` what is no province, city or county in use today."""
    if code is None or not await _in_use(deps, code):
        raise OFFICE_UNKNOWN()


async def _in_use(deps: Deps, code: str) -> bool:
    async def probe() -> bool:
        return (await deps.reference.current()).regions.contains(code, deps.clock.today())

    return await wait_for(probe)
