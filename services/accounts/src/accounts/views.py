"""What callers are shown."""

from datetime import date, datetime

from common.contracts.words import Permission, Role, UnitStatus
from common.reasons import Reasons, ReasonView, StatedReason
from common.regions import Regions
from pydantic import BaseModel

from accounts.domain.account import Account
from accounts.domain.identity import Review, ReviewPurpose, ReviewStatus
from accounts.domain.person import Person
from accounts.domain.resume import Resume
from accounts.domain.unit import STATUS_LABELS, Unit, UnitFile
from accounts.sealing import Sealer


class AccountView(BaseModel):
    """An account as its owner, its unit's manager or an administrator reads it. `id` is the id its tokens speak for."""

    id: str
    login: str
    role: Role
    name: str | None
    phone: str | None
    unit_id: str | None
    region: str | None
    permissions: list[Permission]
    active: bool
    registered_at: datetime

    @classmethod
    def of(cls, account: Account, sealer: Sealer) -> "AccountView":
        return cls(
            **account.model_dump(include={"id", "login", "role", "unit_id", "region", "permissions", "active", "registered_at"}),
            name=sealer.open("name", account.name_sealed) if account.name_sealed else None,
            phone=account.masked_phone,
        )


class AccountPage(BaseModel):
    items: list[AccountView]
    next: str | None


class PhoneCodeSent(BaseModel):
    """`expires_in` is the code's term in seconds."""

    expires_in: int


class TokenPair(BaseModel):
    """`expires_in` is the access token's term in seconds. Whom it speaks for comes with it, so that no client reads tokens."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int
    refresh_token: str
    actor_id: str
    role: Role
    unit_id: str | None
    region: str | None
    permissions: list[Permission]


class Me(BaseModel):
    """An intern's own profile. `missing` lists the steps of G2 still to be taken here: real_name, resume."""

    id: str
    login: str
    phone: str | None
    verified: bool
    name: str | None
    id_number: str | None
    birth_date: date | None
    email: str | None
    address: str | None
    resume_version: int
    missing: list[str]
    registered_at: datetime

    @classmethod
    def of(cls, account: Account, person: Person, sealer: Sealer) -> "Me":
        identity = person.identity
        return cls(
            id=person.id,
            login=account.login,
            phone=account.masked_phone,
            verified=person.verified,
            name=sealer.open("name", identity.name_sealed) if identity else None,
            id_number=identity.number_masked if identity else None,
            birth_date=identity.birth_date if identity else None,
            email=sealer.open("email", person.email_sealed) if person.email_sealed else None,
            address=sealer.open("address", person.address_sealed) if person.address_sealed else None,
            resume_version=person.resume_version,
            missing=person.missing,
            registered_at=account.registered_at,
        )


class ResumeView(BaseModel):
    """One immutable version (R12)."""

    person_id: str
    version: int
    resume: Resume


class PersonView(BaseModel):
    """A person as a unit or an office sees them (R24); what is not theirs to see is masked or null."""

    id: str
    name: str
    phone: str | None
    id_number: str | None
    birth_date: date | None
    resume_versions: list[int]


class PhoneReveal(BaseModel):
    """The clear phone of a person; null when the account has none."""

    person_id: str
    phone: str | None


class UnitView(BaseModel):
    """A unit as its users and its office see it. `waiting`: its latest request is not decided yet.

    `asked_name` and `asked_uscc` are what it will have once a waiting request that changes them is approved.
    """

    id: str
    name: str
    uscc: str
    region: str
    staff_insured: int
    status: UnitStatus
    request: int
    waiting: bool
    asked_name: str | None
    asked_uscc: str | None
    contact_name: str | None
    contact_phone: str | None
    document_ids: list[str]
    files: list[UnitFile]
    recognised_until: date | None
    reason: ReasonView | None

    @classmethod
    def of(cls, unit: Unit, sealer: Sealer, reasons: Reasons) -> "UnitView":
        asked = unit.asked
        changes = asked if unit.waiting else None
        return cls(
            **unit.facts.model_dump(),
            **unit.model_dump(include={"id", "status", "request", "waiting", "files", "recognised_until"}),
            reason=reasons.shown(unit.reason, "unit_status", "recognition"),
            contact_name=sealer.open("name", asked.contact_name_sealed) if asked else None,
            contact_phone=sealer.open("phone", asked.contact_phone_sealed) if asked else None,
            document_ids=list(asked.document_ids) if asked else [],
            asked_name=changes.name if changes else None,
            asked_uscc=changes.uscc if changes else None,
        )


class OfficeUnit(BaseModel):
    """One row of an office's list of units (R32). `waiting`: its latest request is not decided yet."""

    id: str
    name: str
    uscc: str
    region: str
    region_name: str
    staff_insured: int
    status: UnitStatus
    status_name: str
    request: int
    waiting: bool
    recognised_until: date | None

    @classmethod
    def of_office(cls, unit: Unit, regions: Regions) -> "OfficeUnit":
        return cls(
            **unit.facts.model_dump(),
            **unit.model_dump(include={"id", "status", "request", "waiting", "recognised_until"}),
            region_name=regions.full_name(unit.facts.region),
            status_name=STATUS_LABELS[unit.status],
        )


class OfficeUnits(BaseModel):
    items: list[OfficeUnit]
    next: str | None


class ReviewView(BaseModel):
    """The newest request that an officer look at who somebody is (R31)."""

    purpose: ReviewPurpose
    status: ReviewStatus
    region: str
    documents: list[str]
    asked_at: datetime
    reason: ReasonView | None

    @classmethod
    def of(cls, review: Review, reasons: Reasons) -> "ReviewView":
        return cls(
            **review.model_dump(include={"purpose", "status", "region", "documents"}),
            asked_at=review.at,
            reason=reasons.shown(StatedReason.of(review.reason_code), "identity"),
        )


class ClaimedIdentity(BaseModel):
    """Name and number as they are claimed and as they are on record, in clear: an officer compares them with the card."""

    person_id: str
    purpose: ReviewPurpose
    documents: list[str]
    phone: str | None
    claimed: tuple[str, str] | None
    on_record: tuple[str, str] | None
