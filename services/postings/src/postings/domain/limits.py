"""Limits by share of staff and of interns per mentor (R16): policy, off by default; what exceeds one is flagged, the officer judges."""

from collections.abc import Sequence
from decimal import Decimal

from common.policy import Policy
from common.values import Value

from postings.domain.posting import Excess, PostingContent


class Offer(Value):
    """The places of another posting of the unit that is submitted, published or paused, and who guides its interns."""

    headcount: int
    mentor: str


def exceeded(content: PostingContent, staff_insured: int | None, others: Sequence[Offer], policy: Policy) -> tuple[Excess, ...]:
    """The unit's places all together against its insured staff, and those of one mentor. An unknown staff exceeds nothing."""
    found: list[Excess] = []
    if policy.posting_share_of_staff is not None and staff_insured is not None:
        allowed = int(Decimal(str(policy.posting_share_of_staff)) * staff_insured)
        wanted = content.headcount + sum(offer.headcount for offer in others)
        found.append(Excess(limit="posting_share_of_staff", allowed=allowed, wanted=wanted))
    if policy.interns_per_mentor is not None:
        wanted = content.headcount + sum(offer.headcount for offer in others if offer.mentor == content.mentor)
        found.append(Excess(limit="interns_per_mentor", allowed=policy.interns_per_mentor, wanted=wanted))
    return tuple(excess for excess in found if excess.wanted > excess.allowed)
