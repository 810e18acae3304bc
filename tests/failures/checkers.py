"""What must hold after any fault, as pure functions over what was recorded: each names what does not."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from audit.ledger.chain import Check, Row

from .ledger import Try


@dataclass(frozen=True)
class Aggregate:
    """A document of the write path. `keys` are those of its recorded commands, `versions` those of its history, in order."""

    place: str
    id: str
    version: int
    seq: int
    pending: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Said:
    """A record as an independent client read it, in the order of its partition."""

    topic: str
    aggregate: str
    seq: int


@dataclass
class Verdict:
    """What was found wrong, by kind; empty lists are what is promised."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.broken)


def lost_commands(tries: Iterable[Try], aggregates: Iterable[Aggregate], recorded: Collection[str]) -> list[str]:
    """Acknowledged commands on paths beginning with one of `recorded` (whose keys are kept) that no document knows."""
    stored = {key for aggregate in aggregates for key in aggregate.keys}
    acknowledged = {one.key: one for one in tries if one.acknowledged and one.path.startswith(tuple(recorded))}
    return [f"{one.method} {one.path}: acknowledged and not stored" for key, one in acknowledged.items() if key not in stored]


def unlike_answers(tries: Iterable[Try]) -> list[str]:
    """Keys that were acknowledged with more than one answer."""
    answers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in tries:
        if one.acknowledged:
            answers[one.key, one.path].add(one.answer)
    return [f"{path}: {len(found)} answers for one key" for (_, path), found in answers.items() if len(found) > 1]


def doubled_commands(aggregates: Iterable[Aggregate]) -> list[str]:
    """Keys that took effect more than once in one document, and versions that were written more than once."""
    found = []
    for one in aggregates:
        found += [f"{one.place}/{one.id}: key {key} stored {count} times" for key, count in Counter(one.keys).items() if count > 1]
        if one.versions and sorted(set(one.versions)) != list(range(1, one.version + 1)):
            found.append(f"{one.place}/{one.id}: versions {one.versions} for version {one.version}")
    return found


def disordered(said: Iterable[Said]) -> list[str]:
    """Aggregates whose events, once repeats are dropped, do not ascend. Gaps are for `unsaid`."""
    lying: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in said:
        seqs = lying[one.topic, one.aggregate]
        if one.seq not in seqs:
            seqs.append(one.seq)
    return [f"{topic}/{id}: {seqs}" for (topic, id), seqs in lying.items() if seqs != sorted(seqs)]


def unsaid(aggregates: Iterable[Aggregate], topics: Mapping[str, str], said: Iterable[Said]) -> list[str]:
    """Events of stored aggregates that are neither pending nor in the log, and those in the log that nobody stored.

    `topics` maps an aggregate's place to the topic its events travel on.
    """
    there: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in said:
        there[one.topic, one.aggregate].add(one.seq)
    found = []
    for stored in aggregates:
        if stored.place not in topics:
            continue
        seqs = there[topics[stored.place], stored.id]
        missing = set(range(1, stored.seq + 1)) - set(stored.pending) - seqs
        made_up = [seq for seq in seqs if seq > stored.seq]
        found += [f"{stored.place}/{stored.id}: event {seq} is nowhere" for seq in sorted(missing)]
        found += [f"{stored.place}/{stored.id}: event {seq} was never stored" for seq in made_up]
    return found


def unheard(said: Iterable[Said], rows: Sequence[Row]) -> list[str]:
    """Events of the log that the audit ledger lacks."""
    heard = {(row["topic"], row["event"]) for row in rows}
    events = {(one.topic, f"{one.aggregate}:{one.seq}") for one in said}
    return [f"{topic}/{event}: not in the ledger" for topic, event in sorted(events - heard)]


def heard_twice(rows: Sequence[Row]) -> list[str]:
    """Events that stand in the audit ledger more than once."""
    counts = Counter((row["topic"], row["event"]) for row in rows)
    return [f"{topic}/{event}: {count} rows in the ledger" for (topic, event), count in counts.items() if count > 1]


def broken_chains(rows: Sequence[Row]) -> list[str]:
    """Chains of the audit ledger that do not follow from their first row; `rows` by chain and place."""
    checks: dict[str, Check] = {}
    for row in rows:
        checks.setdefault(row["chain"], Check(row["chain"])).follow(row)
    return [f"{check.chain}: {check.reason} at {check.broken}" for check in checks.values() if check.broken]


def over_limit(counts: Mapping[str, int], limits: Mapping[str, int]) -> list[str]:
    """What is counted, by name, above its limit: holders of seats, applications that wait, willing ones."""
    return [f"{name}: {count} of {limits[name]}" for name, count in counts.items() if count > limits[name]]
