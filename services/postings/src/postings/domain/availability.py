"""Pausing, resuming and closing (R9): closing takes two steps, so that no application is left waiting (CLOSING → CLOSED)."""

from common.calendar import local_date
from common.contracts.words import PostingStatus, UnitStatus
from common.decision import Command, Decision

from postings.domain.change import move
from postings.domain.facts import UnitFacts
from postings.domain.posting import Posting
from postings.domain.refusals import RECOGNISED_UNIT_NEEDED
from postings.domain.status import next_status

_PAUSING = {UnitStatus.SUSPENDED: "unit_suspended"}
_CLOSING = {UnitStatus.REVOKED: "unit_revoked", UnitStatus.EXPIRED: "unit_expired"}
FOLLOWED = frozenset({*_PAUSING, *_CLOSING})
"""The statuses of a unit that its postings follow (R15)."""


def pause(posting: Posting, command: Command) -> Decision[Posting]:
    return move(posting, "pause", command.actor)


def resume(posting: Posting, unit: UnitFacts | None, command: Command) -> Decision[Posting]:
    """Also what a suspension paused, once the unit is recognised again (G15)."""
    next_status(posting.status, "resume", command.actor)
    if unit is None or not unit.recognised_on(local_date(command.at)):
        raise RECOGNISED_UNIT_NEEDED()
    return move(posting, "resume", command.actor)


def close(posting: Posting, command: Command) -> Decision[Posting]:
    """First step: applications sweeps those who wait and then says `seats.drained`."""
    return move(posting, "close", command.actor)


def finish(posting: Posting, command: Command) -> Decision[Posting]:
    """Second step: nobody waits any more."""
    if posting.status is not PostingStatus.CLOSING:
        return Decision(posting)
    return move(posting, "finish", command.actor, reason_code=posting.reason_code)


def follow_unit(posting: Posting, unit: UnitFacts, command: Command) -> Decision[Posting]:
    """A suspended unit's published postings pause; a revoked or expired one's close (R15)."""
    if unit.status in _PAUSING and posting.status is PostingStatus.PUBLISHED:
        return move(posting, "pause", command.actor, reason_code=_PAUSING[unit.status])
    if unit.status in _CLOSING and posting.status in (PostingStatus.PUBLISHED, PostingStatus.PAUSED):
        return move(posting, "close", command.actor, reason_code=_CLOSING[unit.status])
    return Decision(posting)
