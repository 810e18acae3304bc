"""Collects what the checkers compare: documents of the write path, the log of Kafka, the audit ledger."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

from audit.ledger.chain import Row
from common.contracts.envelope import Undecodable, UnknownType, decode
from common.contracts.topics import TOPICS
from jianxi_local import check
from jianxi_local.caller import Json
from jianxi_local.stack import SERVICES, Stack
from jianxi_local.watch import records
from pymongo import MongoClient
from pymongo.database import Database

from . import checkers
from .checkers import Aggregate, Said, Verdict
from .ledger import Try

PLACES = {
    "accounts.accounts": "accounts", "accounts.people": "people", "accounts.units": "units", "postings.postings": "postings",
    "applications.candidacies": "applications", "applications.seats": "seats", "audit.cases": "cases", "audit.officers": "officers",
    "audit.reference_items": "reference", "audit.proposals": "reference",
}  # fmt: skip
"""Which topic the events of a collection travel on."""
RECORDED = ("/me/applications", "/units/me/applications", "/cases/")
"""Commands on these paths keep their key in a document."""


@dataclass(frozen=True)
class Evidence:
    aggregates: list[Aggregate]
    said: list[Said]
    rows: list[Row]

    def judge(self, tries: list[Try]) -> Verdict:
        return Verdict(
            lost=[
                *checkers.lost_commands(tries, self.aggregates, RECORDED),
                *checkers.unsaid(self.aggregates, PLACES, self.said),
                *checkers.unheard(self.said, self.rows),
            ],
            doubled=[
                *checkers.unlike_answers(tries),
                *checkers.doubled_commands(self.aggregates),
                *checkers.heard_twice(self.rows),
            ],
            disordered=checkers.disordered(self.said),
            broken=checkers.broken_chains(self.rows),
        )


def collect(stack: Stack) -> Evidence:
    """Of the whole stack, as it is now."""
    with MongoClient[Json](stack.servers.mongo_address) as client:
        aggregates = [one for service in SERVICES for one in aggregates_of(client[f"{stack.namespace}{service}"], service)]
        rows = list(client[f"{stack.namespace}audit"]["ledger"].find({}).sort("_id", 1))
    return Evidence(aggregates, said(stack), rows)


def verdict(stack: Stack, tries: list[Try]) -> Verdict:
    """Everything there is to check, with what `./jianxi check` finds (R27)."""
    found = collect(stack).judge(tries)
    found.broken += [str(finding) for finding in check.findings(stack)]
    return found


def undone(stack: Stack) -> list[str]:
    """Aggregates with pending events; else, events of the log that the audit ledger lacks."""
    with MongoClient[Json](stack.servers.mongo_address) as client:
        places = [(place, client[f"{stack.namespace}{place.partition('.')[0]}"][place.partition(".")[2]]) for place in PLACES]
        waiting = [
            f"{place}/{row['_id']} is pending" for place, rows in places for row in rows.find({"pending.seq": {"$exists": True}}, {})
        ]
        rows = [] if waiting else list(client[f"{stack.namespace}audit"]["ledger"].find({}, {"topic": 1, "event": 1}))
    return waiting or checkers.unheard(said(stack), rows)


def drain(stack: Stack, seconds: float) -> None:
    """Wait until nothing is undone. AssertionError that tells what is."""
    end = time.monotonic() + seconds
    while left := undone(stack):
        assert time.monotonic() < end, f"{len(left)} undone after {seconds:.0f} s: {left[:20]}"
        time.sleep(0.2)


def said(stack: Stack) -> list[Said]:
    return said_on(stack.servers.kafka_address, stack.namespace, tuple(TOPICS))


def said_on(kafka: str, namespace: str, topics: tuple[str, ...]) -> list[Said]:
    """The readable events of topics, read by an independent client, in the order of each partition."""
    found = []
    for record in records(kafka, namespace, topics):
        with contextlib.suppress(UnknownType, Undecodable):
            event = decode(record.key(), record.value(), record.headers() or [])
            found.append(Said(record.topic().removeprefix(namespace), event.aggregate, event.seq))
    return found


def aggregates_of(database: Database[Json], service: str) -> Iterator[Aggregate]:
    """The documents of the write path in a service's database."""
    wanted = {"seq": 1, "version": 1, "pending.seq": 1, "commands.key": 1, "history.version": 1}
    for name in database.list_collection_names():
        for row in database[name].find({"version": {"$exists": True}, "history": {"$exists": True}}, wanted):
            yield Aggregate(
                place=f"{service}.{name}",
                id=str(row["_id"]),
                version=row["version"],
                seq=row["seq"],
                pending=tuple(event["seq"] for event in row.get("pending", ())),
                keys=tuple(command["key"] for command in row.get("commands", ())),
                versions=tuple(entry["version"] for entry in row["history"]),
            )
