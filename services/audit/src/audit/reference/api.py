"""The HTTP routes of reference data: read by anyone, set by the system administrator."""

from datetime import date
from typing import Annotated, Any, Literal

from common.calendar import CalendarYear
from common.contracts.words import Role
from common.decision import Command
from common.policy import Policy
from common.reference import ReferenceItem
from common.refusals import NOT_FOUND
from common.regions import Level, Regions
from common.values import Text, Value, Visible
from common.web.command import command
from common.web.reason import Note
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, StringConstraints, ValidationError

from audit.reference import domain, handlers
from audit.reference.repository import ReferenceItems

router = APIRouter(prefix="/api/v1")
Kind = Literal["reasons", "category", "choices", "contact", "minimum_wage"]
Code = Annotated[str, Query(pattern=r"^[0-9]{6}$")]
DayName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), Visible]
Year = Annotated[int, Path(ge=2000, le=2100)]


def _items(request: Request) -> ReferenceItems:
    items: ReferenceItems = request.app.state.deps.reference
    return items


Parts = Annotated[ReferenceItems, Depends(_items)]


class RegionNode(BaseModel):
    """A region in use today, with those inside it."""

    code: str
    name: str
    level: Level
    children: list["RegionNode"]


class ItemList(BaseModel):
    items: list[ReferenceItem]


class PolicyInForce(BaseModel):
    region: str
    day: date
    policy: Policy


class PolicyChange(Note):
    """`changes` holds only the fields of the policy that this region sets from `effective` on."""

    region: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    effective: date
    changes: dict[str, Any]


class CalendarChange(Value):
    """The whole year. `source` names the notice, for an official year the State Council's."""

    official: bool
    source: Text
    holidays: dict[date, DayName]
    workdays: dict[date, DayName]


@router.get("/regions", summary="行政区划（省、市、县）", tags=["公开"])
async def regions(items: Parts) -> list[RegionNode]:
    known = (await items.data.current()).regions
    today = items.clock.today()
    provinces = [code for code in known.by_code if code.endswith("0000")]
    return [node for code in sorted(provinces) for node in _nodes(known, code, "province", today)]


@router.get("/reference/{kind}", summary="基础数据（原因、人员类别、选项、咨询电话、最低工资）", tags=["公开"])
async def reference(items: Parts, kind: Kind) -> ItemList:
    return ItemList(items=[item for item in (await items.data.current()).items() if item.kind == kind])


@router.get("/policy", summary="某地当前适用的政策参数", tags=["公开"])
async def policy(items: Parts, region: Code, day: date | None = None) -> PolicyInForce:
    on = day or items.clock.today()
    return PolicyInForce(region=region, day=on, policy=(await items.data.current()).policy(region, on))


@router.put("/policy", summary="录入政策参数", tags=["系统管理员"], response_model=ReferenceItem)
async def set_policy(items: Parts, cmd: Annotated[Command, command("set_policy", Role.SYSTEM_ADMIN)], body: PolicyChange) -> Any:
    return await handlers.set_policy(items, cmd, body.region, body.effective, body.changes, body.note)


@router.get("/calendar/{year}", summary="某年工作日安排", tags=["公开"])
async def calendar(items: Parts, year: Year) -> ReferenceItem:
    item = await items.store.get(domain.item_id("calendar", str(year)))
    if item is None:
        raise NOT_FOUND()
    return item


@router.put("/calendar/{year}", summary="录入某年工作日安排", tags=["系统管理员"], response_model=ReferenceItem)
async def set_calendar(
    items: Parts, year: Year, cmd: Annotated[Command, command("set_calendar", Role.SYSTEM_ADMIN)], body: CalendarChange
) -> Any:
    try:
        content = CalendarYear(year=year, **body.model_dump())
    except ValidationError as error:
        raise domain.NOT_SOUND(problems=domain.problems(error)) from error
    return await handlers.set_calendar(items, cmd, content)


_BELOW: dict[Level, Level | None] = {"province": "city", "city": "county", "county": None}


def _nodes(known: Regions, within: str, level: Level, today: date) -> list[RegionNode]:
    below = _BELOW[level]
    return [
        RegionNode(
            code=region.code, name=region.name, level=level, children=_nodes(known, region.code, below, today) if below else []
        )
        for region in known.in_use(today, within, level)
    ]  # fmt: skip
