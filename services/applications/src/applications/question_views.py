"""What the parties are shown of the questions that officers are asked about an application (R3, R6, R17, R29, R30)."""

from datetime import datetime

from common.calendar import local_date
from common.contracts.words import CaseKind, Role
from common.decision import Actor
from common.ids import derived_id
from common.reasons import ReasonView, StatedReason
from common.reference import Reference
from pydantic import BaseModel

from applications.domain.candidacy import Application
from applications.domain.question_form import Matter, Outcome, Question

_PRIVATE_DEEDS = frozenset(
    {
        "attach", "ask_end", "take_back_end", "complain", "take_back_complaint", "approve_complaint", "disapprove_complaint",
        "ask_lift", "approve_lift", "disapprove_lift",
    }
)  # fmt: skip
_OF_UNITS = frozenset({Matter.OBJECTION, Matter.SILENCE})
"""What the unit hears of: a wish to end, a complaint and the lift of a block, often for illness, are between intern and office."""


class QuestionView(BaseModel):
    """`due_at` (UTC): until then the office is to decide, while the question is open; `case_id` is its case; `reason` the decision's."""

    matter: Matter
    kind: CaseKind
    number: int
    case_id: str
    cause: ReasonView
    documents: list[str]
    asked_by: Role
    asked_at: datetime
    due_at: datetime | None
    outcome: Outcome | None
    settled_at: datetime | None
    reason: ReasonView | None

    @classmethod
    def of(cls, person_id: str, application: Application, question: Question, reference: Reference, reader: Actor) -> "QuestionView":
        matter, reasons = question.matter, reference.reasons
        cause = reasons.shown(StatedReason(code=question.cause, text=question.text), matter.causes)
        assert cause is not None, "a question has a cause"
        return cls(
            **question.model_dump(include={"matter", "number", "asked_by", "asked_at", "outcome", "settled_at"}),
            kind=matter.kind,
            case_id=derived_id("cas", matter.kind, person_id, application.id, str(question.number)),
            cause=cause,
            documents=[] if reader.role is Role.UNIT else list(question.documents),
            due_at=_due(application, question, reference) if question.open else None,
            reason=reasons.shown(question.reason, matter.turned_down, "TERMINATED"),
        )


def visible(application: Application, reader: Actor) -> tuple[Question, ...]:
    """What this party may see: the unit what concerns it, and nothing between intern and office."""
    return tuple(q for q in application.questions if reader.role is not Role.UNIT or q.matter in _OF_UNITS)


def hidden(deed: str, reader: Actor) -> bool:
    """Whether a line of history about this deed is not for the reader."""
    return reader.role is Role.UNIT and deed in _PRIVATE_DEEDS


def _due(application: Application, question: Question, reference: Reference) -> datetime:
    """The term of a review, as the office reckons it."""
    policy = reference.policy(application.region, local_date(question.asked_at))
    return reference.calendar.due_instant(question.asked_at, policy.review_working_days)
