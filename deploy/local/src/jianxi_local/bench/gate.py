"""Whether a run counts: everything that was acknowledged is in Kafka and in the ledger, once and in order, and every limit was kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from common.contracts.words import CaseStatus, Status
from pymongo import MongoClient

from jianxi_local.bench.flows import Flow
from jianxi_local.bench.heard import APPLICATION, CASE, Arrival
from jianxi_local.caller import Json
from jianxi_local.stack import Stack

WHOLE = [Status.PENDING, Status.OFFERED, Status.WILLING, Status.APPROVED, Status.ONBOARDED, Status.TERMINATED]
REJECTED = [Status.PENDING, Status.REJECTED]
REVIEW = [CaseStatus.OPEN, CaseStatus.DECIDING, CaseStatus.DECIDED]
_AT_ONCE = 5000

Ledger = Mapping[tuple[str, str], int]
"""How often each event stands in the audit ledger, by topic and event id."""


def findings(flows: Sequence[Flow], arrivals: Sequence[Arrival], ledger: Ledger | None) -> list[str]:
    """What is wrong; nothing, when the run counts. Without a ledger (`None`: audit did not run) reviews are not looked for either."""
    events = {(one.topic, one.id): one for one in arrivals}.values()
    found = [*_unlike(flows, events, with_reviews=ledger is not None), *_out_of_order(events)]
    if ledger is not None:
        times = {(one.topic, one.id): ledger.get((one.topic, one.id), 0) for one in events}
        found += [f"{event} stands {count} times in the ledger" for event, count in times.items() if count != 1]
    return found


def crowd_findings(arrivals: Iterable[Arrival], posting_id: str, granted: int, seats: int) -> list[str]:
    """Flow C: as many offers are told as were granted, and no more than there are seats."""
    offered = {
        one.application
        for one in arrivals
        if one.type == APPLICATION and one.to == Status.OFFERED and one.fields["posting_id"] == posting_id
    }
    lost = [f"{granted} offers granted, {len(offered)} told"] if len(offered) != granted else []
    return lost + ([f"{len(offered)} offered on {seats} seats"] if len(offered) > seats else [])


def ledger_of(stack: Stack, arrivals: Iterable[Arrival]) -> Ledger:
    """Of these events."""
    ids = list({one.id for one in arrivals})
    counts: Counter[tuple[str, str]] = Counter()
    with MongoClient[Json](stack.servers.mongo_address) as client:
        rows = client[f"{stack.namespace}audit"]["ledger"]
        for start in range(0, len(ids), _AT_ONCE):
            wanted = {"event": {"$in": ids[start : start + _AT_ONCE]}}
            counts.update((row["topic"], row["event"]) for row in rows.find(wanted, {"_id": 0, "topic": 1, "event": 1}))
    return counts


def _unlike(flows: Sequence[Flow], events: Iterable[Arrival], *, with_reviews: bool) -> list[str]:
    """Applications whose status changes, or whose reviews', are not the expected ones in the expected order."""
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in events:
        if one.application:
            told[one.type, one.application].append(one.to)
    found = []
    for flow in flows:
        *rejected, last = flow.applications
        expected: dict[tuple[str, str], Sequence[str]] = dict.fromkeys(((APPLICATION, one) for one in rejected), REJECTED)
        expected[APPLICATION, last] = WHOLE
        if with_reviews:
            expected[CASE, last] = REVIEW
        found += [f"{about}: {told[about]}" for about, statuses in expected.items() if told[about] != list(statuses)]
    return found


def _out_of_order(events: Iterable[Arrival]) -> list[str]:
    """Aggregates whose events do not count up one by one, from the first that was heard of each."""
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in events:
        numbers[one.topic, one.aggregate].append(one.seq)
    return [f"{about}: {row}" for about, row in numbers.items() if any(later != earlier + 1 for earlier, later in pairwise(row))]
