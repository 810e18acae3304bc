"""What may change freely of a posting that is published: the rest stays as it was approved (R16)."""

from common.calendar import local_date
from common.decision import Command, Decision

from postings.domain.change import adjusted
from postings.domain.deadline import check_deadline
from postings.domain.facts import Surroundings
from postings.domain.posting import Posting, PostingContent
from postings.domain.refusals import DEADLINE_ONLY_LATER, HEADCOUNT_BELOW_TAKEN, POSTING_TEXT_FIXED
from postings.domain.status import next_status

FREE = {"headcount", "deadline", "contact", "report_to"}
"""The fields that no officer approves."""


def adjust(posting: Posting, wanted: PostingContent, around: Surroundings, command: Command) -> Decision[Posting]:
    """More or fewer places, never fewer than are known to be taken (R8); a later deadline; another contact."""
    next_status(posting.status, "adjust", command.actor)
    headcount, deadline, before = wanted.headcount, wanted.deadline, posting.content
    today, seats = local_date(command.at), around.seats
    if wanted.model_dump(exclude=FREE) != before.model_dump(exclude=FREE):
        raise POSTING_TEXT_FIXED()
    if deadline < before.deadline:
        raise DEADLINE_ONLY_LATER(deadline=before.deadline.isoformat())
    if deadline != before.deadline:
        check_deadline(deadline, today)
    if seats is not None and headcount < min(before.headcount, seats.taken):
        raise HEADCOUNT_BELOW_TAKEN(taken=seats.taken)
    return adjusted(posting, wanted, around.exceeded(wanted, today))


def correct(posting: Posting, around: Surroundings, command: Command) -> Decision[Posting]:
    """Applications refused fewer places than are taken: what it counts stays in force. A wish it can keep by now stays too."""
    seats = around.seats
    if seats is None or posting.content.headcount >= seats.taken:
        return Decision(posting)
    content = posting.content.but(headcount=seats.headcount)
    return adjusted(posting, content, around.exceeded(content, local_date(command.at)), reason_code="headcount_below_taken")
