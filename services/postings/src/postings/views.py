"""What callers are shown: a row of the search, the public posting, and all of it for its unit and the officers (R20, R24)."""

from datetime import date, datetime

from common.calendar import local_date
from common.contracts.words import PostingKind, PostingStatus, Role
from common.lists import Contact
from common.reasons import ReasonView, StatedReason
from common.reference import Reference
from common.store.mongo import Document
from pydantic import BaseModel

from postings.domain.facts import SeatsFacts
from postings.domain.posting import Excess, Posting, PostingContent
from postings.domain.wording import Mark, marks

LIMIT_LABELS = {
    "posting_share_of_staff": "本单位待审核和已发布的岗位共招收{wanted}人，超过按参保职工人数计算的{allowed}人上限",
    "interns_per_mentor": "同一带教人员指导的岗位共招收{wanted}人，超过每名带教人员{allowed}人的上限",
}


class PostingRow(BaseModel):
    """A posting in a list. `places_left` counts places not yet taken; a full posting still accepts applications (R9)."""

    id: str
    unit_id: str
    unit_name: str | None
    status: PostingStatus
    status_name: str
    title: str
    kind: PostingKind
    region: str
    region_name: str
    headcount: int
    taken: int
    places_left: int
    full: bool
    months: int
    allowance_fen: int
    deadline: date
    accepting: bool
    created_at: datetime
    published_at: datetime | None

    @classmethod
    def of(cls, posting: Posting, seats: SeatsFacts | None, reference: Reference, today: date) -> "PostingRow":
        shown = posting.content.model_dump(include=set(cls.model_fields))
        return cls(**shown, **_around(posting, seats, reference, today))


class OfficePosting(PostingRow):
    """A posting in the list of an office (R32). `flags` are words and limits that the officer is to look at."""

    revision: int
    review_due_at: datetime | None
    overdue: bool
    flags: tuple[str, ...]

    @classmethod
    def of_office(cls, posting: Posting, seats: SeatsFacts | None, reference: Reference, now: datetime) -> "OfficePosting":
        shown = PostingRow.of(posting, seats, reference, local_date(now)).model_dump()
        due = posting.review_due_at
        own = posting.model_dump(include={"revision", "review_due_at", "flags"})
        return cls(**shown, **own, overdue=due is not None and due <= now)


class OfficePostings(BaseModel):
    items: list[OfficePosting]
    next: str | None


class PostingPage(BaseModel):
    items: list[PostingRow]
    next: str | None


class KindCount(BaseModel):
    kind: PostingKind
    kind_name: str
    count: int


class PostingCounts(BaseModel):
    """Open postings by kind, in the order of the form; each kind is there."""

    items: list[KindCount]
    total: int

    @classmethod
    def of(cls, counted: dict[PostingKind, int], reference: Reference) -> "PostingCounts":
        names = reference.choices.get("posting_kind", {})
        items = [KindCount(kind=kind, kind_name=names.get(kind, kind), count=count) for kind, count in counted.items()]
        return cls(items=items, total=sum(counted.values()))


class PublicPosting(PostingContent):
    """A posting as anyone reads it, with the unit's contact (R24) and whom to ask (G17)."""

    id: str
    unit_id: str
    unit_name: str | None
    status: PostingStatus
    status_name: str
    region_name: str
    taken: int
    places_left: int
    full: bool
    accepting: bool
    created_at: datetime
    published_at: datetime | None
    ask: tuple[Contact, ...]

    @classmethod
    def of(cls, posting: Posting, seats: SeatsFacts | None, reference: Reference, today: date) -> "PublicPosting":
        ask = reference.whom_to_ask(posting.content.region)
        return cls(**posting.content.model_dump(), **_around(posting, seats, reference, today), ask=ask)


class PostingHistoryLine(BaseModel):
    """Who, when, from, to, why (R20). `user_id` names a user of the unit; an officer's part is in the case."""

    at: datetime
    command: str
    from_status: PostingStatus | None
    to_status: PostingStatus | None
    role: Role
    user_id: str | None
    reason: ReasonView | None

    @classmethod
    def of(cls, entry: Document, reference: Reference) -> "PostingHistoryLine":
        actor = entry["actor"]
        return cls(
            at=entry["at"],
            command=entry["command"].removesuffix("_posting"),
            from_status=entry.get("from_"),
            to_status=entry.get("to"),
            role=actor["role"],
            user_id=actor["id"] if actor["role"] == Role.UNIT else None,
            reason=_reason(entry.get("reason_code"), reference),
        )


class ExceededLimit(BaseModel):
    """A limit of the policy that the posting exceeds: no refusal, the officer judges (R16)."""

    limit: str
    label: str
    allowed: int
    wanted: int

    @classmethod
    def of(cls, excess: Excess) -> "ExceededLimit":
        label = LIMIT_LABELS[excess.limit].format(allowed=excess.allowed, wanted=excess.wanted)
        return cls(**excess.model_dump(), label=label)


class FullPosting(PublicPosting):
    """A posting as its unit and the officers of its region read it: also before publication, with what is flagged (R16)."""

    revision: int
    reason: ReasonView | None
    case_id: str | None
    marks: tuple[Mark, ...]
    exceeded: tuple[ExceededLimit, ...]
    history: tuple[PostingHistoryLine, ...] = ()

    @classmethod
    def whole(
        cls, posting: Posting, seats: SeatsFacts | None, reference: Reference, today: date, history: list[Document] | None = None
    ) -> "FullPosting":
        return cls(
            **PublicPosting.of(posting, seats, reference, today).model_dump(),
            revision=posting.revision,
            reason=_reason(posting.reason_code, reference),
            case_id=posting.case_id,
            marks=marks(posting.content),
            exceeded=tuple(map(ExceededLimit.of, posting.exceeded)),
            history=tuple(PostingHistoryLine.of(entry, reference) for entry in history or ()),
        )


def _around(posting: Posting, seats: SeatsFacts | None, reference: Reference, today: date) -> Document:
    """What a view adds to the content."""
    taken = seats.taken if seats else 0
    left = max(0, posting.content.headcount - taken)
    return {
        **posting.model_dump(include={"id", "unit_id", "unit_name", "status", "created_at", "published_at"}),
        "status_name": posting.status.label,
        "region_name": reference.regions.full_name(posting.content.region),
        "taken": taken,
        "places_left": left,
        "full": left == 0,
        "accepting": posting.accepts(today),
    }


def _reason(code: str | None, reference: Reference) -> ReasonView | None:
    return reference.reasons.shown(StatedReason.of(code), "posting")
