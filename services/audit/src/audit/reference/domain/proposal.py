"""A change that an administrator enters and a province officer approves or turns down (programme §5); the calendar alone needs none."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from common.contracts.cases import ReferenceChangeProposed, ReferenceChangeSettled, ReferenceDecisionRefused
from common.decision import Decision, Entry
from common.policy import PolicyEntry
from common.reference import RECORDS, Kind, Record, Reference, ReferenceItem
from common.values import Value

from audit.reference.domain import dry_run
from audit.reference.domain import item as items
from audit.reference.domain.dry_run import OpenCase
from audit.reference.domain.refusals import CHANGED_SINCE, EFFECTIVE_PASSED, NOT_WAITING, NOTHING_CHANGES, REGION_UNKNOWN


class ProposalStatus(StrEnum):
    WAITING = "WAITING"  # a policy case is open
    APPLYING = "APPLYING"  # approved, about to be set
    APPLIED = "APPLIED"
    TURNED_DOWN = "TURNED_DOWN"
    WITHDRAWN = "WITHDRAWN"


NAMES = {
    ProposalStatus.WAITING: "待审批",
    ProposalStatus.APPLYING: "生效中",
    ProposalStatus.APPLIED: "已生效",
    ProposalStatus.TURNED_DOWN: "未批准",
    ProposalStatus.WITHDRAWN: "已撤回",
}


class Proposal(Value):
    """State of a proposal: the item `kind:key` shall hold `value` instead of `before`, its version `based_on` (0: it is new).

    `region` is where it would hold. A `correction` may take effect on a day gone by. `affected` counts by kind of case what
    the dry run found. `case_id` is the decision, `reason_code` that of a refusal.
    """

    id: str
    status: ProposalStatus
    kind: Kind
    key: str
    region: str
    value: dict[str, Any]
    before: dict[str, Any] | None
    based_on: int
    correction: bool
    note: str
    affected: dict[str, int]
    proposed_at: datetime
    case_id: str | None = None
    reason_code: str | None = None


def draft(
    id: str, record: Record, note: str, known: Reference, cases: Sequence[OpenCase], at: datetime, today: date, *, correction: bool
) -> Proposal:
    """What is entered, judged with all that is set now. Refuses what could not be applied today."""
    kind = kind_of(record)
    current = known.latest.get((kind, record.key))
    value, region = record.model_dump(mode="json", exclude={"version"}), holds_in(record, known)
    if region not in known.regions.by_code and kind != "region":
        raise REGION_UNKNOWN(region=region)
    if current and current.value == value:
        raise NOTHING_CHANGES()
    version = current.version if current else 0
    _check_day(value, today, correction=correction)
    items.check(ReferenceItem(kind=kind, key=record.key, version=version + 1, value=value), known)
    affected = dry_run.of_policy(record, version, known, today, cases).affected if isinstance(record, PolicyEntry) else {}
    return Proposal(
        id=id,
        status=ProposalStatus.WAITING,
        kind=kind,
        key=record.key,
        region=region,
        value=value,
        before=current.value if current else None,
        based_on=version,
        correction=correction,
        note=note,
        affected=affected,
        proposed_at=at,
    )


def kind_of(record: Record) -> Kind:
    return next(kind for kind, type_ in RECORDS.items() if isinstance(record, type_))


def holds_in(record: Record, known: Reference) -> str:
    """The region that an item is about; the province where it is about all of it."""
    region: str = getattr(record, "region", None) or getattr(record, "code", None) or ""
    return region if region.isdigit() else known.regions.province


def enter(drafted: Proposal) -> Decision[Proposal]:
    """Said so that a policy case opens."""
    said = ReferenceChangeProposed(
        proposal_id=drafted.id,
        kind=drafted.kind,
        key=drafted.key,
        region=drafted.region,
        value=drafted.value,
        affected=drafted.affected,
    )
    return Decision(drafted, (said,), (Entry(to=drafted.status, note=drafted.note),))


def withdraw(proposal: Proposal, note: str) -> Decision[Proposal]:
    """Refuses with `proposal_not_waiting` once it has been decided."""
    if proposal.status is not ProposalStatus.WAITING:
        raise NOT_WAITING(status=NAMES[proposal.status])
    return _settle(proposal, ProposalStatus.WITHDRAWN, note=note)


def turn_down(proposal: Proposal, case_id: str, reason_code: str | None) -> Decision[Proposal]:
    if proposal.status is not ProposalStatus.WAITING:
        return Decision(proposal)
    return _settle(proposal, ProposalStatus.TURNED_DOWN, case_id=case_id, reason_code=reason_code)


def begin(proposal: Proposal, case_id: str) -> Decision[Proposal]:
    """Approved: from here on nobody withdraws it."""
    if proposal.status is not ProposalStatus.WAITING:
        return Decision(proposal)
    after = proposal.but(status=ProposalStatus.APPLYING, case_id=case_id)
    return Decision(after, (), (Entry(to=after.status, from_=proposal.status),))


def apply(item: ReferenceItem | None, proposal: Proposal, known: Reference, today: date) -> Decision[ReferenceItem]:
    """The item in its new version. Refuses when it was changed since, or no longer fits."""
    if (item.version if item else 0) != proposal.based_on:
        raise CHANGED_SINCE()
    _check_day(proposal.value, today, correction=proposal.correction)
    return items.set_value(item, proposal.kind, proposal.key, proposal.value, proposal.note, known, proposal.id)


def applied(proposal: Proposal) -> Decision[Proposal]:
    if proposal.status is not ProposalStatus.APPLYING:
        return Decision(proposal)
    return _settle(proposal, ProposalStatus.APPLIED, case_id=proposal.case_id)


def refuse(proposal: Proposal, code: str) -> Decision[Proposal]:
    """It could not be applied: it waits again, and its case is open again and shows why."""
    if proposal.status is not ProposalStatus.APPLYING:
        return Decision(proposal)
    after = proposal.but(status=ProposalStatus.WAITING, case_id=None, reason_code=code)
    said = ReferenceDecisionRefused(proposal_id=proposal.id, case_id=str(proposal.case_id), reason_code=code)
    return Decision(after, (said,), (Entry(to=after.status, from_=proposal.status, reason_code=code),))


def _settle(
    proposal: Proposal, status: ProposalStatus, *, case_id: str | None = None, reason_code: str | None = None, note: str | None = None
) -> Decision[Proposal]:
    after = proposal.but(status=status, case_id=case_id, reason_code=reason_code)
    said = ReferenceChangeSettled(
        proposal_id=proposal.id, applied=status is ProposalStatus.APPLIED, case_id=case_id, reason_code=reason_code
    )  # fmt: skip
    return Decision(after, (said,), (Entry(to=status, from_=proposal.status, reason_code=reason_code, note=note),))


def _check_day(value: dict[str, Any], today: date, *, correction: bool) -> None:
    effective = value.get("effective")
    if effective and date.fromisoformat(effective) < today and not correction:
        raise EFFECTIVE_PASSED(effective=effective)
