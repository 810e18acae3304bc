"""Facts that other services own, as far as the rules here need them."""

from datetime import date

from common.contracts.words import UnitStatus
from common.values import Value


class UnitFacts(Value):
    """`recognised_until` is the last day of the recognition (R15)."""

    name: str
    region: str
    status: UnitStatus
    recognised_until: date | None = None

    def recognised_on(self, day: date) -> bool:
        return self.status is UnitStatus.RECOGNISED and (self.recognised_until is None or day <= self.recognised_until)


class SeatsFacts(Value):
    """`taken` of `headcount` places, as applications counts them (R8)."""

    headcount: int
    taken: int
