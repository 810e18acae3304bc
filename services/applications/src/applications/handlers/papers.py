"""Papers handed in by either party: the owed diploma (G13), the guardian's consent (R19), the files of the end (R17)."""

from collections.abc import Callable
from enum import StrEnum

from common.decision import Actor, Command
from common.store.aggregate import Answer
from fastapi import UploadFile

from applications.domain import change, onboarding
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.handlers import application, files
from applications.repository import Applications
from applications.views import ApplicationFile


class Paper(StrEnum):
    """The owed diploma, and every `DocumentKind`."""

    DIPLOMA = "diploma"
    GUARDIAN_CONSENT = "guardian_consent"
    APPRAISAL = "appraisal"
    AGREEMENT = "agreement"
    ATTENDANCE = "attendance"
    ALLOWANCE_VOUCHER = "allowance_voucher"
    INSURANCE_POLICY = "insurance_policy"
    OTHER = "other"


Take = Callable[[Candidacy, str, str, Command], SeatedDecision]
_TAKEN_AT_ONCE: dict[Paper, tuple[str, Take]] = {
    Paper.DIPLOMA: ("deliver_diploma", onboarding.deliver_diploma),
    Paper.GUARDIAN_CONSENT: ("consent", onboarding.consent),
}
"""Papers that mean something by themselves; the others are named by the termination that follows."""


async def hand_in(applications: Applications, person_id: str, id: str, paper: Paper, upload: UploadFile, command: Command) -> Answer:
    """The file, and the application in its new state. Nothing is kept where the paper is not wanted."""
    _check_wanted(await application.candidacy_of(applications, person_id), id, paper, command.actor)
    info, told = await files.put(applications, person_id, paper, upload, command)

    def decide(candidacy: Candidacy) -> SeatedDecision:
        if paper in _TAKEN_AT_ONCE:
            return _TAKEN_AT_ONCE[paper][1](candidacy, id, info.id, told)
        return SeatedDecision(candidacy)

    state = await application.change(applications, person_id, id, told, lambda candidacy, _: decide(candidacy))
    return {**ApplicationFile.of(info).model_dump(), "application": state}


def _check_wanted(candidacy: Candidacy, id: str, paper: Paper, actor: Actor) -> None:
    """Refuses with `wrong_status`, or as the command that the paper is for."""
    if paper in _TAKEN_AT_ONCE:
        change.steady(candidacy, id, _TAKEN_AT_ONCE[paper][0], actor)
    else:
        change.ready(candidacy, id, "terminate", actor)
