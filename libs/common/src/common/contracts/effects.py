"""What each change of an application's status causes, as one table: events, seats, notices and cases (R28).

Applications tests that what it says and does is here, audit that the cases are, accounts that it has the templates; `docs/effects.md`
is printed from it. A change that the table lacks does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from common.contracts.applications import ApplicationStatusChanged, CaseAsked, CaseSettled, IntentRecheckAsked
from common.contracts.base import Message
from common.contracts.words import CaseKind, Role, Status


@dataclass(frozen=True)
class Effects:
    """What follows when `by` moves an application, besides `application.status_changed` itself.

    `reason` is a code that goes without saying; other changes may carry one of a list. `seat`: what becomes of the place (R8), said as
    `seats.changed`; `early`: it is free only after an early end. `tells` are those who did not do it themselves. `opens` and `settles`
    are kinds of cases; what `may_open` and `may_settle` name depends on the application: an outdated unemployment check (R13), an open
    question to an officer.
    """

    from_: Status | None
    to: Status
    by: Role
    reason: str | None = None
    reinstated: bool = False
    seat: Literal["taken", "freed", "early"] | None = None
    tells: tuple[Role, ...] = ()
    opens: tuple[CaseKind, ...] = ()
    settles: tuple[CaseKind, ...] = ()
    may_open: tuple[CaseKind, ...] = ()
    may_settle: tuple[CaseKind, ...] = ()

    @property
    def may_say(self) -> tuple[type[Message], ...]:
        """The events of the application's person beside the change of status, each only where it applies."""
        asks = {IntentRecheckAsked if kind is CaseKind.UNEMPLOYMENT else CaseAsked: None for kind in self.may_open}
        return (*asks, CaseSettled) if self.may_settle else (*asks,)

    def template(self, recipient: Role) -> str:
        """The key of the notice that this party gets: `application.<to>[.<reason>|.reinstated].<recipient>`."""
        variant = [self.reason] if self.reason else ["reinstated"] if self.reinstated else []
        return ".".join(["application", self.to.lower(), *variant, recipient])


_S, _C = Status, CaseKind
_INTERN, _UNIT, _OFFICER, _SYSTEM = Role.INTERN, Role.UNIT, Role.OFFICER, Role.SYSTEM
_BOTH = (_INTERN, _UNIT)
_OWED, _ASKED = (_C.RELEASE, _C.SILENCE), (_C.COMPLAINT, _C.SILENCE)
"""Open questions to officers that the step of the unit, or of the officer in its place, answers (R29, R30)."""

EFFECTS: tuple[Effects, ...] = (
    Effects(None, _S.PENDING, _INTERN, tells=(_UNIT,)),
    Effects(_S.PENDING, _S.OFFERED, _UNIT, seat="taken", tells=(_INTERN,)),
    Effects(_S.PENDING, _S.REJECTED, _UNIT, tells=(_INTERN,)),
    Effects(_S.PENDING, _S.WITHDRAWN, _INTERN, "by_intern", tells=(_UNIT,)),
    Effects(_S.PENDING, _S.WITHDRAWN, _INTERN, "superseded", tells=(_UNIT,)),
    Effects(_S.PENDING, _S.WITHDRAWN, _SYSTEM, "posting_closed", tells=(_INTERN,)),
    Effects(_S.OFFERED, _S.WILLING, _INTERN, tells=(_UNIT,), opens=(_C.ELIGIBILITY,), may_open=(_C.UNEMPLOYMENT,)),
    Effects(_S.OFFERED, _S.UNWILLING, _INTERN, "declined", seat="freed", tells=(_UNIT,)),
    Effects(_S.OFFERED, _S.UNWILLING, _INTERN, "superseded", seat="freed", tells=(_UNIT,)),
    Effects(_S.OFFERED, _S.UNWILLING, _SYSTEM, "timeout", seat="freed", tells=_BOTH),
    Effects(_S.WILLING, _S.APPROVED, _OFFICER, tells=_BOTH, settles=(_C.ELIGIBILITY,)),
    Effects(_S.WILLING, _S.DISAPPROVED, _OFFICER, seat="freed", tells=_BOTH, settles=(_C.ELIGIBILITY,)),
    Effects(_S.APPROVED, _S.ONBOARDED, _UNIT, tells=(_INTERN,), may_settle=_OWED),
    Effects(_S.APPROVED, _S.ABSENT, _UNIT, seat="freed", tells=(_INTERN,), may_settle=_OWED),
    Effects(_S.APPROVED, _S.ABSENT, _OFFICER, seat="freed", tells=_BOTH, may_settle=_OWED),
    Effects(_S.ONBOARDED, _S.TERMINATED, _UNIT, seat="early", tells=(_INTERN,), may_settle=_ASKED),
    Effects(_S.ONBOARDED, _S.TERMINATED, _OFFICER, seat="early", tells=_BOTH, may_settle=_ASKED),
    Effects(_S.UNWILLING, _S.OFFERED, _OFFICER, reinstated=True, seat="taken", tells=_BOTH, may_settle=(_C.REINSTATEMENT,)),
    Effects(_S.REJECTED, _S.PENDING, _OFFICER, reinstated=True, tells=_BOTH),
    Effects(_S.OFFERED, _S.PENDING, _OFFICER, reinstated=True, seat="freed", tells=_BOTH),
    Effects(
        _S.DISAPPROVED,
        _S.WILLING,
        _OFFICER,
        reinstated=True,
        seat="taken",
        tells=_BOTH,
        opens=(_C.ELIGIBILITY,),
        may_open=(_C.UNEMPLOYMENT,),
    ),
    Effects(_S.ABSENT, _S.APPROVED, _OFFICER, reinstated=True, seat="taken", tells=_BOTH),
)


def effects_of(change: ApplicationStatusChanged) -> Effects:
    """The row of a change. KeyError when there is none."""
    for row in EFFECTS:
        same = (row.from_, row.to, row.by, row.reinstated) == (change.from_, change.to, change.actor_role, change.reinstated)
        if same and row.reason in (None, change.reason_code):
            return row
    raise KeyError(f"no such change: {change.from_} → {change.to} by {change.actor_role}")


def templates() -> Iterator[str]:
    """The key of every notice that a change of status asks for."""
    for row in EFFECTS:
        yield from (row.template(recipient) for recipient in row.tells)
