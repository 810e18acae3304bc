"""Regions that people name must be in use (R14)."""

from common.contracts.words import Role
from common.errors import RefusalKind, refusal
from common.regions import level_of
from common.store.projection import wait_for

from accounts.repository import Deps

OFFICE_COUNTY_UNKNOWN = refusal("office_county_unknown", 422, "请选择办理核验的县（市、区）。", rule="R14")
COUNTY_UNKNOWN = refusal("unit_county_unknown", 422, "请选择单位所在的县（市、区）。", rule="R14")
OFFICE_UNKNOWN = refusal("office_unknown", 422, "请选择经办机构所在的省、市或县（市、区）。", rule="R14")
OFFICE_NOT_FOR_ROLE = refusal("office_not_for_role", 422, "管理员账号不属于某一地区，请不要选择地区。", rule="R14")

_OF_AN_OFFICE = (Role.OFFICER, Role.ANALYST)


async def county(deps: Deps, code: str, unknown: RefusalKind = COUNTY_UNKNOWN) -> None:
    """Refuses, with `unit_county_unknown` unless told, what is no county in use today."""
    if not await _in_use(deps, code) or level_of(code) != "county":
        raise unknown()


async def office(deps: Deps, role: Role, code: str | None) -> None:
    """Officers and analysts belong to an office, administrators to none. Refuses with `office_unknown`, `office_not_for_role`."""
    if role not in _OF_AN_OFFICE:
        if code is not None:
            raise OFFICE_NOT_FOR_ROLE()
    elif code is None or not await _in_use(deps, code):
        raise OFFICE_UNKNOWN()


async def _in_use(deps: Deps, code: str) -> bool:
    async def probe() -> bool:
        return (await deps.reference.current()).regions.contains(code, deps.clock.today())

    return await wait_for(probe)
