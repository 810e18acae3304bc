"""What becomes of the seats as their posting goes its way (R8, R9)."""

from functools import partial

from common.contracts.words import PostingStatus
from common.web.command import by_the_clock

from applications.domain import seats
from applications.repository import Applications

_ENDS = (PostingStatus.CLOSING, PostingStatus.CLOSED)
_HAS_SEATS = (PostingStatus.PUBLISHED, PostingStatus.PAUSED, *_ENDS)


async def follow(applications: Applications, posting_id: str) -> None:
    """Bring the seats into line with the posting as last heard.

    Read again after the write: of two replicas that follow at once, the last one to write has then seen the newest.
    """
    posting = await applications.postings.get(posting_id)
    while posting is not None and posting.status in _HAS_SEATS:
        command = by_the_clock("follow_posting", applications.clock.now())
        ends = posting.status in _ENDS
        decide = partial(seats.follow, posting_id=posting_id, headcount=posting.headcount, ends=ends, at=command.at)
        await applications.seats.execute(posting_id, command, decide)
        followed, posting = posting, await applications.postings.get(posting_id)
        if posting == followed:
            return
