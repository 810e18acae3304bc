"""One message, at least, for every special case in which somebody is told something; all ids are invented."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

from common.contracts.applications import (
    ApplicationDueChanged,
    ApplicationStatusChanged,
    BlockLifted,
    CaseAsked,
    CaseSettled,
    DiplomaChanged,
    EndCorrected,
    IntentChecked,
    IntentRecheckAsked,
    PlannedEndChanged,
    ReleaseAsked,
    TalkChanged,
)
from common.contracts.base import Message
from common.contracts.cases import ReferenceChangeSettled
from common.contracts.effects import EFFECTS, Effects
from common.contracts.people import PersonReviewSettled, UnitStatusChanged
from common.contracts.postings import PostingStatusChanged
from common.contracts.words import (
    CaseKind,
    CaseStatus,
    Category,
    Check,
    Diploma,
    EndKind,
    PostingKind,
    PostingStatus,
    Role,
    Status,
    UnitStatus,
)

from ..builders import COUNTY, application, case

DUE = datetime(2027, 1, 5, 16, tzinfo=UTC)
"""24:00 of 5 January 2027 in Shanghai."""
APPLICATION = {"application_id": "app_1", "person_id": "per_1", "unit_id": "unt_1"}
AT_POSTING: dict[str, Any] = {**APPLICATION, "posting_id": "pst_1", "region": COUNTY}
INTENT: dict[str, Any] = {"person_id": "per_1", "intent_version": 1}
SAMPLE_REASONS = {Status.REJECTED: "skills_do_not_fit", Status.DISAPPROVED: "employed", Status.ABSENT: "did_not_come"}


def status_changes() -> list[ApplicationStatusChanged]:
    """Every row of the table of effects, and what the words depend on beside it."""
    special = [status_change(row, end_kind=EndKind.EARLY, reason_code="personal") for row in EFFECTS if row.to is Status.TERMINATED]
    special += [status_change(row, reason_code="intern_withdrew") for row in EFFECTS if row.to in (Status.DISAPPROVED, Status.ABSENT)]
    return [*map(status_change, EFFECTS), *special]


def status_change(row: Effects, **more: Any) -> ApplicationStatusChanged:
    fields: dict[str, Any] = {"application_id": "app_1", "from_": row.from_, "actor_role": row.by, "reinstated": row.reinstated}
    fields["reason_code"] = row.reason or ("unit_mistake" if row.reinstated else SAMPLE_REASONS.get(row.to))
    if row.to is Status.OFFERED:
        fields["due_at"] = DUE
    if row.to is Status.ONBOARDED:
        fields |= {"start": date(2026, 12, 1), "planned_end": date(2027, 6, 1)}
    if row.to is Status.TERMINATED:
        fields |= {"end": date(2027, 6, 1), "end_kind": EndKind.COMPLETED}
    return application("per_1", "unt_1", row.to, **{**fields, **more})


def unit_change(from_: UnitStatus, to: UnitStatus, code: str | None = None) -> UnitStatusChanged:
    return UnitStatusChanged(
        unit_id="unt_1",
        name="示例科技有限公司",
        region=COUNTY,
        from_=from_,
        to=to,
        request=1,
        reason_code=code,
        recognised_until=date(2029, 11, 24),
    )


def posting_change(from_: PostingStatus, to: PostingStatus, code: str | None = None, **changes: Any) -> PostingStatusChanged:
    fields: dict[str, Any] = {
        "posting_id": "pst_1",
        "unit_id": "unt_1",
        "unit_name": "示例科技有限公司",
        "from_": from_,
        "to": to,
        "revision": 1,
        "title": "示例测试见习岗",
        "kind": PostingKind.TECHNICAL,
        "region": COUNTY,
        "headcount": 1,
        "months": 6,
        "allowance_fen": 200_000,
        "deadline": date(2027, 6, 30),
        "reason_code": code,
    }
    return PostingStatusChanged(**{**fields, **changes})


def cases_asked() -> list[CaseAsked]:
    by = {
        Role.INTERN: (CaseKind.OBJECTION, CaseKind.LIFT, CaseKind.COMPLAINT, CaseKind.RELEASE),
        Role.SYSTEM: (CaseKind.SILENCE, CaseKind.REINSTATEMENT),
    }
    return [
        CaseAsked(**AT_POSTING, status=Status.ONBOARDED, kind=kind, number=1, cause="other", asked_by=role)
        for role, kinds in by.items()
        for kind in kinds
    ]


def messages() -> list[Message]:
    """All of them."""
    unit_sided, posting_sided = UnitStatus, PostingStatus
    registered, recognised = unit_sided.REGISTERED, unit_sided.RECOGNISED
    returned = [
        case("per_1", CaseKind.ELIGIBILITY, to=CaseStatus.RETURNED, application_id="app_1", reason_code="evidence_missing", due_at=DUE),
        case("unt_1", CaseKind.RECOGNITION, to=CaseStatus.RETURNED, reason_code="evidence_missing", due_at=DUE),
        case("pst_1", CaseKind.POSTING, to=CaseStatus.RETURNED, reason_code="evidence_missing", due_at=DUE),
    ]
    return [
        *status_changes(),
        *cases_asked(),
        *returned,
        *(CaseSettled(**APPLICATION, kind=kind, number=1, case_id="cas_1") for kind in CaseKind),
        *(DiplomaChanged(**APPLICATION, diploma=diploma, reason_code="not_readable") for diploma in Diploma),
        *(PlannedEndChanged(**APPLICATION, change=change, planned_end=date(2027, 6, 1)) for change in ("proposed", "agreed", "declined")),
        *(TalkChanged(**APPLICATION, change=change) for change in ("invited", "another_time_asked")),
        *(ReleaseAsked(**APPLICATION, region=COUNTY, status=status) for status in (Status.WILLING, Status.APPROVED)),
        *(IntentChecked(**INTENT, check=check, reason_code="no_registration") for check in Check),
        *(unit_change(registered, to, "other") for to in (unit_sided.REFUSED, unit_sided.SUSPENDED, unit_sided.REVOKED)),
        *(unit_change(registered, to) for to in (unit_sided.REQUESTED, unit_sided.RECOGNISED, unit_sided.EXPIRED)),
        *(unit_change(same, same, code) for same, code in product((recognised, unit_sided.SUSPENDED), (None, "other"))),
        unit_change(unit_sided.SUSPENDED, recognised),
        *(
            posting_change(posting_sided.PUBLISHED, to, code)
            for to, code in product(PostingStatus, (None, "unit_suspended"))
            if _real(to, code)
        ),
        posting_change(posting_sided.PAUSED, posting_sided.PUBLISHED),
        ApplicationDueChanged(**APPLICATION, due_at=DUE),
        EndCorrected(**AT_POSTING, end_kind=EndKind.EARLY, end=date(2027, 6, 1), reason_code="unit", retained=False, case_id="cas_1"),
        EndCorrected(**AT_POSTING, end_kind=EndKind.COMPLETED, end=date(2027, 6, 1), reason_code=None, retained=False, case_id="cas_1"),
        BlockLifted(application_id="app_1", person_id="per_1", region=COUNTY, months_served=2, case_id="cas_1"),
        IntentRecheckAsked(
            **INTENT,
            category=Category.YOUTH,
            education="bachelor",
            age_band="20-24",
            household_region=COUNTY,
            residence_region=COUNTY,
            check=Check.CHECKING,
            registration_region=COUNTY,
        ),
        case("per_1", CaseKind.SILENCE),
        PersonReviewSettled(person_id="per_1", request=1, case_id="cas_1"),
        *(ReferenceChangeSettled(proposal_id="prp_1", applied=applied) for applied in (True, False)),
    ]


def _real(to: PostingStatus, code: str | None) -> bool:
    """A posting is returned with a reason, and submitted without one."""
    return code is not None if to is PostingStatus.RETURNED else to is not PostingStatus.SUBMITTED or code is None
