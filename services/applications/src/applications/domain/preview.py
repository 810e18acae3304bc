"""What a deed of the intern would bring about beside itself (R2): the deed is tried on the candidacy, and nothing is kept."""

from collections.abc import Callable
from dataclasses import dataclass

from common.contracts.applications import IntentRecheckAsked
from common.contracts.words import Status
from common.decision import Command
from common.errors import Refusal
from common.reference import Reference

from applications.domain import intern_answer, release
from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision


@dataclass(frozen=True)
class Preview:
    """`to` is what the application becomes, `others` the other ones that change with it, before and after.

    `blocked`: no new application afterwards (G11); `pending` counts those that still wait then (G5); `rechecked`: the unemployment check
    has become too old and runs again (R13).
    """

    deed: str
    to: Status
    others: tuple[tuple[Application, Application], ...]
    blocked: bool
    pending: int
    rechecked: bool


DEEDS: dict[str, Callable[[Candidacy, str, Reference, Command], SeatedDecision]] = {
    "accept": intern_answer.accept,
    "decline": intern_answer.decline,
    "withdraw": lambda candidacy, id, _, command: intern_answer.withdraw(candidacy, id, command),
    "release": release.ask,
}


def previews(candidacy: Candidacy, application_id: str, reference: Reference, command: Command) -> tuple[Preview, ...]:
    """Of every deed that would not be refused to the actor of the command at its instant."""
    found = (_preview(candidacy, application_id, deed, reference, command) for deed in DEEDS)
    return tuple(preview for preview in found if preview is not None)


def _preview(candidacy: Candidacy, application_id: str, deed: str, reference: Reference, command: Command) -> Preview | None:
    try:
        decision = DEEDS[deed](candidacy, application_id, reference, command)
    except Refusal:
        return None
    after = decision.state
    changed = ((before, after.application(before.id)) for before in candidacy.applications if before.id != application_id)
    return Preview(
        deed=deed,
        to=after.application(application_id).status,
        others=tuple((before, then) for before, then in changed if before.status is not then.status),
        blocked=any(one.binds for one in after.applications),
        pending=len(after.in_status(Status.PENDING)),
        rechecked=any(isinstance(event, IntentRecheckAsked) for event in decision.events),
    )
