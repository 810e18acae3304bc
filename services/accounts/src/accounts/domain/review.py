"""An officer looks at who somebody is: failed verifications, changed names, lost phones, accounts in other hands (R31)."""

from common.contracts.people import PersonDecisionRefused, PersonReviewAsked, PersonReviewSettled, PersonVerified
from common.contracts.words import Verdict
from common.decision import Decision, Entry
from common.errors import refusal

from accounts.domain.identity import ASKED_AT_THE_DOOR, Review, ReviewPurpose, ReviewStatus
from accounts.domain.person import Person

REVIEW_WAITING = refusal("identity_review_waiting", 409, "已有一项身份核验正在办理，请等待结果；由本人提出的可以先撤回。", rule="R31")
REVIEW_NOT_WAITING = refusal("identity_review_not_waiting", 409, "没有可以撤回的身份核验申请。", rule="R31")
REVIEW_NEEDLESS = refusal("identity_review_needless", 409, "您已以该姓名和号码完成实名认证，无需申请核验。", rule="R31")
REVIEW_OTHER_NUMBER = refusal(
    "identity_review_other_number",
    409,
    "已完成实名认证的，只能申请变更姓名，身份证号码须与原认证一致；号码有误的，请携带身份证到属地人社部门办理。",
    rule="R31",
)
REVIEW_FILE_UNKNOWN = refusal("identity_file_unknown", 422, "所选材料不是您上传的文件，请重新上传后选择。", rule="R31")
REVIEW_FILES_FULL = refusal("identity_files_full", 409, "您上传的身份证明已达{limit}份上限。", rule="R31")

FILES = 20


def add_file(person: Person, id: str) -> Decision[Person]:
    """The same file again changes nothing."""
    if id in person.files:
        return Decision(person)
    if len(person.files) >= FILES:
        raise REVIEW_FILES_FULL(limit=FILES)
    return Decision(person.but(files=(*person.files, id)))


def ask(person: Person, wish: Review) -> Decision[Person]:
    """The person asks: to be verified by hand, or for another name under the same number."""
    if person.review and person.review.waiting:
        raise REVIEW_WAITING()
    if not set(wish.documents) <= set(person.files):
        raise REVIEW_FILE_UNKNOWN()
    if person.identity is None:
        return _asked(person, wish.but(purpose=ReviewPurpose.REAL_NAME))
    assert wish.claimed is not None, "a wish claims an identity"
    if wish.claimed.number_hash != person.identity.number_hash:
        raise REVIEW_OTHER_NUMBER()
    if wish.claimed.name_hash == person.identity.name_hash:
        raise REVIEW_NEEDLESS()
    return _asked(person, wish.but(purpose=ReviewPurpose.CHANGED_NAME))


def recover(person: Person, wish: Review) -> Decision[Person]:
    """Somebody asks for the account at the door, with a phone of their own.

    The first who asks is the one whom the office answers; what the account itself has asked makes way, or it could keep its person out.
    """
    before = person.review
    if before and (before.recovery_id == wish.recovery_id or (before.waiting and before.purpose in ASKED_AT_THE_DOOR)):
        return Decision(person)
    asked = _asked(person, wish)
    if before is None or not before.waiting:
        return asked
    return Decision(asked.state, (PersonReviewSettled(person_id=person.id, request=before.request), *asked.events), asked.history)


def withdraw(person: Person) -> Decision[Person]:
    """Only what the account itself has asked."""
    review = person.review
    if review is None or not review.waiting or review.purpose in ASKED_AT_THE_DOOR:
        raise REVIEW_NOT_WAITING()
    event = PersonReviewSettled(person_id=person.id, request=review.request)
    return Decision(person.but(review=review.settled(ReviewStatus.WITHDRAWN)), (event,), (Entry(to="REVIEW_WITHDRAWN"),))


def is_waiting(person: Person, request: int) -> bool:
    """Whether a decision about this request is still asked for."""
    return person.review is not None and person.review.waiting and person.review.request == request


def decide(
    person: Person, request: int, case_id: str, verdict: Verdict, reason_code: str | None, *, number_taken: bool = False
) -> Decision[Person]:
    """Apply an officer's decision about one request.

    An approval makes the claimed identity the person's. `person.decision_refused` answers a decision about another request than the
    waiting one, and an approval of a number that another person was verified with meanwhile (`number_taken`).
    """
    review = person.review
    if review and review.decided_by == case_id:
        return Decision(person)
    if review is None or not is_waiting(person, request):
        return _refuse(person, case_id, "request_not_current")
    settled = PersonReviewSettled(person_id=person.id, request=request, case_id=case_id)
    if verdict is not Verdict.APPROVE:
        refused = review.settled(ReviewStatus.DISAPPROVED, case_id, reason_code)
        return Decision(person.but(review=refused), (settled,), (Entry(to="REVIEW_DISAPPROVED", reason_code=reason_code),))
    if number_taken:
        return _refuse(person, case_id, "id_number_taken")
    claimed = review.claimed
    assert claimed is not None, "a review that waits claims an identity"
    approved = person.but(identity=claimed, review=review.settled(ReviewStatus.APPROVED, case_id))
    verified = () if person.verified else (PersonVerified(person_id=person.id, birth_date=claimed.birth_date),)
    return Decision(approved, (*verified, settled), (Entry(to="REVIEW_APPROVED"),))


def _asked(person: Person, wish: Review) -> Decision[Person]:
    review = wish.but(request=person.review.request + 1 if person.review else 1)
    event = PersonReviewAsked(
        person_id=person.id, request=review.request, purpose=review.purpose.value, region=review.region, documents=review.documents
    )
    return Decision(person.but(review=review), (event,), (Entry(to="REVIEW_ASKED", note=review.purpose),))


def _refuse(person: Person, case_id: str, code: str) -> Decision[Person]:
    return Decision(person, (PersonDecisionRefused(person_id=person.id, case_id=case_id, reason_code=code),))
