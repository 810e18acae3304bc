"""Asking an officer about an application, and settling what was asked: the same for every matter, whoever asks (R3, R6, R17, R29, R30)."""

from dataclasses import replace
from typing import TypeVar

from common.contracts.applications import CaseAsked, CaseSettled
from common.contracts.words import CaseKind, Role
from common.decision import Command, Decision, Entry
from common.reasons import StatedReason
from common.reference import Reference

from applications.domain import refusals
from applications.domain.candidacy import Application, Candidacy
from applications.domain.question_form import Matter, Outcome, Question, Words
from applications.domain.status import COMMANDS

D = TypeVar("D", bound=Decision[Candidacy])
LIMIT = 20
"""So many questions of one kind an intern asks about one application."""


def asked(application: Application, *matters: Matter) -> tuple[Question, ...]:
    """All that were ever asked of these matters, oldest first."""
    return tuple(question for question in application.questions if question.matter in matters)


def open_question(application: Application, matter: Matter) -> Question | None:
    """There is at most one of each matter."""
    return next((question for question in asked(application, matter) if question.open), None)


def ask(
    decision: D, application_id: str, matter: Matter, cause: str, command: Command, text: str | None = None, documents: tuple[str, ...] = ()
) -> D:
    """Add the question to a decision. While one of the matter is open, nothing is added."""
    application = decision.state.application(application_id)
    if open_question(application, matter):
        return decision
    number = 1 + sum(known.matter.kind is matter.kind for known in application.questions)
    question = Question(
        matter=matter, number=number, cause=cause, text=text, documents=documents, asked_at=command.at, asked_by=command.actor.role
    )
    return replace(
        decision,
        state=decision.state.with_application(application.but(questions=(*application.questions, question))),
        events=(*decision.events, _case_asked(decision.state.person_id, application, question)),
        history=(*decision.history, Entry(to=f"{matter} asked", subject=application_id, reason_code=cause, reason_text=text)),
    )


def ask_as_intern(decision: D, application_id: str, deed: str, matter: Matter, words: Words, reference: Reference, command: Command) -> D:
    """Add what the intern asks to a decision. Refuses with `question_open`, `questions_full`, `reason_unknown` or `unknown_document`."""
    application = decision.state.application(application_id)
    label = COMMANDS[deed].label
    if open_question(application, matter):
        raise refusals.QUESTION_OPEN(deed=label)
    if len(asked(application, *(known for known in Matter if known.kind is matter.kind))) >= LIMIT:
        raise refusals.QUESTIONS_FULL(deed=label, limit=LIMIT)
    reference.reasons.check(matter.causes, words.cause)
    own = {file.id for file in decision.state.files if (file.by, file.application_id) == (Role.INTERN, application_id)}
    if not own.issuperset(words.documents):
        raise refusals.UNKNOWN_DOCUMENT()
    return ask(decision, application_id, matter, words.cause, command, words.text, words.documents)


def settle(
    decision: D,
    application_id: str,
    question: Question,
    outcome: Outcome,
    command: Command,
    case_id: str | None = None,
    reason: StatedReason | None = None,
) -> D:
    """Add the end of the question to a decision: `case_id` and `reason` are those of the officer's decision, where there was one."""
    application = decision.state.application(application_id)
    entry = Entry(to=f"{question.matter} {outcome}", subject=application_id, reason_code=reason.code if reason else None)
    return replace(
        decision,
        state=decision.state.with_application(_with(application, _ended(question, outcome, command, reason))),
        events=(*decision.events, _case_settled(decision.state.person_id, application, question, case_id)),
        history=(*decision.history, entry),
    )


def move_on(decision: D, application_id: str, command: Command) -> D:
    """The status has changed: what was asked before waits no longer. A complaint does, so that no unit ends it by ending the internship."""
    for question in decision.state.application(application_id).questions:
        if question.open and question.matter is not Matter.COMPLAINT:
            history = decision.history
            decision = replace(settle(decision, application_id, question, Outcome.MOVED_ON, command), history=history)
    return decision


def numbered(application: Application, kind: CaseKind, number: int) -> Question:
    """The question that a case decides. Refuses with `question_settled` when it is not, or no longer, open."""
    for question in application.questions:
        if question.open and (question.matter.kind, question.number) == (kind, number):
            return question
    raise refusals.QUESTION_SETTLED()


def _ended(question: Question, outcome: Outcome, command: Command, reason: StatedReason | None) -> Question:
    return question.but(outcome=outcome, settled_at=command.at, reason=reason)


def _with(application: Application, fresh: Question) -> Application:
    """With this question in the place of its older self."""

    def same(known: Question) -> bool:
        return (known.matter, known.number) == (fresh.matter, fresh.number)

    return application.but(questions=tuple(fresh if same(known) else known for known in application.questions))


def _case_asked(person_id: str, application: Application, question: Question) -> CaseAsked:
    return CaseAsked(
        application_id=application.id,
        person_id=person_id,
        posting_id=application.posting_id,
        unit_id=application.unit_id,
        region=application.region,
        status=application.status,
        kind=question.matter.kind,
        number=question.number,
        cause=question.cause,
        asked_by=question.asked_by,
        document_ids=question.documents,
    )


def _case_settled(person_id: str, application: Application, question: Question, case_id: str | None) -> CaseSettled:
    return CaseSettled(
        application_id=application.id,
        person_id=person_id,
        unit_id=application.unit_id,
        kind=question.matter.kind,
        number=question.number,
        case_id=case_id,
    )
