"""Reasons (R18, R23): a deed that concerns the intern carries one from its list."""

from common.reasons import StatedReason
from common.reference import Reference

from applications.domain.refusals import REASON_NEEDED
from applications.domain.status import COMMANDS


def stated(reason: StatedReason | None, scope: str, deed: str, reference: Reference) -> StatedReason:
    """The reason, when its code is in the list of that scope. Refuses with `reason_needed` or `reason_unknown`."""
    if reason is None:
        raise REASON_NEEDED(deed=COMMANDS[deed].label)
    reference.reasons.check(scope, reason.code)
    return reason
