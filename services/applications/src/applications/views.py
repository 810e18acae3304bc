"""What callers are shown: an application with its official word, its history (R20), and the intent."""

from datetime import date, datetime

from common.contracts.words import OFFICIAL, Category, Check, Diploma, EndKind, Role, Status
from common.decision import Actor
from common.reasons import ReasonView, StatedReason
from common.reference import Reference
from common.store.documents import DocumentInfo
from common.store.mongo import Document as Row
from pydantic import BaseModel

from applications.domain import intern_answer
from applications.domain.allowed import allowed
from applications.domain.candidacy import Application, Candidacy, Document
from applications.domain.intent_form import Intent, IntentForm
from applications.domain.status import COMMANDS
from applications.domain.talk_form import InternalNote, Talk

_REASON_SCOPES = {"refuse_diploma": "diploma", "extend": "reinstatement", "reinstate": "reinstatement"}
"""The list of a reason where it is not the one of the status it leads to."""


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


class AcceptanceEffect(BaseModel):
    """What accepting would do to another application of the intern (R2)."""

    application_id: str
    posting_id: str
    status: Status
    to: Status
    reason: ReasonView | None


class ApplicationLine(BaseModel):
    """One line of history (R20): an officer appears as office and role. `to` is a status, or a word for what else changed."""

    at: datetime
    by: Role
    office: str | None
    deed: str
    from_status: str | None
    to: str
    to_name: str
    reason: ReasonView | None


class ApplicationView(BaseModel):
    """`status_name` is the official word; `commands` what this caller may do now; `due_at` (UTC) set while an answer is due.

    `talk` is between the two parties (R26).
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
            diploma=DiplomaView(
                state=diploma.state, document_id=diploma.document_id, refusal=reference.reasons.shown(diploma.refusal, "diploma")
            ),
        )


class ApplicationDetail(ApplicationView):
    """With its history, and with what accepting would bring about while an offer waits for the intern; to the unit with its notes."""

    history: list[ApplicationLine]
    notes: list[InternalNote]
    effects: list[AcceptanceEffect]

    @classmethod
    def whole(
        cls, candidacy: Candidacy, id: str, history: list[Row], reference: Reference, actor: Actor, at: datetime
    ) -> "ApplicationDetail":
        application = candidacy.application(id)
        view = ApplicationView.of(candidacy.person_id, application, reference, actor, at)
        lines = [line(row, reference) for row in history]
        notes = list(application.notes) if actor.role is Role.UNIT else []
        return cls(**view.model_dump(), history=lines, notes=notes, effects=_effects(candidacy, application, reference, actor))


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


def line(row: Row, reference: Reference) -> ApplicationLine:
    """A stored line of history as its parties read it."""
    actor, code = row["actor"], row.get("reason_code")
    to: str = row["to"]
    deed: str = "supersede" if code == "superseded" else row["command"]
    reason = StatedReason.of(code, row.get("reason_text"))
    label = COMMANDS[deed].label
    return ApplicationLine(
        at=row["at"],
        by=actor["role"],
        office=_office(actor.get("region"), reference),
        deed=label,
        from_status=row.get("from_"),
        to=to,
        to_name=OFFICIAL[Status(to)] if to in OFFICIAL else label,
        reason=reference.reasons.shown(reason, _REASON_SCOPES.get(deed, to)),
    )


def _office(region: str | None, reference: Reference) -> str | None:
    if region is None:
        return None
    contact = reference.contacts.get(region)
    return contact.office if contact else reference.regions.full_name(region)


def _effects(candidacy: Candidacy, application: Application, reference: Reference, actor: Actor) -> list[AcceptanceEffect]:
    if actor.role is not Role.INTERN or application.status is not Status.OFFERED:
        return []
    return [
        AcceptanceEffect(
            application_id=other.id,
            posting_id=other.posting_id,
            status=other.status,
            to=along.to,
            reason=reference.reasons.shown(StatedReason.of(along.reason), along.to),
        )
        for other, along in intern_answer.effects_of_accepting(candidacy, application.id)
    ]
