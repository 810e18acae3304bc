"""What an intern does about applications: submits, answers offers, withdraws, delivers the diploma."""

from common.decision import Actor, Command
from common.ids import new_id
from common.store.aggregate import Answer
from fastapi import UploadFile

from applications.domain import complaint, evidence, intern_answer, lift, objection, release, submit, talk
from applications.domain import supplement as supplements
from applications.domain.candidacy import DocumentKind
from applications.domain.question_form import Words
from applications.domain.talk_form import Wish
from applications.handlers import application, facts, papers
from applications.handlers.papers import Paper
from applications.repository import Applications
from applications.views import ApplicationPage, ApplicationView


async def send(applications: Applications, posting_id: str, command: Command) -> Answer:
    """岗位投递 (G4)."""
    person_id, id = command.actor.id, new_id("app")
    wanted = await facts.submission(applications, person_id, posting_id)
    return await application.change(
        applications,
        person_id,
        id,
        command,
        lambda candidacy, reference: submit.submit(candidacy, id, wanted.person, wanted.posting, wanted.unit, reference, command),
    )


async def accept(applications: Applications, id: str, command: Command) -> Answer:
    """岗位确认 (G7, R2)."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, lists: intern_answer.accept(candidacy, id, lists, command)
    )


async def decline(applications: Applications, id: str, command: Command) -> Answer:
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, lists: intern_answer.decline(candidacy, id, lists, command)
    )


async def withdraw(applications: Applications, id: str, command: Command) -> Answer:
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, _: intern_answer.withdraw(candidacy, id, command)
    )


async def ask_another_time(applications: Applications, id: str, wish: Wish, command: Command) -> Answer:
    """R26."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, _: talk.ask_another_time(candidacy, id, wish, command)
    )


async def ask_release(applications: Applications, id: str, command: Command) -> Answer:
    """R30."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, lists: release.ask(candidacy, id, lists, command)
    )


async def ask_end(applications: Applications, id: str, words: Words, command: Command) -> Answer:
    """R30."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, lists: complaint.ask_end(candidacy, id, words, lists, command)
    )


async def complain(applications: Applications, id: str, words: Words, command: Command) -> Answer:
    """R30."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, lists: complaint.complain(candidacy, id, words, lists, command)
    )


async def take_back(applications: Applications, id: str, command: Command) -> Answer:
    """What the name of the command says (R30)."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, _: complaint.take_back(candidacy, id, command.name, command)
    )


async def object_to(applications: Applications, id: str, words: Words, command: Command) -> Answer:
    """R17."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, lists: objection.object_to(candidacy, id, words, lists, command)
    )


async def ask_lift(applications: Applications, id: str, words: Words, command: Command) -> Answer:
    """R3."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, lists: lift.ask_lift(candidacy, id, words, lists, command)
    )


async def supplement(applications: Applications, id: str, documents: tuple[str, ...], command: Command) -> Answer:
    """R10."""
    return await application.change(
        applications, command.actor.id, id, command, lambda candidacy, _: supplements.supplement(candidacy, id, documents, command)
    )


async def attach(applications: Applications, id: str, kind: DocumentKind, upload: UploadFile, command: Command) -> Answer:
    """Evidence that a question then names (R3, R17, R30)."""
    return await papers.keep(applications, command.actor.id, id, kind, upload, command, evidence.attach)


async def hand_in(applications: Applications, id: str, paper: Paper, upload: UploadFile, command: Command) -> Answer:
    """The owed diploma (G13) or the guardian's consent (R19)."""
    handed_in = await papers.hand_in(applications, command.actor.id, id, paper, upload, command)
    state: Answer = handed_in["application"]
    return state


async def list_own(applications: Applications, intern: Actor) -> ApplicationPage:
    """见习投递信息: all of them, newest first (G14)."""
    candidacy, reference, now = await applications.candidacies.get(intern.id), await applications.reference(), applications.clock.now()
    newest_first = reversed(candidacy.applications) if candidacy else ()
    return ApplicationPage(items=[ApplicationView.of(intern.id, one, reference, intern, now) for one in newest_first], next=None)
