"""Who reads which file of a person besides the person (R14, R24)."""

from collections.abc import Callable

from common.contracts.words import Role, Status
from common.decision import Actor
from common.regions import Regions

from applications.domain.candidacy import Application, Candidacy
from applications.domain.intent_form import Intent
from applications.domain.status import OPEN, READS, SHOWN


def concerns(candidacy: Candidacy, id: str, reader: Actor, regions: Regions) -> bool:
    """Whether a user of a unit, or an officer, may read the file of this person."""
    if reader.role is Role.UNIT and reader.permissions & READS:
        addressed = (application for application in candidacy.applications if application.unit_id == reader.unit_id)
        return any(id in _of_unit(candidacy, application) for application in addressed)
    if reader.role is Role.OFFICER and reader.region is not None:
        return id in _of_office(candidacy, reader.region, regions)
    return False


def _of_unit(candidacy: Candidacy, application: Application) -> set[str]:
    """From the offer until it closes, what came with the application; after its end what the unit itself handed in (R24)."""
    if application.status in SHOWN:
        return _handed_in(candidacy, application, for_officers=False) | _named(
            candidacy, lambda intent: intent.version == application.intent_version
        )
    return _handed_in(candidacy, application, Role.UNIT) if application.status is Status.TERMINATED else set()


def _of_office(candidacy: Candidacy, office: str, regions: Regions) -> set[str]:
    """What came with registrations and applications of the region (R14); while one is open, with newer intents too (R10)."""

    def counts(intent: Intent) -> bool:
        registration = intent.form.registration
        made_here = any(
            intent.version == application.intent_version or (intent is candidacy.intent and application.status in OPEN)
            for application in applications
        )
        return made_here or (registration is not None and regions.is_within(registration.region, office))

    applications = [application for application in candidacy.applications if regions.is_within(application.region, office)]
    return _named(candidacy, counts).union(*(_handed_in(candidacy, application) for application in applications))


def _handed_in(candidacy: Candidacy, application: Application, *parties: Role, for_officers: bool = True) -> set[str]:
    """By one of these parties, or by any; with what is for officers alone, or without."""
    return {
        file.id
        for file in candidacy.files
        if file.application_id == application.id and (not parties or file.by in parties) and file.for_officers <= for_officers
    }


def _named(candidacy: Candidacy, chosen: Callable[[Intent], bool]) -> set[str]:
    """The files that these versions of the intent name."""
    return {document.id for intent in candidacy.intents if chosen(intent) for document in intent.form.documents}
