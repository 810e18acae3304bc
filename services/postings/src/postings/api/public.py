"""Reading postings: anyone finds the valid ones in the zone (G15); officers also read what awaits approval."""

from typing import Annotated

from common.contracts.words import PostingKind, PostingStatus, Role
from common.decision import Actor
from common.refusals import NOT_FOUND
from fastapi import APIRouter, Query

from postings.api.parts import After, Limit, Parts, Reader
from postings.domain.posting import Posting
from postings.domain.status import PUBLIC
from postings.repository import Postings, Wish
from postings.views import FullPosting, PostingCounts, PostingPage, PostingRow, PublicPosting

router = APIRouter(prefix="/api/v1/postings", tags=["任何人"])


@router.get("", summary="查询有效岗位（最新发布在前）")
async def search(
    postings: Parts,
    q: Annotated[str, Query(max_length=50, description="岗位、单位、职责或要求中的字词")] = "",
    region: Annotated[str | None, Query(pattern=r"^[0-9]{6}$", description="省、市或县")] = None,
    kind: PostingKind | None = None,
    months_min: Annotated[int | None, Query(ge=1, le=36, description="见习期限不少于（月）")] = None,
    months_max: Annotated[int | None, Query(ge=1, le=36, description="见习期限不超过（月）")] = None,
    allowance_min_fen: Annotated[int | None, Query(ge=0, le=10_000_000, description="每月生活补助不低于（分）")] = None,
    after: After = None,
    limit: Limit = 20,
) -> PostingPage:
    """Published postings before the end of their deadline; paused ones are hidden, full ones say so."""
    reference, today = await postings.reference.current(), postings.clock.today()
    places = reference.regions.codes_of(region) if region else ()
    found, following = await postings.published(Wish(q, places, kind, months_min, months_max, allowance_min_fen), after, limit)
    seats = await postings.seats_of(found)
    return PostingPage(items=[PostingRow.of(posting, seats.get(posting.id), reference, today) for posting in found], next=following)


@router.get("/counts", summary="各类有效岗位数量")
async def counts(postings: Parts, region: Annotated[str, Query(pattern=r"^[0-9]{6}$", description="省、市或县")]) -> PostingCounts:
    reference = await postings.reference.current()
    return PostingCounts.of(await postings.counts(reference.regions.codes_of(region)), reference)


@router.get("/{id}", summary="岗位详情")
async def read(postings: Parts, id: str, reader: Reader) -> FullPosting | PublicPosting:
    """Once published, also when paused or closed; before that only for the officers of its region or of its unit's (R14)."""
    posting = await postings.store.get(id)
    if posting is None:
        raise NOT_FOUND()
    facts = (await postings.seats.get(id), await postings.reference.current(), postings.clock.today())
    if reader is not None and await _oversees(postings, reader, posting):
        return FullPosting.whole(posting, *facts, await postings.history(id))
    if posting.status in PUBLIC:
        return PublicPosting.of(posting, *facts)
    raise NOT_FOUND()


async def _oversees(postings: Postings, reader: Actor, posting: Posting) -> bool:
    """Whether the reader is an officer to whom the posting was submitted, or of the place where it is."""
    if reader.role is not Role.OFFICER or reader.region is None or posting.status is PostingStatus.DRAFT:
        return False
    unit = await postings.units.get(posting.unit_id)
    places = [posting.content.region, *([unit.region] if unit else [])]
    regions = (await postings.reference.current()).regions
    return any(regions.is_within(place, reader.region) for place in places)
