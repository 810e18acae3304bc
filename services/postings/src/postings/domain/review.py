"""An officer's decision about one revision is applied, or answered with why it cannot be (R16)."""

from common.calendar import local_date
from common.contracts.cases import CaseStatusChanged
from common.contracts.postings import PostingDecisionRefused
from common.contracts.words import PostingStatus, Verdict
from common.decision import Command, Decision

from postings.domain.change import move
from postings.domain.facts import UnitFacts
from postings.domain.posting import Posting


def decide(posting: Posting, case: CaseStatusChanged, unit: UnitFacts | None, command: Command) -> Decision[Posting]:
    """PUBLISHED or RETURNED. Said again, the same decision changes nothing."""
    if posting.case_id == case.case_id:
        return Decision(posting)
    if posting.status is not PostingStatus.SUBMITTED or posting.revision != case.subject_version:
        return _refused(posting, case, "revision_not_waiting")
    if case.verdict is Verdict.DISAPPROVE:
        return move(posting, "return", command.actor, reason_code=case.reason_code, case_id=case.case_id)
    if unit is None or not unit.recognised_on(local_date(command.at)):
        return _refused(posting, case, "unit_not_recognised")
    return move(posting, "publish", command.actor, case_id=case.case_id, published_at=command.at)


def _refused(posting: Posting, case: CaseStatusChanged, reason_code: str) -> Decision[Posting]:
    return Decision(posting, (PostingDecisionRefused(posting_id=posting.id, case_id=case.case_id, reason_code=reason_code),))
