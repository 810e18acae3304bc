"""A unit and its recognition (R15): asked for with a licence, decided by an officer's case, for some years, then renewed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from common.contracts.people import UnitDecisionRefused, UnitRecognitionRequested, UnitRegistered, UnitStatusChanged
from common.contracts.words import UnitStatus, Verdict
from common.decision import Decision, Entry
from common.errors import refusal
from common.reasons import StatedReason
from common.values import Value
from pydantic import Field

from accounts.domain.account import UnitFacts
from accounts.domain.texts import Line, Mobile, Number, PersonName

LICENCE_NEEDED = refusal("licence_needed", 422, "请先上传营业执照或登记证书，再申请认定。", rule="R15")
UNIT_FILE_UNKNOWN = refusal("unit_file_unknown", 422, "所选材料不是本单位上传的文件，请重新上传后选择。", rule="R15")
RECOGNITION_NOT_OPEN = refusal("recognition_not_open", 409, "单位当前状态为“{status}”，不能申请认定。", rule="R15")
UNIT_FILES_FULL = refusal("unit_files_full", 409, "本单位上传的文件已达{limit}份上限。", rule="R15")
UNIT_NOT_IN_STATUS = refusal("unit_not_in_status", 409, "单位当前状态为“{status}”，不能办理此事项。", rule="R15")

FILES = 50
_MAY_ASK = (UnitStatus.REGISTERED, UnitStatus.REFUSED, UnitStatus.RECOGNISED, UnitStatus.EXPIRED)
STATUS_LABELS = {
    UnitStatus.REGISTERED: "已注册",
    UnitStatus.REQUESTED: "认定中",
    UnitStatus.RECOGNISED: "已认定",
    UnitStatus.REFUSED: "认定未通过",
    UnitStatus.SUSPENDED: "已暂停",
    UnitStatus.REVOKED: "已撤销",
    UnitStatus.EXPIRED: "认定已到期",
}


class FileKind(StrEnum):
    LICENCE = "licence"  # 营业执照或登记证书
    OTHER = "other"


class UnitFile(Value):
    """A file that the unit handed in; `name` is its label."""

    id: str
    kind: FileKind
    name: str


class RecognitionWish(Value):
    """`document_ids` are files of the unit, a licence among them. A `name` or `uscc` that changes re-opens the recognition."""

    contact_name: Annotated[PersonName, Field(repr=False)]
    contact_phone: Mobile
    document_ids: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(min_length=1, max_length=20)]
    not_labour_dispatch: Annotated[Literal[True], Field(description="声明本单位不是劳务派遣机构")]
    name: Line | None = None
    uscc: Number | None = None


class RecognitionRequest(Value):
    """What was asked with the latest request. The unit declares not to be a labour-dispatch agency by asking.

    `name` and `uscc` are what the unit wants to be called from now on, where that changes: its approval makes them so.
    """

    contact_name_sealed: str
    contact_phone_sealed: str
    document_ids: tuple[str, ...]
    at: datetime
    name: str | None = None
    uscc: str | None = None


class Unit(Value):
    """`request` counts the requests; `waiting` says that the latest is not decided. A renewal leaves it recognised meanwhile."""

    id: str
    facts: UnitFacts
    status: UnitStatus = UnitStatus.REGISTERED
    files: tuple[UnitFile, ...] = ()
    request: int = 0
    waiting: bool = False
    asked: RecognitionRequest | None = None
    recognised_until: date | None = None
    reason: StatedReason | None = None
    decided_by: str | None = None

    @property
    def asked_facts(self) -> UnitFacts:
        """The facts as the latest request has them."""
        changes = self.asked.model_dump(include={"name", "uscc"}, exclude_none=True) if self.asked else {}
        return self.facts.but(**changes)


def register(existing: Unit | None, id: str, facts: UnitFacts) -> Decision[Unit]:
    if existing:
        return Decision(existing)
    event = UnitRegistered(unit_id=id, name=facts.name, uscc=facts.uscc, region=facts.region)
    return Decision(Unit(id=id, facts=facts), (event,), (Entry(to=UnitStatus.REGISTERED),))


def add_file(unit: Unit, file: UnitFile) -> Decision[Unit]:
    """The same file again changes nothing."""
    if any(known.id == file.id for known in unit.files):
        return Decision(unit)
    if len(unit.files) >= FILES:
        raise UNIT_FILES_FULL(limit=FILES)
    return Decision(unit.but(files=(*unit.files, file)))


def request_recognition(unit: Unit, asked: RecognitionRequest) -> Decision[Unit]:
    """The first request, another after a refusal or an expiry, or the renewal of a running recognition, be it under a new name."""
    if unit.waiting or unit.status not in _MAY_ASK:
        raise RECOGNITION_NOT_OPEN(status=STATUS_LABELS[UnitStatus.REQUESTED if unit.waiting else unit.status])
    kinds = {file.id: file.kind for file in unit.files}
    if not all(id in kinds for id in asked.document_ids):
        raise UNIT_FILE_UNKNOWN()
    if FileKind.LICENCE not in {kinds[id] for id in asked.document_ids}:
        raise LICENCE_NEEDED()
    changed = unit.but(request=unit.request + 1, waiting=True, asked=asked, reason=None)
    request = UnitRecognitionRequested(
        unit_id=unit.id,
        request=changed.request,
        **changed.asked_facts.model_dump(include={"name", "uscc", "region"}),
        documents=asked.document_ids,
    )
    if unit.status is UnitStatus.RECOGNISED:
        return Decision(changed, (request,), (Entry(to=unit.status, from_=unit.status),))
    moved = move(changed, UnitStatus.REQUESTED)
    return Decision(moved.state, (request, *moved.events), moved.history)


def new_uscc(unit: Unit, request: int) -> str | None:
    """The credit code that the approval of this request gives the unit in place of its own."""
    current = unit.waiting and unit.request == request
    return unit.asked_facts.uscc if current and unit.asked_facts.uscc != unit.facts.uscc else None


def decide(
    unit: Unit,
    request: int,
    case_id: str,
    verdict: Verdict,
    reason_code: str | None,
    recognised_until: date,
    *,
    uscc_taken: bool = False,
) -> Decision[Unit]:
    """Apply an officer's decision about one request.

    `unit.decision_refused` answers one about another request than the waiting one, and an approval of a credit code that another
    unit has got meanwhile (`uscc_taken`).
    """
    if unit.decided_by == case_id:
        return Decision(unit)
    if not unit.waiting or unit.request != request:
        return _refuse(unit, case_id, "request_not_current")
    decided = unit.but(waiting=False, decided_by=case_id)
    if verdict is Verdict.APPROVE:
        if uscc_taken:
            return _refuse(unit, case_id, "uscc_taken")
        approved = unit.status if unit.status is UnitStatus.SUSPENDED else UnitStatus.RECOGNISED
        return move(decided.but(facts=unit.asked_facts, recognised_until=recognised_until), approved, case_id=case_id)
    refused = UnitStatus.REFUSED if unit.status is UnitStatus.REQUESTED else unit.status
    return move(decided, refused, reason=StatedReason.of(reason_code), case_id=case_id)


def _refuse(unit: Unit, case_id: str, code: str) -> Decision[Unit]:
    return Decision(unit, (UnitDecisionRefused(unit_id=unit.id, case_id=case_id, reason_code=code),))


def expire(unit: Unit, today: date) -> Decision[Unit]:
    """The recognition ends with its last day; a renewal that waits goes on waiting."""
    if unit.status is not UnitStatus.RECOGNISED or unit.recognised_until is None or unit.recognised_until >= today:
        return Decision(unit)
    return move(unit, UnitStatus.EXPIRED)


def move(unit: Unit, to: UnitStatus, *, reason: StatedReason | None = None, case_id: str | None = None) -> Decision[Unit]:
    """One status change with its event and history line. The text stays here; the event carries the code only."""
    code, text = (reason.code, reason.text) if reason else (None, None)
    event = UnitStatusChanged(
        unit_id=unit.id,
        name=unit.facts.name,
        region=unit.facts.region,
        from_=unit.status,
        to=to,
        request=unit.request,
        reason_code=code,
        recognised_until=unit.recognised_until,
        case_id=case_id,
        staff_insured=unit.facts.staff_insured,
    )
    changed = unit.but(status=to, reason=reason)
    return Decision(changed, (event,), (Entry(to=to, from_=unit.status, reason_code=code, reason_text=text),))
