"""The HTTP routes of changes that need a province officer's approval: entered, tried out, read, withdrawn (programme §5)."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from common.contracts.words import Role
from common.decision import Actor, Command
from common.policy import PolicyEntry
from common.reasons import Reasons, ReasonView, StatedReason
from common.reference import RECORDS, Kind
from common.values import Value
from common.web.command import actor, command
from common.web.reason import Note
from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints, ValidationError

from audit.reference import handlers
from audit.reference.api.public import Key, Overseer, Parts
from audit.reference.domain.dry_run import DryRun
from audit.reference.domain.item import problems
from audit.reference.domain.proposal import Proposal, ProposalStatus
from audit.reference.domain.refusals import NOT_SOUND

router = APIRouter(prefix="/api/v1")
R = TypeVar("R", bound=Value)
Entering = Annotated[Command, command("propose_change", Role.SYSTEM_ADMIN)]


class Change(Note):
    """A `correction` may take effect on a day gone by; `note` says why."""

    correction: bool = False


class PolicyChange(Change):
    """`changes` holds only the fields of the policy that this region sets from `effective` on."""

    region: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    effective: date
    changes: dict[str, Any]

    def entry(self) -> PolicyEntry:
        try:
            return PolicyEntry(region=self.region, effective=self.effective, version=1, changes=self.changes)
        except ValidationError as error:
            raise NOT_SOUND(problems=problems(error)) from error


class ItemChange(Change, Generic[R]):
    """The whole item as it shall be."""

    value: R


class ProposalView(BaseModel):
    """`before` is what holds now; `affected` counts the open cases, by kind, that a change of policy bears on."""

    id: str
    status: ProposalStatus
    kind: Kind
    key: str
    region: str
    value: dict[str, Any]
    before: dict[str, Any] | None
    correction: bool
    note: str
    affected: dict[str, int]
    proposed_at: datetime
    case_id: str | None
    reason: ReasonView | None = None

    @classmethod
    def of(cls, proposal: Proposal, reasons: Reasons) -> "ProposalView":
        reason = reasons.shown(StatedReason.of(proposal.reason_code), "policy", "decision_refused")
        return cls(**proposal.model_dump(include=set(cls.model_fields) - {"reason"}), reason=reason)


class ProposalPage(BaseModel):
    items: list[ProposalView]
    next: str | None


@router.put("/policy", summary="录入政策参数变更（待省级批准）", tags=["系统管理员"], response_model=ProposalView)
async def propose_policy(items: Parts, cmd: Entering, body: PolicyChange) -> Any:
    entry = body.entry()
    return await handlers.propose(items, cmd, entry, entry.key, body.note, correction=body.correction)


@router.post("/policy/dry-run", summary="试算政策参数变更会影响哪些未办结事项")
async def dry_run(items: Parts, reader: Annotated[Actor, actor(Role.SYSTEM_ADMIN, Role.OFFICER)], body: PolicyChange) -> DryRun:
    return await handlers.dry_run_policy(items, body.entry(), body.note, correction=body.correction)


@router.get("/proposals", summary="基础数据变更列表（最新在前）")
async def list_proposals(
    items: Parts,
    reader: Overseer,
    status: ProposalStatus | None = None,
    after: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ProposalPage:
    found, following = await items.proposed(status, after, limit)
    reasons = (await items.data.current()).reasons
    return ProposalPage(items=[ProposalView.of(proposal, reasons) for proposal in found], next=following)


@router.get("/proposals/{id}", summary="基础数据变更详情")
async def read_proposal(items: Parts, reader: Overseer, id: str) -> ProposalView:
    proposal = await handlers.known_proposal(items, id)
    return ProposalView.of(proposal, (await items.data.current()).reasons)


@router.post("/proposals/{id}/withdraw", summary="撤回变更", tags=["系统管理员"], response_model=ProposalView)
async def withdraw(items: Parts, id: str, cmd: Annotated[Command, command("withdraw_proposal", Role.SYSTEM_ADMIN)], body: Note) -> Any:
    return await handlers.withdraw(items, id, cmd, body.note)


def _route_for(kind: Kind, record: type[Any]) -> None:
    """One route per kind, so that each has the schema of its own value."""

    async def propose_item(items: Parts, cmd: Entering, id: Key, body: ItemChange[record]) -> Any:  # type: ignore[valid-type]
        return await handlers.propose(items, cmd, body.value, id, body.note, correction=body.correction)

    summary = f"录入{_NAMES[kind]}变更（待省级批准）"
    router.add_api_route(
        f"/reference/{kind}/{{id}}",
        propose_item,
        methods=["PUT"],
        summary=summary,
        tags=["系统管理员"],
        response_model=ProposalView,
        operation_id=f"propose_{kind}",
    )


_NAMES: dict[Kind, str] = {
    "region": "行政区划",
    "reasons": "原因列表",
    "minimum_wage": "最低工资标准",
    "contact": "咨询电话",
    "offices": "失业登记机构名录",
    "category": "人员类别",
    "choices": "选项",
}

for _kind in _NAMES:
    _route_for(_kind, RECORDS[_kind])
