"""The aggregate of one person: the intent and all applications together, in one document, so that G5, G11 and R2 are exact."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from common.contracts.applications import RuleResult
from common.contracts.words import Category, Diploma, EndKind, Role, Status
from common.reasons import StatedReason
from common.values import Value
from pydantic import Field

from applications.domain.intent_form import Intent
from applications.domain.question_form import Matter, Question
from applications.domain.refusals import UNKNOWN_APPLICATION
from applications.domain.status import BLOCKING, SEATED
from applications.domain.talk_form import InternalNote, Talk

UNIT_OWES = (Matter.SILENCE, Matter.RELEASE)
"""What an officer is asked because a unit has not done what it owed."""
UNIT_REPORTS = (Status.APPROVED, Status.ONBOARDED)
"""While an application is in one of these, its unit owes a report (R29)."""


class DocumentKind(StrEnum):
    """Files of an application: what termination asks for (R17), and the guardian's consent (R19)."""

    APPRAISAL = "appraisal"  # 鉴定表
    AGREEMENT = "agreement"  # 协议
    ATTENDANCE = "attendance"  # 考勤
    ALLOWANCE_VOUCHER = "allowance_voucher"  # 补贴凭证
    INSURANCE_POLICY = "insurance_policy"  # 保险单
    OTHER = "other"  # 其他
    GUARDIAN_CONSENT = "guardian_consent"  # 监护人同意书


class Document(Value):
    id: str
    kind: DocumentKind


class HandedIn(Value):
    """A stored file, with the party that handed it in: for one application, or for the intent where none is named.

    `for_officers`: evidence of what an intern asks an officer, which the unit does not read.
    """

    id: str
    by: Role
    application_id: str | None = None
    for_officers: bool = False


class OwedDiploma(Value):
    """Where the diploma of an application stands (G13). `document_id` is the file delivered last."""

    state: Diploma
    document_id: str | None = None
    refusal: StatedReason | None = None


class ProposedEnd(Value):
    """Another planned end that one party has proposed, and the other has not answered yet (R29)."""

    planned_end: date
    by: Role


class Internship(Value):
    """From ONBOARDED on: start and planned end (R29), later how it ended (R17).

    `seat_freed`: it seemed to have ended early, until that was corrected; the seat that was freed then is not taken again (R8).
    """

    start: date
    planned_end: date
    end: date | None = None
    end_kind: EndKind | None = None
    retained: bool | None = None
    contract_date: date | None = None
    seat_freed: bool = False
    proposed: ProposedEnd | None = None


class Application(Value):
    """One 投递 to one posting. `category`, `age_band`, `education`, `adult_on` and `eligibility` are as measured at the submission (R11).

    `due_at` is set while OFFERED, with the calendar it was reckoned by (R5); `decided_at` and `case_id` belong to the review;
    `reason` is the one of the last change of status; `release_asked_at` says since when the intern asks to be released (R30);
    `objection_due_at`: until then the intern may object to the termination (R17);
    `lifted_at`: since when a terminated internship binds no more (R3); `attend_at`: from then on an officer is asked about a unit that
    owes a report (R29); `ran_out_at`: the due instant that an offer missed, `expired_under`: the newest calendar it was looked at by (R6);
    `questions` are all that an officer was asked about it, oldest first; `notes` are the unit's own (R26).
    """

    id: str
    posting_id: str
    unit_id: str
    region: str
    status: Status
    submitted_at: datetime
    changed_at: datetime
    intent_version: int
    resume_version: int
    category: Category
    education: str
    age_band: str
    adult_on: date
    eligibility: tuple[RuleResult, ...]
    policy_versions: tuple[str, ...]
    diploma: OwedDiploma
    offered_at: datetime | None = None
    due_at: datetime | None = None
    calendar_version: int | None = None
    decided_at: datetime | None = None
    case_id: str | None = None
    internship: Internship | None = None
    documents: tuple[Document, ...] = ()
    reason: StatedReason | None = None
    reinvited: bool = False
    release_asked_at: datetime | None = None
    objection_due_at: datetime | None = None
    lifted_at: datetime | None = None
    attend_at: datetime | None = None
    ran_out_at: datetime | None = None
    expired_under: int | None = None
    questions: tuple[Question, ...] = ()
    talk: Talk | None = None
    notes: tuple[InternalNote, ...] = ()

    @property
    def binds(self) -> bool:
        """While it does, its intern submits no other one (G11) and keeps the category (R12); a lifted internship does not (R3)."""
        return self.status in BLOCKING and self.lifted_at is None

    def long_unanswered(self, since: datetime) -> bool:
        """Whether it has waited for its unit since before that instant (R22)."""
        return self.status is Status.PENDING and self.changed_at < since

    def overdue(self, now: datetime, unanswered_since: datetime) -> bool:
        """Whether its unit owes a report (R29), or an answer for too long (R22)."""
        asked = any(question.open and question.matter in UNIT_OWES for question in self.questions)
        reported_late = self.attend_at is not None and self.attend_at <= now
        return self.long_unanswered(unanswered_since) or asked or reported_late

    @property
    def holds_seat(self) -> bool:
        """R8: from OFFERED on, until it ends unhappily or early."""
        ended = self.internship
        freed = ended is not None and (ended.end_kind is EndKind.EARLY or ended.seat_freed)
        return self.status in SEATED and not freed


class Candidacy(Value):
    """`intents` holds the current version last, and before it the older ones that an application was made with or whose check was decided.

    `files` are all that were handed in, whatever became of them. `heard` has the number of the last decision heard of each case.
    """

    person_id: str
    intents: tuple[Intent, ...] = ()
    applications: tuple[Application, ...] = ()
    files: tuple[HandedIn, ...] = ()
    heard: dict[str, int] = Field(default_factory=dict)

    @property
    def intent(self) -> Intent | None:
        return self.intents[-1] if self.intents else None

    def application(self, application_id: str) -> Application:
        """Refuses with `unknown_application`."""
        for application in self.applications:
            if application.id == application_id:
                return application
        raise UNKNOWN_APPLICATION()

    def in_status(self, *statuses: Status) -> tuple[Application, ...]:
        return tuple(application for application in self.applications if application.status in statuses)

    def with_application(self, application: Application) -> Self:
        """With this one in the place of its older self, or added."""
        if all(known.id != application.id for known in self.applications):
            return self.but(applications=(*self.applications, application))
        return self.but(applications=tuple(application if known.id == application.id else known for known in self.applications))
