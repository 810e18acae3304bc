"""The queue of an office (R29, R32): what waits there, how urgent it is, and how much of it."""

from common.contracts.words import CaseKind, CaseStatus
from common.decision import Actor
from common.refusals import FORBIDDEN
from common.regions import is_within
from common.store.mongo import Document

from audit.cases.domain.case import LIVE
from audit.cases.domain.queue import Light, Wanted, soon
from audit.cases.repository import Cases
from audit.cases.views import CaseCount, CaseCounts, OfficerCase


def place(officer: Actor, region: str | None) -> str:
    """The officer's own region, or a part of it. Refuses with `forbidden`."""
    wanted = region or officer.region
    if officer.region is None or wanted is None or not is_within(wanted, officer.region):
        raise FORBIDDEN()
    return wanted


async def page(cases: Cases, officer: Actor, wanted: Wanted, after: str | None, limit: int) -> tuple[list[OfficerCase], str | None]:
    """By due instant, then id."""
    reference, now = await cases.reference.current(), cases.clock.now()
    until = soon(reference.calendar, now)
    query: Document = {"state.places": place(officer, wanted.region), "state.status": wanted.status or {"$in": LIVE}}
    if wanted.kind:
        query["state.kind"] = wanted.kind
    if wanted.light:
        query["state.due_at"] = {
            Light.RED: {"$lte": now}, Light.AMBER: {"$gt": now, "$lte": until}, Light.GREEN: {"$gt": until},
        }[wanted.light]  # fmt: skip
    if wanted.mine:
        query["state.officer.id"] = officer.id
        query["state.status"] = CaseStatus.CLAIMED
    found, following = await cases.page(query, after, limit)
    return [OfficerCase.of(case, reference.reasons, now, until) for case in found], following


async def counts(cases: Cases, officer: Actor, region: str | None) -> CaseCounts:
    """Every kind has its line, also one without cases."""
    now = cases.clock.now()
    until = soon((await cases.reference.current()).calendar, now)
    found = await cases.counts(place(officer, region), now, until)
    piles = (*Light, "returned", "deciding")
    items = [CaseCount(kind=kind, label=kind.label, **{str(pile): found.get((kind, pile), 0) for pile in piles}) for kind in CaseKind]
    return CaseCounts(as_of=now, items=items)
