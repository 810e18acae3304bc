"""What an officer does with a recognised unit: suspend it, resume it, revoke its recognition (R15)."""

from collections.abc import Callable

from common.contracts.words import UnitStatus
from common.decision import Decision
from common.reasons import StatedReason

from accounts.domain.unit import STATUS_LABELS, UNIT_NOT_IN_STATUS, Unit, move

Deed = Callable[[Unit, StatedReason], Decision[Unit]]


def suspend(unit: Unit, reason: StatedReason) -> Decision[Unit]:
    return _move(unit, (UnitStatus.RECOGNISED,), UnitStatus.SUSPENDED, reason)


def resume(unit: Unit, reason: StatedReason) -> Decision[Unit]:
    """Recognised again; a recognition whose term ended meanwhile expires at the next sweep."""
    return _move(unit, (UnitStatus.SUSPENDED,), UnitStatus.RECOGNISED, reason)


def revoke(unit: Unit, reason: StatedReason) -> Decision[Unit]:
    """For good; a renewal that waited has nothing left to decide."""
    return _move(unit.but(waiting=False), (UnitStatus.RECOGNISED, UnitStatus.SUSPENDED), UnitStatus.REVOKED, reason)


def _move(unit: Unit, from_: tuple[UnitStatus, ...], to: UnitStatus, reason: StatedReason) -> Decision[Unit]:
    if unit.status not in from_:
        raise UNIT_NOT_IN_STATUS(status=STATUS_LABELS[unit.status])
    return move(unit, to, reason=reason)
