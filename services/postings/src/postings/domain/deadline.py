"""The last day to apply: not over, and not so far away that nobody means it (R16)."""

from datetime import date, timedelta

from postings.domain.refusals import POSTING_DEADLINE_FAR, POSTING_DEADLINE_PAST

LONGEST = timedelta(days=731)
"""How far ahead a deadline may lie: two years."""


def check_deadline(deadline: date, today: date) -> None:
    """Refuses a day that is over, or more than two years ahead."""
    if deadline < today:
        raise POSTING_DEADLINE_PAST()
    if deadline > today + LONGEST:
        raise POSTING_DEADLINE_FAR(latest=(today + LONGEST).isoformat())
