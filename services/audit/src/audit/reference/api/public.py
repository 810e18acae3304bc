"""The HTTP routes that read reference data, for anyone; and the calendar, which the system administrator sets at once (R6)."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from common.calendar import CalendarYear
from common.contracts.words import Role
from common.decision import Actor, Command
from common.lists import Contact
from common.policy import Policy
from common.reference import Kind, ReferenceItem
from common.refusals import NOT_FOUND
from common.regions import Level, Regions
from common.store.mongo import Document
from common.values import Text, Value, Visible
from common.web.command import actor, command
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, StringConstraints, ValidationError

from audit.reference import handlers
from audit.reference.domain.item import item_id, problems
from audit.reference.domain.refusals import NOT_SOUND
from audit.reference.repository import ReferenceItems

router = APIRouter(prefix="/api/v1")
ListKind = Literal["reasons", "category", "choices", "contact", "offices", "minimum_wage", "region"]
RegionCode = Annotated[str, Query(pattern=r"^[0-9]{6}$")]
DayName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), Visible]
Year = Annotated[int, Path(ge=2000, le=2100)]
Key = Annotated[str, Path(max_length=80)]
Overseer = Annotated[Actor, actor(Role.OFFICER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)]


async def _items(request: Request) -> ReferenceItems:
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


class RegionOffices(BaseModel):
    """The offices of a county where unemployment is registered."""

    region: str
    offices: tuple[str, ...]


class Contacts(BaseModel):
    """Whom to ask, the nearest office first, then the technical support (G17)."""

    region: str
    items: tuple[Contact, ...]


class CalendarChange(Value):
    """The whole year. `source` names the notice, for an official year the State Council's."""

    official: bool
    source: Text
    holidays: dict[date, DayName]
    workdays: dict[date, DayName]


class ItemChange(BaseModel):
    """One line of an item's history: who set which version when, and by which notice or why. `proposal_id` is the approved proposal."""

    at: datetime
    version: str
    actor_id: str
    role: Role
    note: str | None
    proposal_id: str | None

    @classmethod
    def of(cls, entry: Document) -> "ItemChange":
        actor_, subject = entry["actor"], entry.get("subject")
        return cls(
            at=entry["at"], version=entry["to"], actor_id=actor_["id"], role=actor_["role"], note=entry.get("note"), proposal_id=subject
        )  # fmt: skip


class ItemHistory(BaseModel):
    items: list[ItemChange]


@router.get("/regions", summary="行政区划（省、市、县）", tags=["公开"])
async def regions(items: Parts) -> list[RegionNode]:
    known = (await items.data.current()).regions
    today = items.clock.today()
    provinces = [code for code in known.by_code if code.endswith("0000")]
    return [node for code in sorted(provinces) for node in _nodes(known, code, "province", today)]


@router.get("/regions/{code}/offices", summary="某县的失业登记机构名录（含乡镇、街道）", tags=["公开"])
async def offices(items: Parts, code: Annotated[str, Path(pattern=r"^[0-9]{6}$")]) -> RegionOffices:
    known = await items.data.current()
    region = known.regions.current(code)
    if region not in known.offices:
        raise NOT_FOUND()
    return RegionOffices(region=region, offices=known.offices[region])


@router.get("/contacts", summary="某地的咨询电话（就近的人社部门和技术支持）", tags=["公开"])
async def contacts(items: Parts, region: RegionCode) -> Contacts:
    return Contacts(region=region, items=(await items.data.current()).whom_to_ask(region))


@router.get("/reference/{kind}", summary="基础数据（原因、人员类别、选项、咨询电话、登记机构、最低工资、区划）", tags=["公开"])
async def reference(items: Parts, kind: ListKind) -> ItemList:
    return ItemList(items=[item for item in (await items.data.current()).items() if item.kind == kind])


@router.get("/reference/{kind}/{id}/history", summary="某项设置的变更记录")
async def history(items: Parts, reader: Overseer, kind: Kind, id: Key) -> ItemHistory:
    lines = await items.history(item_id(kind, id))
    if not lines:
        raise NOT_FOUND()
    return ItemHistory(items=[ItemChange.of(line) for line in lines])


@router.get("/policy", summary="某地当前适用的政策参数", tags=["公开"])
async def policy(items: Parts, region: RegionCode, day: date | None = None) -> PolicyInForce:
    on = day or items.clock.today()
    return PolicyInForce(region=region, day=on, policy=(await items.data.current()).policy(region, on))


@router.get("/calendar/{year}", summary="某年工作日安排", tags=["公开"])
async def calendar(items: Parts, year: Year) -> ReferenceItem:
    item = await items.store.get(item_id("calendar", str(year)))
    if item is None:
        raise NOT_FOUND()
    return item


@router.get("/calendar/{year}/history", summary="某年工作日安排的变更记录（何人、何时、依据何通知）")
async def calendar_history(items: Parts, reader: Overseer, year: Year) -> ItemHistory:
    return await history(items, reader, "calendar", str(year))


@router.put("/calendar/{year}", summary="录入某年工作日安排（立即生效）", tags=["系统管理员"], response_model=ReferenceItem)
async def set_calendar(
    items: Parts, year: Year, cmd: Annotated[Command, command("set_calendar", Role.SYSTEM_ADMIN)], body: CalendarChange
) -> Any:
    try:
        content = CalendarYear(year=year, **body.model_dump())
    except ValidationError as error:
        raise NOT_SOUND(problems=problems(error)) from error
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
