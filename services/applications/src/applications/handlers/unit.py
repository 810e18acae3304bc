"""What the users of a unit do about the applications to it: they answer, check papers, report and end internships."""

from datetime import date

from common.contracts.words import Status
from common.decision import Actor, Command
from common.reasons import StatedReason
from common.refusals import FORBIDDEN
from common.store.aggregate import Answer
from fastapi import UploadFile

from applications.domain import onboarding, talk, termination, unit_answer
from applications.domain.talk_form import Invitation
from applications.domain.termination import Ending
from applications.handlers import application, files, papers
from applications.handlers.application import Decide
from applications.handlers.papers import Paper
from applications.repository import Applications
from applications.views import ApplicationDetail, ApplicationPage, ApplicationView

Reason = StatedReason | None


async def offer(applications: Applications, id: str, command: Command) -> Answer:
    """确认通过 (G6): takes a seat and starts the intern's clock."""
    return await _change(applications, id, command, lambda candidacy, lists: unit_answer.offer(candidacy, id, lists, command))


async def reject(applications: Applications, id: str, reason: Reason, command: Command) -> Answer:
    return await _change(applications, id, command, lambda candidacy, lists: unit_answer.reject(candidacy, id, reason, lists, command))


async def reinvite(applications: Applications, id: str, command: Command) -> Answer:
    """R4."""
    return await _change(applications, id, command, lambda candidacy, _: unit_answer.reinvite(candidacy, id, command))


async def invite(applications: Applications, id: str, invitation: Invitation, command: Command) -> Answer:
    """邀请面谈 (R26)."""
    return await _change(applications, id, command, lambda candidacy, _: talk.invite(candidacy, id, invitation, command))


async def note(applications: Applications, id: str, text: str, command: Command) -> Answer:
    """内部备注 (R26)."""
    return await _change(applications, id, command, lambda candidacy, _: talk.note(candidacy, id, text, command))


async def accept_diploma(applications: Applications, id: str, command: Command) -> Answer:
    """G13."""
    return await _change(applications, id, command, lambda candidacy, _: onboarding.accept_diploma(candidacy, id, command))


async def refuse_diploma(applications: Applications, id: str, reason: Reason, command: Command) -> Answer:
    return await _change(
        applications, id, command, lambda candidacy, lists: onboarding.refuse_diploma(candidacy, id, reason, lists, command)
    )


async def plan_end(applications: Applications, id: str, planned_end: date, command: Command) -> Answer:
    person_id = await applications.candidacies.person_of(id, command.actor.unit_id)
    return await application.plan_end(applications, person_id, id, planned_end, command)


async def decline_end(applications: Applications, id: str, command: Command) -> Answer:
    person_id = await applications.candidacies.person_of(id, command.actor.unit_id)
    return await application.decline_end(applications, person_id, id, command)


async def onboard(applications: Applications, id: str, start: date, planned_end: date, command: Command) -> Answer:
    """确认上岗 (G9)."""
    return await _change(
        applications, id, command, lambda candidacy, lists: onboarding.onboard(candidacy, id, start, planned_end, lists, command)
    )


async def absent(applications: Applications, id: str, reason: Reason, command: Command) -> Answer:
    """确认未到岗 (G9)."""
    return await _change(applications, id, command, lambda candidacy, lists: onboarding.absent(candidacy, id, reason, lists, command))


async def terminate(applications: Applications, id: str, ending: Ending, command: Command) -> Answer:
    """终止 (G10), naming the files that were handed in before."""
    await files.check(applications, await _person(applications, id, command.actor), ending.documents)
    return await _change(applications, id, command, lambda candidacy, lists: termination.terminate(candidacy, id, ending, lists, command))


async def hand_in(applications: Applications, id: str, paper: Paper, upload: UploadFile, command: Command) -> Answer:
    """The scanned diploma (G13), the guardian's consent (R19), or a file of the end (R17)."""
    return await papers.hand_in(applications, await _person(applications, id, command.actor), id, paper, upload, command)


async def read(applications: Applications, id: str, user: Actor) -> ApplicationDetail:
    return await application.read(applications, await _person(applications, id, user), id, user)


async def list_own(
    applications: Applications, user: Actor, status: Status | None, posting_id: str | None, after: str | None, limit: int
) -> ApplicationPage:
    """In order of the persons' ids; a page holds all applications of `limit` persons."""
    statuses = [status] if status else list(Status)
    found, following = await applications.candidacies.of_unit(_unit(user), statuses, posting_id, after, limit)
    reference, now = await applications.reference(), applications.clock.now()
    return ApplicationPage(
        items=[ApplicationView.of(one.person_id, each, reference, user, now) for one in found for each in one.applications],
        next=following,
    )


async def _change(applications: Applications, id: str, command: Command, decide: Decide) -> Answer:
    return await application.change(applications, await _person(applications, id, command.actor), id, command, decide)


async def _person(applications: Applications, id: str, user: Actor) -> str:
    """Whose application to this unit it is; for all others it is unknown."""
    return await applications.candidacies.person_of(id, _unit(user))


def _unit(user: Actor) -> str:
    if user.unit_id is None:
        raise FORBIDDEN()
    return user.unit_id
