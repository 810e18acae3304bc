"""What an intern states in 见习意愿登记 (G3): the form, and the form in one version with its unemployment check."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from common.contracts.words import Category, Check, PostingKind
from common.values import Value, Visible
from pydantic import Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Visible]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_0-9]{1,40}$")]
County = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]


class IntentDocumentKind(StrEnum):
    DIPLOMA = "diploma"  # 毕业证书
    RECOMMENDATION_FORM = "recommendation_form"  # 就业推荐表
    OTHER_PROOF = "other_proof"  # 其他证明材料


class IntentDocument(Value):
    """A file of the intern that was uploaded before."""

    id: str
    kind: IntentDocumentKind


class UnemploymentRegistration(Value):
    """失业登记: the office that made it, the region it lies in, and the day. The number may be unknown."""

    office: Name
    region: County
    day: date
    number: Name | None = None


class Declarations(Value):
    """What the intern declares: not employed, no live business licence, no earlier 见习."""

    not_employed: bool
    no_business_licence: bool
    no_earlier_internship: bool


class IntentForm(Value):
    """`diploma_issued` goes with an attached diploma, `registration` with the category youth. Regions are GB/T 2260 codes."""

    category: Category
    education: Code
    school: Name
    major: Name
    graduation_date: date
    diploma_issued: date | None = None
    documents: Annotated[tuple[IntentDocument, ...], Field(max_length=10)] = ()
    registration: UnemploymentRegistration | None = None
    wanted_kinds: Annotated[tuple[PostingKind, ...], Field(max_length=len(PostingKind))] = ()
    wanted_regions: Annotated[tuple[County, ...], Field(max_length=20)] = ()
    wanted_months: Annotated[int, Field(ge=1, le=12)] | None = None
    available_from: date | None = None
    household_region: County
    residence_region: County
    priority_group: Code | None = None
    declarations: Declarations

    def attaches(self, *kinds: IntentDocumentKind) -> bool:
        return any(document.kind in kinds for document in self.documents)


class Intent(Value):
    """One version of the form (R12). `check` is the state of its unemployment check; the rest says who decided it when, and why (R13)."""

    version: int
    registered_at: datetime
    form: IntentForm
    check: Check
    checked_at: datetime | None = None
    check_case_id: str | None = None
    check_reason: str | None = None
