"""What callers are shown: a row of the search, the public posting, and all of it for its unit and the officers (R20, R24)."""

from datetime import date, datetime

from common.contracts.words import PostingKind, PostingStatus, Role
from common.lists import Contact
from common.reasons import ReasonView, StatedReason
from common.reference import Reference
from common.store.mongo import Document
from pydantic import BaseModel

from postings.domain.facts import SeatsFacts
from postings.domain.posting import Posting, PostingContent
from postings.domain.status import NAMES
from postings.domain.wording import Mark, marks


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


class PostingPage(BaseModel):
    items: list[PostingRow]
    next: str | None


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


class FullPosting(PublicPosting):
    """A posting as its unit and the officers of its region read it: also before publication, with the words marked (R16)."""

    revision: int
    reason: ReasonView | None
    case_id: str | None
    marks: tuple[Mark, ...]
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
            history=tuple(PostingHistoryLine.of(entry, reference) for entry in history or ()),
        )


def _around(posting: Posting, seats: SeatsFacts | None, reference: Reference, today: date) -> Document:
    """What a view adds to the content."""
    taken = seats.taken if seats else 0
    left = max(0, posting.content.headcount - taken)
    return {
        **posting.model_dump(include={"id", "unit_id", "unit_name", "status", "created_at", "published_at"}),
        "status_name": NAMES[posting.status],
        "region_name": reference.regions.full_name(posting.content.region),
        "taken": taken,
        "places_left": left,
        "full": left == 0,
        "accepting": posting.accepts(today),
    }


def _reason(code: str | None, reference: Reference) -> ReasonView | None:
    return reference.reasons.shown(StatedReason.of(code), "posting")
