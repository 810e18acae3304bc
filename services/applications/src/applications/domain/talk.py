"""A talk before the answer, and the unit's own notes about an applicant (R26)."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from common.contracts.applications import TalkChanged
from common.decision import Command, Entry

from applications.domain import refusals
from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision, steady
from applications.domain.talk_form import InternalNote, Invitation, Talk, Wish

NOTES = 30
_AHEAD = timedelta(days=365)


def invite(candidacy: Candidacy, application_id: str, invitation: Invitation, command: Command) -> SeatedDecision:
    """The same invitation again changes nothing, unless another time was asked for. Refuses with `talk_time` or `talk_place`."""
    application = steady(candidacy, application_id, "invite_to_talk", command.actor)
    at = _ahead(invitation.at, command)
    if invitation.place is None and invitation.link is None:
        raise refusals.TALK_PLACE()
    return _talk(candidacy, application, Talk(at=at, place=invitation.place, link=invitation.link), "invited")


def ask_another_time(candidacy: Candidacy, application_id: str, wish: Wish, command: Command) -> SeatedDecision:
    """The applicant's last wish counts. Refuses with `no_talk` or `talk_time`."""
    application = steady(candidacy, application_id, "ask_another_time", command.actor)
    if application.talk is None:
        raise refusals.NO_TALK()
    asked = wish.but(at=_ahead(wish.at, command))
    return _talk(candidacy, application, application.talk.but(wish=asked), "another_time_asked")


def note(candidacy: Candidacy, application_id: str, text: str, command: Command) -> SeatedDecision:
    """No line of the history that the applicant reads, and no event. Refuses with `notes_full`."""
    application = steady(candidacy, application_id, "note", command.actor)
    if len(application.notes) >= NOTES:
        raise refusals.NOTES_FULL(limit=NOTES)
    noted = InternalNote(at=command.at, by=command.actor.id, text=text)
    return SeatedDecision(candidacy.with_application(application.but(notes=(*application.notes, noted))))


def _ahead(at: datetime, command: Command) -> datetime:
    """In UTC, to the second."""
    if not command.at < at <= command.at + _AHEAD:
        raise refusals.TALK_TIME()
    return at.astimezone(UTC).replace(microsecond=0)


def _talk(candidacy: Candidacy, application: Application, talk: Talk, change: Literal["invited", "another_time_asked"]) -> SeatedDecision:
    if talk == application.talk:
        return SeatedDecision(candidacy)
    event = TalkChanged(application_id=application.id, person_id=candidacy.person_id, unit_id=application.unit_id, change=change)
    state = candidacy.with_application(application.but(talk=talk))
    return SeatedDecision(state, (event,), (Entry(to=f"talk {change}", subject=application.id),))
