"""Postings, units and actors for the tests; people and firms are invented."""

from datetime import UTC, date, datetime
from typing import Any

from common.contracts.applications import HeadcountRefused, SeatsChanged
from common.contracts.base import Message
from common.contracts.cases import CaseStatusChanged
from common.contracts.people import UnitStatusChanged
from common.contracts.words import CaseKind, CaseStatus, Permission, PostingKind, PostingStatus, Role, UnitStatus, Verdict
from common.decision import SYSTEM, Actor, Command
from common.ids import new_id
from common.reference import Reference
from postings.domain.facts import SeatsFacts, Surroundings, UnitFacts
from postings.domain.limits import Offer
from postings.domain.posting import ContactPerson, Posting, PostingContent

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
UNIT_USER = Actor(id="usr_1", role=Role.UNIT, unit_id="unt_1", permissions=frozenset({Permission.MANAGE_POSTINGS}))
RECOGNISED = UnitFacts(name="示例科技有限公司", region="520103", status=UnitStatus.RECOGNISED, recognised_until=date(2029, 1, 1))
REFERENCE = Reference.sample()


def content(**changes: Any) -> PostingContent:
    """Sound at NOON; what an HTTP body holds is its JSON."""
    return PostingContent(
        title="示例数据分析助理",
        kind=PostingKind.TECHNICAL,
        duties="整理示例数据，撰写报告",
        region="520102",
        headcount=5,
        months=6,
        allowance_fen=200000,
        requirements="熟悉电子表格",
        mentor="示例导师",
        deadline=date(2027, 6, 30),
        contact=ContactPerson(name="示例联系人", phone="19900000001"),
        report_to="示例大厦一楼，上午九点",
    ).but(**changes)


def posting(status: PostingStatus = PostingStatus.DRAFT, **changes: Any) -> Posting:
    fields: dict[str, Any] = {"id": "pst_1", "unit_id": "unt_1", "content": content(), "created_at": NOON}
    if status is not PostingStatus.DRAFT:
        fields |= {"revision": 1, "unit_name": RECOGNISED.name}
    return Posting(status=status, **{**fields, **changes})


def around(
    unit: UnitFacts | None = RECOGNISED, seats: SeatsFacts | None = None, others: tuple[Offer, ...] = (), reference: Reference = REFERENCE
) -> Surroundings:
    return Surroundings(unit, seats, others, reference)


def by(actor: Actor = UNIT_USER, at: datetime = NOON) -> Command:
    return Command("test", actor, new_id("key"), at)


def by_system(at: datetime = NOON) -> Command:
    return by(SYSTEM, at)


def decided(
    posting_id: str, verdict: Verdict = Verdict.APPROVE, revision: int = 1, case_id: str | None = None, **changes: Any
) -> CaseStatusChanged:
    fields: dict[str, Any] = {
        "case_id": case_id or f"cas_{posting_id}_{revision}",
        "kind": CaseKind.POSTING,
        "from_": CaseStatus.OPEN,
        "to": CaseStatus.DECIDING,
        "region": "520103",
        "subject": posting_id,
        "subject_version": revision,
        "verdict": verdict,
        "reason_code": "content_incomplete" if verdict is Verdict.DISAPPROVE else None,
    }
    return CaseStatusChanged(**{**fields, **changes})


def unit_changed(
    unit_id: str, to: UnitStatus = UnitStatus.RECOGNISED, until: date | None = date(2099, 1, 1), staff: int | None = None
) -> UnitStatusChanged:
    return UnitStatusChanged(
        unit_id=unit_id,
        name=RECOGNISED.name,
        region="520103",
        from_=UnitStatus.REQUESTED,
        to=to,
        request=1,
        recognised_until=until,
        staff_insured=staff,
    )


def seats(posting_id: str, headcount: int, taken: int, *, refused: bool = False) -> Message:
    if refused:
        return HeadcountRefused(posting_id=posting_id, headcount=headcount, taken=taken)
    return SeatsChanged(posting_id=posting_id, headcount=headcount, taken=taken, closing=False)
