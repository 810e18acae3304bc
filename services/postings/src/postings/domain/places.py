"""Places and deadline of a posting that is published: the rest of its text stays as it was approved (R16)."""

from common.calendar import local_date
from common.decision import Command, Decision

from postings.domain.change import resized
from postings.domain.facts import SeatsFacts
from postings.domain.posting import Posting, PostingContent
from postings.domain.refusals import DEADLINE_ONLY_LATER, HEADCOUNT_BELOW_TAKEN, POSTING_DEADLINE_PAST, POSTING_TEXT_FIXED
from postings.domain.status import next_status


def adjust(posting: Posting, wanted: PostingContent, seats: SeatsFacts | None, command: Command) -> Decision[Posting]:
    """More or fewer places, never fewer than are known to be taken (R8); a later deadline."""
    next_status(posting.status, "adjust", command.actor)
    headcount, deadline, before = wanted.headcount, wanted.deadline, posting.content
    if wanted != before.but(headcount=headcount, deadline=deadline):
        raise POSTING_TEXT_FIXED()
    if deadline < before.deadline:
        raise DEADLINE_ONLY_LATER(deadline=before.deadline.isoformat())
    if deadline != before.deadline and deadline < local_date(command.at):
        raise POSTING_DEADLINE_PAST()
    if seats is not None and headcount < min(before.headcount, seats.taken):
        raise HEADCOUNT_BELOW_TAKEN(taken=seats.taken)
    return resized(posting, headcount, deadline)


def correct(posting: Posting, seats: SeatsFacts) -> Decision[Posting]:
    """Applications refused fewer places than are taken: what it counts stays in force. A wish it can keep by now stays too."""
    if posting.content.headcount >= seats.taken:
        return Decision(posting)
    return resized(posting, seats.headcount, posting.content.deadline, reason_code="headcount_below_taken")
