"""What officers do with a case before they decide it. Its county decides; an office above may take it over with a reason (R14)."""

from collections.abc import Collection

from common.contracts.words import CaseKind, CaseStatus
from common.decision import Actor, Command, Decision
from common.refusals import NOT_FOUND, RELATED_TO_UNIT
from common.regions import ancestors, is_within

from audit.cases.domain.case import Case, Officer
from audit.cases.domain.moves import move
from audit.cases.domain.refusals import (
    CASE_ALREADY_THERE,
    CASE_CLAIMED,
    CASE_NOT_TRANSFERABLE,
    CASE_OF_ANOTHER_OFFICE,
    NOT_AN_UPPER_OFFICE,
    SECOND_PERSON_NEEDED,
)
from audit.cases.domain.table import Step

_WHERE_THE_UNIT_IS = (CaseKind.RECOGNITION, CaseKind.POSTING)


def sees(actor: Actor, case: Case) -> bool:
    """Officers of the county, its city and the province see a case."""
    return actor.region in case.places


def check_unrelated(case: Case, related: Collection[str]) -> None:
    """Nobody decides about a unit they declared a relation to (R14)."""
    if case.unit_id in related:
        raise RELATED_TO_UNIT()


def claim(case: Case, command: Command) -> Decision[Case]:
    _check_decides(case, command.actor)
    _check_not_the_first(case, command.actor)
    if case.status is CaseStatus.CLAIMED:
        _check_not_anothers(case, command.actor)
        return Decision(case)
    return move(case, Step.CLAIM, officer=named(command.actor))


def release(case: Case, command: Command) -> Decision[Case]:
    """Back to the queue; any officer of the office may, since the one who claimed it may have left."""
    _check_decides(case, command.actor)
    return move(case, Step.RELEASE, officer=None)


def take_over(case: Case, command: Command, note: str) -> Decision[Case]:
    _check_sees(case, command.actor)
    office = str(command.actor.region)
    if office == case.office or not is_within(case.office, office):
        raise NOT_AN_UPPER_OFFICE()
    return move(case, Step.TAKE_OVER, note=note, office=office, officer=named(command.actor))


def transfer(case: Case, command: Command, region: str, note: str) -> Decision[Case]:
    """To the county where it belongs, when the region was wrong; its term runs on. What a unit's region decides stays where the unit is."""
    check_may_decide(case, command.actor)
    if case.kind in _WHERE_THE_UNIT_IS or case.kind is CaseKind.POLICY:
        raise CASE_NOT_TRANSFERABLE(kind=case.kind.label)
    if region == case.region:
        raise CASE_ALREADY_THERE()
    places = ancestors(region)
    return move(case, Step.TRANSFER, note=note, region=region, places=places, office=region, officer=None, first=None)


def check_may_decide(case: Case, actor: Actor) -> None:
    """The office that it belongs to, or for the second of two decisions one above it; not past whoever has claimed it."""
    if case.first is not None and is_within(case.office, str(actor.region)):
        _check_sees(case, actor)
    else:
        _check_decides(case, actor)
    _check_not_the_first(case, actor)
    if case.status is CaseStatus.CLAIMED:
        _check_not_anothers(case, actor)


def named(actor: Actor) -> Officer:
    return Officer(id=actor.id, region=str(actor.region))


def _check_sees(case: Case, actor: Actor) -> None:
    if not sees(actor, case):
        raise NOT_FOUND()


def _check_decides(case: Case, actor: Actor) -> None:
    _check_sees(case, actor)
    if actor.region != case.office:
        raise CASE_OF_ANOTHER_OFFICE(office=case.office)


def _check_not_anothers(case: Case, actor: Actor) -> None:
    if case.officer and case.officer.id != actor.id:
        raise CASE_CLAIMED()


def _check_not_the_first(case: Case, actor: Actor) -> None:
    if case.first is not None and case.first.id == actor.id:
        raise SECOND_PERSON_NEEDED(kind=case.kind.label)
