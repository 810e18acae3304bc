"""The wish to end an internship, and complaints (R30): what a person at work asks an officer, and may take back."""

from common.decision import Command
from common.reference import Reference

from applications.domain import questions, refusals
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision, steady
from applications.domain.dates import in_words
from applications.domain.question_form import Matter, Outcome, Words

TAKING_BACK = {"take_back_end": Matter.END_REQUEST, "take_back_complaint": Matter.COMPLAINT}


def ask_end(candidacy: Candidacy, application_id: str, words: Words, reference: Reference, command: Command) -> SeatedDecision:
    """The end itself is reported by the unit, or by the officer in its place. Refuses as `questions.ask_as_intern`."""
    steady(candidacy, application_id, "ask_end", command.actor)
    return questions.ask_as_intern(
        SeatedDecision(candidacy), application_id, "ask_end", Matter.END_REQUEST, words, reference, command
    )  # fmt: skip


def complain(candidacy: Candidacy, application_id: str, words: Words, reference: Reference, command: Command) -> SeatedDecision:
    """Also after the end, as long as the intern may object to it; then refuses with `complaint_too_late`."""
    application = steady(candidacy, application_id, "complain", command.actor)
    due = application.objection_due_at
    if due is not None and command.at >= due:
        raise refusals.COMPLAINT_TOO_LATE(due=in_words(due))
    return questions.ask_as_intern(
        SeatedDecision(candidacy), application_id, "complain", Matter.COMPLAINT, words, reference, command
    )  # fmt: skip


def take_back(candidacy: Candidacy, application_id: str, deed: str, command: Command) -> SeatedDecision:
    """One of `TAKING_BACK`. Refuses with `no_question` where nothing waits."""
    application = steady(candidacy, application_id, deed, command.actor)
    question = questions.open_question(application, TAKING_BACK[deed])
    if question is None:
        raise refusals.NO_QUESTION()
    return questions.settle(SeatedDecision(candidacy), application_id, question, Outcome.TAKEN_BACK, command)
