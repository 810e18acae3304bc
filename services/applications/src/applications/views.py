"""What callers are shown: an application with its official word, and the intent."""

from datetime import date, datetime

from common.calendar import local_date
from common.contracts.words import OFFICIAL, Category, Check, Diploma, EndKind, Role, Status
from common.decision import Actor, Command
from common.reasons import ReasonView, StatedReason
from common.reference import Reference
from common.store.documents import DocumentInfo
from common.store.mongo import Document as Row
from pydantic import BaseModel

from applications.domain import attention
from applications.domain.allowed import allowed
from applications.domain.candidacy import Application, Candidacy, Document, ProposedEnd
from applications.domain.intent_form import Intent, IntentForm
from applications.domain.preview import previews
from applications.domain.talk_form import InternalNote, Talk
from applications.history_views import ApplicationLine, line
from applications.preview_views import DeedPreview, OtherEffect
from applications.question_views import QuestionView, hidden, visible


class DiplomaView(BaseModel):
    """G13. `document_id` is the file delivered last; `refusal` why the unit sent it back."""

    state: Diploma
    document_id: str | None
    refusal: ReasonView | None


class InternshipView(BaseModel):
    start: date
    planned_end: date
    end: date | None
    end_kind: EndKind | None
    retained: bool | None
    contract_date: date | None
    proposed: ProposedEnd | None


class ApplicationView(BaseModel):
    """`status_name` is the official word; `commands` what this caller may do now; `due_at` (UTC) set while an answer is due.

    `talk` is between the two parties (R26). `long_unanswered`: 长期未处理, withdrawing it frees a place of the ten (R22). An end may be
    objected to until `objection_due_at` (R17); since `lifted_at` it binds no more (R3).
    """

    id: str
    person_id: str
    posting_id: str
    unit_id: str
    region: str
    status: Status
    status_name: str
    reason: ReasonView | None
    submitted_at: datetime
    changed_at: datetime
    due_at: datetime | None
    commands: list[str]
    category: Category
    education: str
    intent_version: int
    resume_version: int
    diploma: DiplomaView
    internship: InternshipView | None
    documents: list[Document]
    case_id: str | None
    reinvited: bool
    release_asked_at: datetime | None
    objection_due_at: datetime | None
    lifted_at: datetime | None
    long_unanswered: bool
    talk: Talk | None

    @classmethod
    def of(cls, person_id: str, application: Application, reference: Reference, actor: Actor, at: datetime) -> "ApplicationView":
        shown = set(cls.model_fields) - {"reason", "diploma", "talk"}
        diploma, reason = application.diploma, reference.reasons.shown(application.reason, application.status, "reinstatement")
        return cls(
            **application.model_dump(include=shown),
            person_id=person_id,
            status_name=reason.label if reason and application.status is Status.WITHDRAWN else OFFICIAL[application.status],
            reason=reason,
            talk=application.talk if actor.role in (Role.INTERN, Role.UNIT) else None,
            commands=list(allowed(application, actor, at)),
            long_unanswered=application.long_unanswered(attention.unanswered_since(reference, application.region, at)),
            diploma=DiplomaView(
                state=diploma.state, document_id=diploma.document_id, refusal=reference.reasons.shown(diploma.refusal, "diploma")
            ),
        )


class ApplicationDetail(ApplicationView):
    """With its history and what officers were asked about it, as far as the reader may see; to the intern with what their own deeds
    would bring about now (`effects`: on other applications, by accepting); to the unit with its notes.
    """

    history: list[ApplicationLine]
    questions: list[QuestionView]
    notes: list[InternalNote]
    effects: list[OtherEffect]
    previews: list[DeedPreview]

    @classmethod
    def whole(
        cls, candidacy: Candidacy, id: str, history: list[Row], reference: Reference, actor: Actor, at: datetime
    ) -> "ApplicationDetail":
        application = candidacy.application(id)
        view = ApplicationView.of(candidacy.person_id, application, reference, actor, at)
        lines = [line(row, reference) for row in history if not hidden(row["command"], actor)]
        asked = [QuestionView.of(candidacy.person_id, application, one, reference, actor) for one in visible(application, actor)]
        notes = list(application.notes) if actor.role is Role.UNIT else []
        shown = _previews(candidacy, application, reference, actor, at)
        effects = [other for preview in shown if preview.deed == "accept" for other in preview.others]
        return cls(**view.model_dump(), history=lines, questions=asked, notes=notes, effects=effects, previews=shown)


class ApplicationFile(BaseModel):
    """A file that was handed in; `size` in bytes."""

    id: str
    kind: str
    name: str
    content_type: str
    size: int

    @classmethod
    def of(cls, info: DocumentInfo) -> "ApplicationFile":
        return cls(**info.model_dump(include=set(cls.model_fields)))


class HandedInFile(ApplicationFile):
    """With the application it was handed in for, in its new state."""

    application: ApplicationView


class ApplicationPage(BaseModel):
    items: list[ApplicationView]
    next: str | None


class IntentView(BaseModel):
    """The intent in its current version; `check` is the state of its unemployment registration (R13)."""

    version: int
    registered_at: datetime
    check: Check
    checked_at: datetime | None
    check_reason: ReasonView | None
    form: IntentForm

    @classmethod
    def of(cls, intent: Intent, reference: Reference) -> "IntentView":
        reason = reference.reasons.shown(StatedReason.of(intent.check_reason), "unemployment")
        shown = intent.model_dump(include={"version", "registered_at", "check", "checked_at"})
        return cls(**shown, form=intent.form, check_reason=reason)


def _previews(candidacy: Candidacy, application: Application, reference: Reference, actor: Actor, at: datetime) -> list[DeedPreview]:
    if actor.role is not Role.INTERN:
        return []
    most = reference.policy(application.region, local_date(at)).max_pending
    found = previews(candidacy, application.id, reference, Command("preview", actor, "", at))
    return [DeedPreview.of(one, most, reference) for one in found]
