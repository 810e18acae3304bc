"""What holds of every posting as stored (R27)."""

from collections.abc import Iterator, Sequence
from datetime import date

from common.contracts.words import PostingStatus
from common.invariant import Breach, Line, follow, invariant

from postings.domain.facts import UnitFacts
from postings.domain.posting import Posting
from postings.domain.status import ARROWS, PUBLIC

REVISIONS_COUNTED = invariant("revisions_counted", "岗位的申报次数等于历史中的申报次数", rule="R16")
APPROVED_BEFORE_PUBLIC = invariant("approved_before_public", "公开的岗位经审核通过，有发布时间、单位名称、地区和检索词", rule="G15")
RETURN_EXPLAINED = invariant("return_explained", "退回的岗位有事项和原因", rule="R18")
REVIEW_DUE = invariant("review_due", "待审核的岗位有审核期限，申报过的岗位有负责的地区", rule="R32")
UNIT_RECOGNISED = invariant("unit_recognised", "接收投递的岗位属于认定有效的单位", rule="R15")

_STEPS = {(None, PostingStatus.DRAFT), *((arrow.from_, arrow.to) for arrow in ARROWS)}


def of_posting(posting: Posting, history: Sequence[Line], unit: UnitFacts | None, today: date) -> Iterator[Breach]:
    """`unit` as last heard of."""
    status = posting.status
    yield from follow(history, PostingStatus, status, lambda from_, to: from_ == to or (from_, to) in _STEPS)
    submitted = sum(1 for line in history if line.get("to") == PostingStatus.SUBMITTED)
    if posting.revision != submitted:
        yield REVISIONS_COUNTED(revision=posting.revision, submitted=submitted)
    approved = posting.case_id and posting.published_at and posting.unit_name and posting.places and posting.grams
    if status in PUBLIC and not approved:
        yield APPROVED_BEFORE_PUBLIC(status=status)
    if status is PostingStatus.RETURNED and not (posting.case_id and posting.reason_code):
        yield RETURN_EXPLAINED()
    if (posting.review_due_at is not None) != (status is PostingStatus.SUBMITTED) or bool(posting.offices) != (posting.revision > 0):
        yield REVIEW_DUE(status=status)
    if status is PostingStatus.PUBLISHED and (unit is None or not unit.recognised_on(today)):
        yield UNIT_RECOGNISED(posting.unit_id, status=unit.status if unit else None)
