"""A person: one resident ID, one person, for ever (R31); the real name before the resume (G2); each resume kept (R12)."""

from datetime import date

from common.contracts.people import PersonRegistered, PersonReviewSettled, PersonVerified, ResumeSaved
from common.decision import Decision, Entry
from common.errors import refusal
from common.identity import age_on
from common.values import Value

from accounts.domain.identity import Identity, Review, ReviewPurpose, ReviewStatus

ID_NUMBER_TAKEN = refusal(
    "id_number_taken",
    409,
    "该身份证号码已在另一账号完成实名认证。是您本人的账号，请用原手机号重置密码找回；手机号已停用或并非本人办理的，请申请账号找回，并携带身份证到所选县级人社部门核验。",
    rule="R31",
)
ALREADY_VERIFIED = refusal(
    "already_verified", 409, "您已完成实名认证，不能更换为另一身份；姓名有变更的，请上传证明材料，申请人社部门人工核验。", rule="R31"
)
REAL_NAME_MISMATCH = refusal(
    "real_name_mismatch",
    422,
    "姓名与身份证号码不一致，请核对；确认无误的（如姓名含“·”、生僻字，或曾更名），请上传身份证明，申请人社部门人工核验。",
    rule="R31",
)
RESUME_NEEDS_REAL_NAME = refusal("resume_needs_real_name", 409, "请先完成实名认证，再创建简历。", rule="G2")

_OF_AGE = 18


class Person(Value):
    """`resumes` names the saved versions in order: the first is version 1. `files` are what the person handed in for a `review`."""

    id: str
    identity: Identity | None = None
    review: Review | None = None
    files: tuple[str, ...] = ()
    email_sealed: str | None = None
    address_sealed: str | None = None
    resumes: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        return self.identity is not None

    def is_minor(self, today: date) -> bool:
        """Whether reads of the data are noted (R19): below 18, the age of majority (Civil Code, article 17)."""
        return self.identity is not None and age_on(self.identity.birth_date, today) < _OF_AGE

    @property
    def resume_version(self) -> int:
        """The newest; 0 when there is none."""
        return len(self.resumes)

    @property
    def missing(self) -> list[str]:
        """The steps of G2 that accounts knows of and that are still to be taken, in their order."""
        taken = {"real_name": self.verified, "resume": bool(self.resumes)}
        return [step for step, done in taken.items() if not done]


def register(existing: Person | None, id: str) -> Decision[Person]:
    return Decision(existing) if existing else Decision(Person(id=id), (PersonRegistered(person_id=id),), (Entry(to="REGISTERED"),))


def verify(person: Person, identity: Identity) -> Decision[Person]:
    """The same identity again changes nothing; another one is refused. An officer who was asked meanwhile is needed no longer."""
    if person.identity is None:
        event = PersonVerified(person_id=person.id, birth_date=identity.birth_date)
        verified, history = person.but(identity=identity), (Entry(to="VERIFIED", from_="REGISTERED"),)
        review = person.review
        if review is None or not review.waiting or review.purpose is not ReviewPurpose.REAL_NAME:
            return Decision(verified, (event,), history)
        settled = PersonReviewSettled(person_id=person.id, request=review.request)
        return Decision(verified.but(review=review.settled(ReviewStatus.WITHDRAWN)), (event, settled), history)
    if (person.identity.number_hash, person.identity.name_hash) != (identity.number_hash, identity.name_hash):
        raise ALREADY_VERIFIED()
    return Decision(person)


def edit(person: Person, sealed: dict[str, str | None]) -> Decision[Person]:
    """Change what does not identify (`email_sealed`, `address_sealed`)."""
    return Decision(person.but(**sealed))


def save_resume(person: Person, resume_id: str) -> Decision[Person]:
    """A new version, unless the newest has the same content."""
    check_may_have_resume(person)
    if person.resumes[-1:] == (resume_id,):
        return Decision(person)
    saved = person.but(resumes=(*person.resumes, resume_id))
    return Decision(saved, (ResumeSaved(person_id=person.id, resume_version=saved.resume_version),), (Entry(to="RESUME_SAVED"),))


def check_may_have_resume(person: Person) -> None:
    if not person.verified:
        raise RESUME_NEEDS_REAL_NAME()
