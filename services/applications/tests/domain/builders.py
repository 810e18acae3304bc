"""Readable starting points for the tests of the domain. Every instant is explicit; nobody here exists."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from applications.domain import (
    complaint,
    deadline,
    evidence,
    intent,
    intern_answer,
    lift,
    objection,
    onboarding,
    planned_end,
    questions,
    reinstatement,
    release,
    review,
    status,
    submit,
    supplement,
    talk,
    termination,
    unit_answer,
)  # fmt: skip
from applications.domain.candidacy import Application, Candidacy, Document, DocumentKind
from applications.domain.change import SeatedDecision
from applications.domain.facts import PersonFacts, PostingFacts, UnitFacts
from applications.domain.intent_form import Declarations, IntentDocument, IntentDocumentKind, IntentForm, UnemploymentRegistration
from applications.domain.question_form import Matter, Words
from applications.domain.talk_form import Invitation, Wish
from common.contracts.words import Category, EndKind, Permission, PostingStatus, Role, Status, Verdict
from common.decision import Actor, Command
from common.policy import PolicyEntry
from common.reasons import StatedReason
from common.reference import Reference, ReferenceItem

from .refused import refused as refused

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
"""12:00 in Shanghai on a Monday with four ordinary weeks after it."""
TODAY = date(2026, 11, 2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

INVITATION = Invitation(at=NOON + 2 * DAY, place="示例大厦3楼")
WISH = Wish(at=NOON + 3 * DAY, note="示例：当天上午有考试")

REFERENCE = Reference.sample()
COUNTY = "520102"
INTERN = Actor(id="per_1", role=Role.INTERN)
UNIT = Actor(id="usr_1", role=Role.UNIT, unit_id="uni_1", permissions=frozenset(Permission))
OFFICER = Actor(id="office:520102", role=Role.OFFICER, region=COUNTY)
SYSTEM = Actor(id="system", role=Role.SYSTEM)
ACTORS = {role: Actor(id="other_1", role=role) for role in Role} | {actor.role: actor for actor in (INTERN, UNIT, OFFICER, SYSTEM)}

PERSON = PersonFacts(birth_date=date(2003, 5, 20), resume_version=1)
RECOGNISED = UnitFacts(recognised=True)
UNFIT = StatedReason(code="skills_do_not_fit", text="示例：需要会计专业")
NO_MENTOR = Words(cause="no_mentor", text="示例：两周来没有人带教")
NOT_AGREED = Words(cause="not_agreed", text="示例：未经本人同意")
ILL = Words(cause="illness", text="示例：住院治疗")
WANTS_TO_END = Words(cause="end_personal", text="示例：家中有事")
MISTAKE = StatedReason(code="unit_mistake", text="示例：选错了人")
APPRAISAL = Document(id="doc_appraisal", kind=DocumentKind.APPRAISAL)
DIPLOMA = IntentDocument(id="doc_diploma", kind=IntentDocumentKind.DIPLOMA)
RECOMMENDATION = IntentDocument(id="doc_form", kind=IntentDocumentKind.RECOMMENDATION_FORM)
REGISTRATION = UnemploymentRegistration(office="示例街道公共就业服务中心", region=COUNTY, day=date(2026, 10, 12))


def by(actor: Actor, at: datetime = NOON, key: str = "key") -> Command:
    """`key` names the case too, where a command carries an officer's decision."""
    return Command(name="deed", actor=actor, key=key, at=at)


def posting(number: int = 1, **changes: Any) -> PostingFacts:
    facts = PostingFacts(
        posting_id=f"pos_{number}", unit_id="uni_1", region=COUNTY, status=PostingStatus.PUBLISHED, deadline=date(2027, 10, 31)
    )
    return facts.but(**changes)


def with_policy(region: str, **changes: Any) -> Reference:
    """Where one region's policy differs from 2026 on."""
    entry = PolicyEntry(region=region, effective=date(2026, 1, 1), version=1, changes=changes)
    return REFERENCE.with_items(
        [ReferenceItem(kind="policy", key=entry.key, version=1, value=entry.model_dump(mode="json", exclude={"version"}))]
    )


def graduate_form(**changes: Any) -> IntentForm:
    """A graduate of this summer who holds the diploma."""
    form = IntentForm(
        category=Category.GRADUATE,
        education="bachelor",
        school="示例大学",
        major="会计学",
        graduation_date=date(2026, 6, 30),
        diploma_issued=date(2026, 6, 30),
        documents=(DIPLOMA,),
        household_region=COUNTY,
        residence_region="520103",
        declarations=Declarations(not_employed=True, no_business_licence=True, no_earlier_internship=True),
    )
    return form.but(**changes)


def youth_form(**changes: Any) -> IntentForm:
    """An unemployed youth with a registration three weeks old."""
    return graduate_form(category=Category.YOUTH, documents=(), diploma_issued=None, registration=REGISTRATION).but(**changes)


def owing_form(**changes: Any) -> IntentForm:
    """A graduate of the running year with the 就业推荐表 only."""
    return graduate_form(documents=(RECOMMENDATION,), diploma_issued=None).but(**changes)


def registered(form: IntentForm | None = None, at: datetime = NOON, person: PersonFacts = PERSON) -> Candidacy:
    return intent.register(Candidacy(person_id=INTERN.id), form or graduate_form(), person, REFERENCE, by(INTERN, at)).state


def renewed(candidacy: Candidacy, form: IntentForm, at: datetime = NOON) -> Candidacy:
    """With the next version of the intent."""
    return intent.register(candidacy, form, PERSON, REFERENCE, by(INTERN, at)).state


def checked(candidacy: Candidacy, verdict: Verdict = Verdict.APPROVE, version: int = 1) -> Candidacy:
    return intent.apply_check(candidacy, version, verdict, None, f"cas_check_{version}", by(OFFICER)).state


def submission(candidacy: Candidacy, number: int = 1, at: datetime = NOON, person: PersonFacts = PERSON, **facts: Any) -> SeatedDecision:
    """Of one more application, `app_<number>` to `pos_<number>`."""
    return submit.submit(candidacy, f"app_{number}", person, posting(number, **facts), RECOGNISED, REFERENCE, by(INTERN, at))


def submitted(candidacy: Candidacy, number: int = 1, at: datetime = NOON, **facts: Any) -> Candidacy:
    return submission(candidacy, number, at, **facts).state


def reinstated(candidacy: Candidacy, id: str, command: Command, to: Status | None = None, **given: Any) -> SeatedDecision:
    """To where the arrow leads, unless told."""
    along = status.arrow(candidacy.application(id).status, "reinstate")
    wanted = to or (along.to if along else Status.PENDING)
    arguments = {"reason": MISTAKE, "closing": False, "reference": REFERENCE, **given}
    return reinstatement.reinstate(candidacy, id, wanted, command=command, **arguments)


Deed = Callable[[Candidacy, str, Command], SeatedDecision]
DEEDS: dict[str, Deed] = {
    "offer": lambda c, id, command: unit_answer.offer(c, id, REFERENCE, command),
    "reject": lambda c, id, command: unit_answer.reject(c, id, UNFIT, REFERENCE, command),
    "reinvite": unit_answer.reinvite,
    "invite_to_talk": lambda c, id, command: talk.invite(c, id, INVITATION, command),
    "ask_another_time": lambda c, id, command: talk.ask_another_time(c, id, WISH, command),
    "note": lambda c, id, command: talk.note(c, id, "示例：沟通能力较好", command),
    "withdraw": intern_answer.withdraw,
    "accept": lambda c, id, command: intern_answer.accept(c, id, REFERENCE, command),
    "decline": lambda c, id, command: intern_answer.decline(c, id, REFERENCE, command),
    "expire": lambda c, id, command: deadline.expire(c, id, REFERENCE, command),
    "extend": lambda c, id, command: deadline.extend(c, id, REFERENCE, command),
    "approve": lambda c, id, command: review.decide(c, id, Verdict.APPROVE, None, f"cas_{command.key}", REFERENCE, command),
    "disapprove": lambda c, id, command: review.decide(
        c, id, Verdict.DISAPPROVE, StatedReason(code="employed"), f"cas_{command.key}", REFERENCE, command
    ),
    "deliver_diploma": lambda c, id, command: onboarding.deliver_diploma(c, id, "doc_new", command),
    "accept_diploma": onboarding.accept_diploma,
    "refuse_diploma": lambda c, id, command: onboarding.refuse_diploma(c, id, StatedReason(code="not_readable"), REFERENCE, command),
    "release": lambda c, id, command: release.ask(c, id, REFERENCE, command),
    "consent": lambda c, id, command: onboarding.consent(c, id, "doc_consent", command),
    "object": lambda c, id, command: objection.object_to(c, id, NOT_AGREED, REFERENCE, command),
    "ask_lift": lambda c, id, command: lift.ask_lift(c, id, ILL, REFERENCE, command),
    "supplement": lambda c, id, command: supplement.supplement(c, id, (), command),
    "plan_end": lambda c, id, command: planned_end.propose(c, id, date(2027, 4, 1), REFERENCE, command),
    "decline_end": planned_end.decline,
    "attach": lambda c, id, command: evidence.attach(c, id, "doc_evidence", command),
    "ask_end": lambda c, id, command: complaint.ask_end(c, id, WANTS_TO_END, REFERENCE, command),
    "take_back_end": lambda c, id, command: complaint.take_back(c, id, "take_back_end", command),
    "complain": lambda c, id, command: complaint.complain(c, id, NO_MENTOR, REFERENCE, command),
    "take_back_complaint": lambda c, id, command: complaint.take_back(c, id, "take_back_complaint", command),
    "hand_in": lambda c, id, command: termination.hand_in(c, id, "doc_end", command),
    "onboard": lambda c, id, command: onboarding.onboard(c, id, TODAY, date(2027, 5, 1), REFERENCE, command),
    "absent": lambda c, id, command: onboarding.absent(c, id, StatedReason(code="did_not_come"), REFERENCE, command),
    "terminate": lambda c, id, command: termination.terminate(c, id, early(), REFERENCE, command),
    "reinstate": reinstated,
}
"""Every command about one application, with arguments that are right on NOON's day."""

DOER = {
    **dict.fromkeys(("ask_another_time", "withdraw", "accept", "decline", "release", "deliver_diploma", "consent"), INTERN),
    **dict.fromkeys(("object", "ask_lift", "supplement", "attach", "ask_end", "take_back_end", "complain", "take_back_complaint"), INTERN),
    **dict.fromkeys(("expire", "extend"), SYSTEM),
    **dict.fromkeys(("approve", "disapprove", "reinstate"), OFFICER),
}

PATHS: dict[Status, tuple[str, ...]] = {
    Status.PENDING: (),
    Status.REJECTED: ("reject",),
    Status.WITHDRAWN: ("withdraw",),
    Status.OFFERED: ("offer",),
    Status.UNWILLING: ("offer", "decline"),
    Status.WILLING: ("offer", "accept"),
    Status.DISAPPROVED: ("offer", "accept", "disapprove"),
    Status.APPROVED: ("offer", "accept", "approve"),
    Status.ABSENT: ("offer", "accept", "approve", "absent"),
    Status.ONBOARDED: ("offer", "accept", "approve", "onboard"),
    Status.TERMINATED: ("offer", "accept", "approve", "onboard", "terminate"),
}


def early(**changes: Any) -> termination.Ending:
    ending = termination.Ending(kind=EndKind.EARLY, end=TODAY, retained=False, reason=StatedReason(code="personal"), documents=(APPRAISAL,))
    return ending.but(**changes)


def do(candidacy: Candidacy, deed: str, application_id: str = "app_1", at: datetime = NOON) -> SeatedDecision:
    """Any command of `DEEDS` by the party that may give it."""
    return DEEDS[deed](candidacy, application_id, by(DOER.get(deed, UNIT), at))


def walked(candidacy: Candidacy, status: Status, number: int = 1, at: datetime = NOON) -> Candidacy:
    """With one more application, brought to a status the way people bring it there."""
    candidacy = submitted(candidacy, number, at)
    for deed in PATHS[status]:
        candidacy = do(candidacy, deed, f"app_{number}", at).state
    return candidacy


def in_status(status: Status) -> Candidacy:
    """A graduate with the one application `app_1`."""
    return walked(registered(), status)


def with_question(candidacy: Candidacy, matter: Matter, cause: str = "示例", number: int = 1) -> Candidacy:
    """With one more open question about `app_<number>`, whatever its status."""
    return questions.ask(SeatedDecision(candidacy), f"app_{number}", matter, cause, by(SYSTEM)).state


def application(candidacy: Candidacy, number: int = 1) -> Application:
    return candidacy.application(f"app_{number}")


def with_pending(count: int) -> Candidacy:
    candidacy = registered()
    for number in range(1, count + 1):
        candidacy = submitted(candidacy, number)
    return candidacy
