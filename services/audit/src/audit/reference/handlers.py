"""The story of each change of reference data: entered, tried out, decided, set; and the seeding from the package."""

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial

from common.calendar import CalendarYear
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.words import Verdict
from common.decision import Command, Decision
from common.errors import Refusal
from common.ids import derived_id
from common.policy import PolicyEntry
from common.reference import Record, Reference, ReferenceItem, package_items
from common.refusals import NOT_FOUND
from common.store.aggregate import Answer
from common.web.command import caused_by

from audit.reference.domain import dry_run, item, proposal
from audit.reference.domain.dry_run import DryRun, OpenCase
from audit.reference.domain.proposal import Proposal
from audit.reference.domain.refusals import KEY_DIFFERS
from audit.reference.repository import ReferenceItems

_AT_ONCE = 50


async def seed(items: ReferenceItems) -> None:
    """Fill in what the package has and the database lacks; harmless on every replica and as often as it runs."""
    present = await items.ids()
    now = items.clock.now()
    missing = [packaged for packaged in package_items() if item.item_id(packaged.kind, packaged.key) not in present]

    async def fill_in(packaged: ReferenceItem) -> None:
        id = item.item_id(packaged.kind, packaged.key)
        await items.store.execute(id, caused_by("seed_reference", f"seed:{id}", now), partial(item.seed, packaged=packaged))

    for start in range(0, len(missing), _AT_ONCE):
        await asyncio.gather(*map(fill_in, missing[start : start + _AT_ONCE]))


async def set_calendar(items: ReferenceItems, command: Command, year: CalendarYear) -> Answer:
    """At once, since terms run on: the notice that the year comes from is its note."""
    known = await items.data.newest()
    value = year.model_dump(mode="json")
    return await items.store.execute(
        item.item_id("calendar", year.key),
        command,
        lambda before: item.set_value(before, "calendar", year.key, value, year.source, known),
        lambda after: after.model_dump(mode="json"),
    )


async def propose(items: ReferenceItems, command: Command, record: Record, key: str, note: str, *, correction: bool) -> Answer:
    """Enter a change. It holds once a province officer has approved it."""
    if record.key != key:
        raise KEY_DIFFERS(key=record.key)
    known, today, cases = await _facts(items, record)
    id = derived_id("prp", command.actor.id, command.key)

    def decide(before: Proposal | None) -> Decision[Proposal]:
        if before is not None:
            return Decision(before)
        return proposal.enter(proposal.draft(id, record, note, known, cases, command.at, today, correction=correction))

    return await items.proposals.execute(id, command, decide, _answer)


async def dry_run_policy(items: ReferenceItems, entry: PolicyEntry, note: str, *, correction: bool) -> DryRun:
    """What entering it would do, without entering it: refused where it would be."""
    known, today, cases = await _facts(items, entry)
    drafted = proposal.draft("", entry, note, known, cases, items.clock.now(), today, correction=correction)
    return dry_run.of_policy(entry, drafted.based_on, known, today, cases)


async def withdraw(items: ReferenceItems, id: str, command: Command, note: str) -> Answer:
    await known_proposal(items, id)
    return await items.proposals.execute(id, command, lambda known: proposal.withdraw(_there(known), note), _answer)


async def decide(items: ReferenceItems, event: Event, decided: CaseStatusChanged) -> None:
    """What the province officer decided. Each step has its own key, so that a crash in between goes on where it was."""
    if await items.proposals.get(decided.subject) is None:
        return
    if decided.verdict is Verdict.APPROVE:
        await _advance(items, event, decided.subject, "begin", lambda known: proposal.begin(known, decided.case_id))
        await _apply(items, event, decided.subject)
    else:
        turn_down = partial(proposal.turn_down, case_id=decided.case_id, reason_code=decided.reason_code)
        await _advance(items, event, decided.subject, "turn_down", turn_down)


async def known_proposal(items: ReferenceItems, id: str) -> Proposal:
    found = await items.proposals.get(id)
    if found is None:
        raise NOT_FOUND()
    return found


async def _facts(items: ReferenceItems, record: Record) -> tuple[Reference, date, list[OpenCase]]:
    """All that is set now, today, and for a policy the open cases where it would hold."""
    known = await items.data.newest()
    cases = await items.open_cases(known.regions.codes_of(record.region)) if isinstance(record, PolicyEntry) else []
    return known, items.clock.today(), cases


async def _apply(items: ReferenceItems, event: Event, id: str) -> None:
    approved = await items.proposals.get(id)
    if approved is None or approved.status is not proposal.ProposalStatus.APPLYING:
        return
    known, today = await items.data.newest(), items.clock.today()
    command = caused_by("apply_proposal", event.id, items.clock.now())
    try:
        target = item.item_id(approved.kind, approved.key)
        await items.store.execute(target, command, lambda before: proposal.apply(before, approved, known, today))
    except Refusal as refused:
        if refused.kind.status >= 500:
            raise
        await _advance(items, event, id, "refuse", partial(proposal.refuse, code=refused.code))
    else:
        await _advance(items, event, id, "applied", proposal.applied)


async def _advance(items: ReferenceItems, event: Event, id: str, step: str, decide: Callable[[Proposal], Decision[Proposal]]) -> None:
    command = caused_by(f"{step}_proposal", f"{event.id}/{step}", items.clock.now())
    await items.proposals.execute(id, command, lambda known: decide(_there(known)))


def _there(known: Proposal | None) -> Proposal:
    assert known is not None, "proposals are never deleted"
    return known


def _answer(known: Proposal) -> Answer:
    return known.model_dump(mode="json")
