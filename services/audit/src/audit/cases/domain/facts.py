"""What facts of the subject's owner do to a case.

Every function is harmless when the same or an older fact comes again: `seq` of the subject only moves forward.
"""

from datetime import datetime

from common.contracts.words import CaseStatus
from common.decision import Decision, Entry
from common.reasons import StatedReason
from common.regions import ancestors

from audit.cases.domain.case import Case, Standing
from audit.cases.domain.moves import move, opened, said
from audit.cases.domain.table import Step, next_status


def open_case(case: Case | None, fresh: Case) -> Decision[Case]:
    """The question is asked. A closed case is opened again only by a newer fact than the one that closed it."""
    if case is None:
        return opened(fresh)
    if case.seq >= fresh.seq or case.status in (CaseStatus.OPEN, CaseStatus.CLAIMED, CaseStatus.RETURNED):
        return Decision(case)
    next_status(case, Step.OPENED_AGAIN)
    return opened(fresh, case.status)


def settle(case: Case, standing: Standing) -> Decision[Case]:
    """Close the case when its subject no longer waits for it: DECIDED by its own decision, else VOID."""
    asked_later = case.subject_version > standing.version
    waits = standing.waiting and standing.version == case.subject_version
    if not case.live or waits or asked_later or case.seq >= standing.seq:
        return Decision(case)
    step = Step.APPLIED if standing.case_id == case.id else Step.MOVED_ON
    return move(case, step, reason=case.reason if step is Step.APPLIED else None, seq=standing.seq)


def refuse(case: Case, seq: int, reason_code: str) -> Decision[Case]:
    """The owner could not apply the decision: the case is open again and shows why."""
    if case.status is not CaseStatus.DECIDING or case.seq >= seq:
        return Decision(case)
    reason = StatedReason(code=reason_code)
    reopened = case.but(seq=seq, verdict=None, reason=reason, end_kind=None, note=None, officer=None, first=None)
    return move(reopened, Step.REFUSED, reason=reason)


def supplement(case: Case, due_at: datetime) -> Decision[Case]:
    """A party has supplemented: back in the queue with a fresh review term (R10)."""
    return move(case, Step.SUPPLEMENT, officer=None, returned_at=None, due_at=due_at)


def supplement_later(case: Case, at: datetime, due_at: datetime) -> Decision[Case]:
    """What the person handed in at that instant is the supplement; what came before the return is not."""
    if case.returned_at is None or at <= case.returned_at:
        return Decision(case)
    return supplement(case, due_at)


def ask_release(case: Case, seq: int, at: datetime, due_at: datetime) -> Decision[Case]:
    """The intern asks to be released (R30). A returned case is back in the queue: nothing more will be supplemented."""
    if case.release_asked_at is not None or case.seq >= seq:
        return Decision(case)
    asked = case.but(release_asked_at=at)
    if case.status is CaseStatus.RETURNED:
        return supplement(asked, due_at)
    return Decision(asked, history=(Entry(to=case.status, from_=case.status),))


def expire(case: Case, now: datetime) -> Decision[Case]:
    """The term of a supplement is over: back in the queue, overdue; never a refusal by itself (R10)."""
    if case.status is not CaseStatus.RETURNED or case.due_at > now:
        return Decision(case)
    return move(case, Step.EXPIRE, officer=None, returned_at=None)


def belong(case: Case, region: str) -> Decision[Case]:
    """The case belongs to this county: the one of the unit, once that is known (R14). Whoever took it over or has decided it keeps it."""
    if not case.live or case.status is CaseStatus.DECIDING or case.region == region:
        return Decision(case)
    office = region if case.office == case.region else case.office
    after = case.but(region=region, places=ancestors(region), office=office)
    return Decision(after, (said(case.status, after),), (Entry(to=case.status, from_=case.status),))
