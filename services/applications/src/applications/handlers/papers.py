"""Papers handed in by either party: the owed diploma (G13), the guardian's consent (R19), the files of the end (R17)."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from common.decision import Command
from common.store.aggregate import Answer
from common.web.command import with_file
from fastapi import UploadFile

from applications.domain import onboarding, termination
from applications.domain.candidacy import Candidacy, DocumentKind
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
_DEEDS: dict[Paper, tuple[str, Take]] = {
    Paper.DIPLOMA: ("deliver_diploma", onboarding.deliver_diploma),
    Paper.GUARDIAN_CONSENT: ("consent", onboarding.consent),
}
"""Papers that mean something by themselves; the others are named by the termination that follows."""
_FOR_THE_END: tuple[str, Take] = ("hand_in", termination.hand_in)


async def hand_in(applications: Applications, person_id: str, id: str, paper: Paper, upload: UploadFile, command: Command) -> Answer:
    """As `keep`; the history names the deed."""
    deed, take = _DEEDS.get(paper, _FOR_THE_END)
    return await keep(applications, person_id, id, paper, upload, replace(command, name=deed), take)


async def keep(
    applications: Applications, person_id: str, id: str, kind: Paper | DocumentKind, upload: UploadFile, command: Command, take: Take
) -> Answer:
    """The file as `take` records it, and the application in its new state. Nothing is kept where that is refused."""
    info, content = await applications.documents.read(person_id, kind, upload)
    told = with_file(command, info.id)
    kept = await files.keep(applications, info, content, told, lambda candidacy: take(candidacy, id, info.id, told))
    state = await application.change(applications, person_id, id, told, lambda candidacy, _: take(candidacy, id, info.id, told))
    return {**ApplicationFile.of(kept).model_dump(), "application": state}
