"""Facts that other services own, as far as the rules here need them."""

from dataclasses import dataclass
from datetime import date

from common.contracts.words import UnitStatus
from common.reference import Reference
from common.values import Value

from postings.domain.limits import Offer, exceeded
from postings.domain.posting import Excess, PostingContent


class UnitFacts(Value):
    """`recognised_until` is the last day of the recognition (R15); `staff_insured` the people it insures, unknown before it asks."""

    name: str
    region: str
    status: UnitStatus
    recognised_until: date | None = None
    staff_insured: int | None = None

    def recognised_on(self, day: date) -> bool:
        return self.status is UnitStatus.RECOGNISED and (self.recognised_until is None or day <= self.recognised_until)


class SeatsFacts(Value):
    """`taken` of `headcount` places, as applications counts them (R8)."""

    headcount: int
    taken: int


@dataclass(frozen=True)
class Surroundings:
    """What is known beside a posting when it is declared or adjusted: `others` are the unit's other offers."""

    unit: UnitFacts | None
    seats: SeatsFacts | None
    others: tuple[Offer, ...]
    reference: Reference

    def exceeded(self, content: PostingContent, today: date) -> tuple[Excess, ...]:
        """The limits of the day's policy that this content exceeds."""
        staff = self.unit.staff_insured if self.unit else None
        return exceeded(content, staff, self.others, self.reference.policy(content.region, today))
