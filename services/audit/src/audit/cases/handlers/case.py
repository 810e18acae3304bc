"""The story of each command of an officer or a party about one case."""

from collections.abc import Callable
from datetime import datetime

from common.calendar import local_date
from common.contracts.words import CaseKind, Permission, Role
from common.decision import Actor, Command, Decision
from common.policy import Policy
from common.reasons import Reasons, StatedReason
from common.refusals import FORBIDDEN, NOT_FOUND
from common.store.aggregate import Answer
from common.store.mongo import Document
from common.sweep import each
from common.web.command import by_the_clock

from audit.cases.domain import decide, facts, officer
from audit.cases.domain.case import Case
from audit.cases.domain.queue import soon
from audit.cases.domain.refusals import TRANSFER_REGION_UNKNOWN
from audit.cases.repository import Cases
from audit.cases.views import OfficerCase, PartyCase, PartyCases

_SUPPLEMENTED_BY = {CaseKind.RECOGNITION: Permission.MANAGE_USERS, CaseKind.POSTING: Permission.MANAGE_POSTINGS}
"""What a user of a unit must be permitted to do (R24)."""
OF_UNITS = tuple(_SUPPLEMENTED_BY)
"""The kinds that a unit is a party to."""


async def claim(cases: Cases, id: str, command: Command) -> Answer:
    return await _by_officer(cases, id, command, lambda case: officer.claim(case, command))


async def release(cases: Cases, id: str, command: Command) -> Answer:
    return await _by_officer(cases, id, command, lambda case: officer.release(case, command), related_may=True)


async def take_over(cases: Cases, id: str, command: Command, note: str) -> Answer:
    return await _by_officer(cases, id, command, lambda case: officer.take_over(case, command, note))


async def transfer(cases: Cases, id: str, command: Command, region: str, note: str) -> Answer:
    """Refuses with `transfer_region_unknown` what is no county in use today."""
    regions = (await cases.reference.current()).regions
    if region not in {found.code for found in regions.in_use(local_date(command.at), f"{region[:2]}0000", "county")}:
        raise TRANSFER_REGION_UNKNOWN()
    return await _by_officer(cases, id, command, lambda case: officer.transfer(case, command, region, note), related_may=True)


async def approve(cases: Cases, id: str, command: Command, approval: decide.Approval) -> Answer:
    case, reasons = await known(cases, id), (await cases.reference.current()).reasons
    passed, versions = await cases.check_passed(case), await _versions(cases, case, command)
    return await _by_officer(
        cases, id, command, lambda case: decide.approve(case, command, reasons, approval, versions, check_passed=passed)
    )


async def disapprove(cases: Cases, id: str, command: Command, reason: StatedReason) -> Answer:
    reasons, versions = (await cases.reference.current()).reasons, await _versions(cases, await known(cases, id), command)
    return await _by_officer(cases, id, command, lambda case: decide.disapprove(case, command, reasons, reason, versions))


async def send_back(cases: Cases, id: str, command: Command, reason: StatedReason) -> Answer:
    case = await known(cases, id)
    due = await due_instant(cases, case.region, command.at, lambda policy: policy.supplement_working_days)
    reasons = (await cases.reference.current()).reasons
    return await _by_officer(cases, id, command, lambda case: decide.send_back(case, command, reasons, reason, due))


async def supplement(cases: Cases, id: str, command: Command) -> Answer:
    case = await known(cases, id)
    if not is_party(command.actor, case):
        raise NOT_FOUND()
    if command.actor.role is Role.UNIT and _SUPPLEMENTED_BY[case.kind] not in command.actor.permissions:
        raise FORBIDDEN()
    due = await due_instant(cases, case.region, command.at, lambda policy: policy.review_working_days)
    return await _execute(cases, id, command, lambda case: facts.supplement(case, due), PartyCase.of)


async def expire_supplements(cases: Cases) -> None:
    """Every replica sweeps; each case moves once."""
    now = cases.clock.now()

    async def expire(id: str) -> None:
        await _execute(cases, id, by_the_clock("expire_supplement", now), lambda case: facts.expire(case, now))

    await each("expire_supplements", await cases.returned(until=now), expire)


async def follow_regions(cases: Cases) -> None:
    """What an abolished region had to decide is its successor's (R14): moved case by case until none is left."""
    now, regions = cases.clock.now(), (await cases.reference.current()).regions

    async def move(case: Case) -> None:
        command, successor = by_the_clock("follow_region", now), regions.current(case.region)
        await _execute(cases, case.id, command, lambda current: facts.belong(current, successor))

    abolished = [code for code, region in regions.by_code.items() if region.merged_into]
    await each("follow_regions", [case for case in await cases.undecided(abolished) if case.region in abolished], move)


async def known(cases: Cases, id: str) -> Case:
    """The case, or `not_found`."""
    case = await cases.store.get(id)
    if case is None:
        raise NOT_FOUND()
    return case


async def of_party(cases: Cases, query: Document, after: str | None, limit: int) -> PartyCases:
    """What a party reads of its cases, the newest first."""
    reasons = (await cases.reference.current()).reasons
    found, following = await cases.page_of_party(query, after, limit)
    return PartyCases(items=[PartyCase.of(case, reasons) for case in found], next=following)


def is_party(actor: Actor, case: Case) -> bool:
    """Whether the case is about this person, or about this user's unit or its posting."""
    if actor.role is Role.INTERN:
        return case.subject == actor.id
    return case.kind in OF_UNITS and case.unit_id is not None and case.unit_id == actor.unit_id


async def due_instant(cases: Cases, region: str, start: datetime, term: Callable[[Policy], int]) -> datetime:
    """The end of a term of the policy in force in a region, in working days (R5, R6)."""
    reference = await cases.reference.current()
    return reference.calendar.due_instant(start, term(reference.policy(region, local_date(start))))


async def _versions(cases: Cases, case: Case, command: Command) -> tuple[str, ...]:
    return (await cases.reference.current()).versions(case.region, local_date(command.at))


async def _by_officer(
    cases: Cases, id: str, command: Command, rule: Callable[[Case], Decision[Case]], *, related_may: bool = False
) -> Answer:
    """Not about a unit that the officer is related to (R14), unless it is to give the case away."""
    related = () if related_may else await cases.related_to(command.actor.id)

    def decide_unrelated(case: Case) -> Decision[Case]:
        decided = rule(case)
        officer.check_unrelated(case, related)
        return decided

    return await _execute(cases, id, command, decide_unrelated)


async def _execute(
    cases: Cases,
    id: str,
    command: Command,
    decide: Callable[[Case], Decision[Case]],
    view: Callable[[Case, Reasons], OfficerCase | PartyCase] | None = None,
) -> Answer:
    reference = await cases.reference.current()
    until = soon(reference.calendar, command.at)

    def decide_known(case: Case | None) -> Decision[Case]:
        if case is None:
            raise NOT_FOUND()
        return decide(case)

    def answer(case: Case) -> Answer:
        shown = view(case, reference.reasons) if view else OfficerCase.of(case, reference.reasons, command.at, until)
        return shown.model_dump(mode="json")

    return await cases.store.execute(id, command, decide_known, answer)
