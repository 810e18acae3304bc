"""A small aggregate on a real topic, for tests of the write path, the relay and the consumers."""

from collections.abc import Callable
from datetime import UTC, datetime

from common.contracts.applications import SeatsChanged
from common.contracts.topics import SEATS
from common.contracts.words import Role
from common.decision import Actor, Command, Decision, Entry
from common.errors import refusal
from common.ids import new_id
from common.store.aggregate import Answer, Store
from common.store.mongo import Mongo
from common.values import Value

FULL = refusal("counter_full", 409, "已满{limit}个。")
NAME_TAKEN = refusal("counter_name_taken", 409, "该名称已被使用。")
ALICE = Actor(id="per_alice", role=Role.INTERN)
BOB = Actor(id="per_bob", role=Role.INTERN)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class Counter(Value):
    name: str | None = None
    count: int = 0


def counters(mongo: Mongo) -> Store[Counter]:
    return Store(mongo, "counters", Counter, SEATS, unique={"state.name": NAME_TAKEN})


def command(key: str | None = None, actor: Actor = ALICE, at: datetime = NOON, body: str = "") -> Command:
    return Command("count", actor, key or new_id("key"), at, body)


def add_one(id: str, limit: int = 1_000_000) -> Callable[[Counter | None], Decision[Counter]]:
    def decide(counter: Counter | None) -> Decision[Counter]:
        counter = counter or Counter()
        if counter.count >= limit:
            raise FULL(limit=limit)
        after = counter.but(count=counter.count + 1)
        event = SeatsChanged(posting_id=id, headcount=limit, taken=after.count, closing=False)
        return Decision(after, (event,), (Entry("counted", subject=str(after.count)),))

    return decide


def answer(counter: Counter) -> Answer:
    return {"count": counter.count}
