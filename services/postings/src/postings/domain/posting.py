"""A posting: what a unit declares, and what became of it (R16)."""

from datetime import date, datetime
from typing import Annotated, Literal

from common.contracts.words import PostingKind, PostingStatus
from common.values import Value, Visible
from pydantic import Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\n\t]*$"), Visible]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), Visible]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Visible]
Phone = Annotated[str, StringConstraints(pattern=r"^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$")]
County = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Headcount = Annotated[int, Field(ge=1, le=999)]
Months = Annotated[int, Field(ge=1, le=36)]
Fen = Annotated[int, Field(ge=0, le=10_000_000)]


class ContactPerson(Value):
    """Whom applicants may ask (R24). Shown on the posting, never in an event."""

    name: Line
    phone: Phone


class PostingContent(Value):
    """The text of a posting. `allowance_fen` is the monthly living allowance, `deadline` the last day to apply (Asia/Shanghai).

    `mentor` guides the interns; `report_to` says where and when to report.
    """

    title: Line
    kind: PostingKind
    duties: Text
    region: County
    headcount: Headcount
    months: Months
    allowance_fen: Fen
    requirements: Note = ""
    mentor: Line
    deadline: date
    contact: ContactPerson
    report_to: Note = ""


class Excess(Value):
    """A limit of the policy, by its name there: at most `allowed` interns, `wanted` are."""

    limit: Literal["posting_share_of_staff", "interns_per_mentor"]
    allowed: int
    wanted: int


class Posting(Value):
    """`revision` counts submissions; a case decides about one of them, and `case_id` names the last that was applied.

    `unit_name`, `places` (the county and what contains it) and `grams` (search) are as of the submission; `declared_under` names the
    policy and the wage it was checked against. `exceeded` is as of the submission or the last free change. `published_at` is the first
    publication. `reason_code` explains RETURNED, PAUSED, CLOSING. `offices` are the regions whose officers it concerns, its own and
    its unit's; `review_due_at` ends the review while SUBMITTED; `flags` are what the officer is to look at: words and limits.
    """

    id: str
    unit_id: str
    unit_name: str | None = None
    status: PostingStatus = PostingStatus.DRAFT
    revision: int = 0
    content: PostingContent
    reason_code: str | None = None
    case_id: str | None = None
    created_at: datetime
    published_at: datetime | None = None
    places: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    declared_under: tuple[str, ...] = ()
    exceeded: tuple[Excess, ...] = ()
    offices: tuple[str, ...] = ()
    review_due_at: datetime | None = None
    flags: tuple[str, ...] = ()

    def accepts(self, today: date) -> bool:
        """Whether one may apply today (R9). Full seats do not matter."""
        return self.status is PostingStatus.PUBLISHED and today <= self.content.deadline
